"""Days of leave: one's own, or a member's by the lead; who is away."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from core import clock
from core.collation import by_reading
from core.errors import ConflictError, InvalidError, NotFoundError
from core.i18n import N_, format_date, gettext
from core.text import named
from models.account import Account
from models.team import Leave, Team, TeamMember
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action, Scope, scope
from services.use_case import use_case
from services.visitors import TO_MAKE

_LONGEST = 366


@dataclass(frozen=True)
class LeaveRow:
    """Days of leave of one person."""

    id: int
    account_id: int
    name: str
    team: str
    starts_on: date
    ends_on: date
    reason: str
    open_visits: int
    """Visits planned for these days that are not recorded yet."""

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.ends_on - self.starts_on).days + 1


def leaves(actor: Actor, *, since: date | None = None) -> list[LeaveRow]:
    """Return the days of leave that `actor` may keep and that end on `since` (today unless told) or later.

    Raises:
        NotAllowedError: the role keeps no days of leave.
    """
    with use_case(actor, Action.LEAVE_EDIT) as session:
        return _rows(session, actor, col(Leave.ends_on) >= (since or clock.today()))


def people(actor: Actor) -> dict[int, str]:
    """Return id → name of the people whose leave `actor` may keep; themselves first."""
    with use_case(actor, Action.LEAVE_EDIT) as session:
        statement = select(Account.id, Account.name, Team.name, Account.username)
        statement = statement.join(TeamMember, col(TeamMember.account_id) == Account.id)
        statement = statement.join(Team, col(Team.id) == TeamMember.team_id).where(*_theirs(actor))
        order = col(Account.id) != actor.account_id, by_reading(Account.name), col(Account.id)
        rows = session.exec(statement.order_by(*order)).all()
        one_team = len({team for _id, _name, team, _username in rows}) == 1
        return named((row_id, name if one_team else f"{name} ({team})", more) for row_id, name, team, more in rows)


def enter(actor: Actor, account_id: int, starts_on: date, ends_on: date, reason: str = "") -> int:
    """Enter days of leave, both ends included; return how many open visits are planned for them.

    Raises:
        NotFoundError: there is no such person or the actor may not keep their leave.
        InvalidError: the days do not make a period.
        ConflictError: the person has leave on one of these days already.
    """
    with use_case(actor, Action.LEAVE_EDIT) as session:
        _check_days(starts_on, ends_on)
        account = _person(session, actor, account_id)
        overlapping = select(Leave).where(
            Leave.account_id == account_id, col(Leave.starts_on) <= ends_on, col(Leave.ends_on) >= starts_on
        )
        if other := session.exec(overlapping.order_by(col(Leave.starts_on))).first():
            raise ConflictError(
                N_("{name} already has leave from {first} to {last}."),
                name=account.name, first=format_date(other.starts_on), last=format_date(other.ends_on),
            )  # fmt: skip
        session.add(Leave(account_id=account_id, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:200]))
        return _planned(session, account_id, starts_on, ends_on)


def cancel(actor: Actor, leave_id: int) -> tuple[int, date, date, str]:
    """Cancel days of leave; return what `enter` would enter again.

    Raises:
        NotFoundError: there is no such leave or the actor may not keep it.
    """
    with use_case(actor, Action.LEAVE_EDIT) as session:
        row = access.load(session, actor, Action.LEAVE_EDIT, Leave, leave_id, lock=True)
        session.delete(row)
        return row.account_id, row.starts_on, row.ends_on, row.reason


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise InvalidError({"ends_on": gettext("The last day must not lie before the first.")})
    if (ends_on - starts_on).days >= _LONGEST:
        raise InvalidError({"ends_on": gettext("Leave is at most one year at a time.")})


def _theirs(actor: Actor) -> list[Any]:
    """Return the conditions of the present memberships of people whose leave `actor` may keep."""
    present = [col(TeamMember.left_on).is_(None), col(Account.active)]
    if scope(actor, Action.LEAVE_EDIT) is Scope.OWN:
        return [*present, TeamMember.account_id == actor.account_id]
    return [*present, access.condition(actor, Action.LEAVE_EDIT, TeamMember)]


def _person(session: Session, actor: Actor, account_id: int) -> Account:
    statement = select(Account).join(TeamMember, col(TeamMember.account_id) == Account.id)
    statement = statement.where(Account.id == account_id, *_theirs(actor))
    account = session.exec(statement.with_for_update(of=Account)).one_or_none()  # two entries come one after the other
    if account is None:
        raise NotFoundError
    return account


def _planned(session: Session, account_id: int, first: date, last: date) -> int:
    statement = select(func.count()).select_from(Visit).where(Visit.assignee_id == account_id)
    statement = statement.where(TO_MAKE, col(Visit.planned_on).between(first, last))
    return session.exec(statement).one()


def _rows(session: Session, actor: Actor, condition: Any) -> list[LeaveRow]:
    visits = select(func.count(col(Visit.id))).where(
        Visit.assignee_id == Leave.account_id,
        TO_MAKE,
        col(Visit.planned_on).between(Leave.starts_on, Leave.ends_on),
    )
    statement = (
        select(Leave, Account.name, Team.name, visits.correlate(Leave).scalar_subquery())
        .join(Account, col(Account.id) == Leave.account_id)
        .outerjoin(TeamMember, (col(TeamMember.account_id) == Leave.account_id) & col(TeamMember.left_on).is_(None))
        .outerjoin(Team, col(Team.id) == TeamMember.team_id)
        .where(access.condition(actor, Action.LEAVE_EDIT, Leave), condition)
        .order_by(col(Leave.starts_on), by_reading(Account.name))
    )
    return [
        LeaveRow(row.pk, row.account_id, name, team or "", row.starts_on, row.ends_on, row.reason, count)
        for row, name, team, count in session.exec(statement).all()
    ]
