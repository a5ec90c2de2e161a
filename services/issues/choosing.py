"""What the forms of an issue's steps offer: departments, people, categories, its tasks and links."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from core.errors import InvalidError
from core.i18n import gettext, sort_key
from core.text import named
from models.account import Account, Department, Role
from models.area import Area, ids_of
from models.fields import Option
from models.issue import Issue
from models.issue_log import IssueClock
from models.team import Team, TeamMember
from models.worktime import Deadline
from services import access, working_time
from services.actor import Actor
from services.entities.fields import options_of
from services.issues import clocks
from services.issues.people import DEALS, STAFFED, unconcerned
from services.issues.registering import CATEGORIES
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Choices:
    """What can be chosen.

    Args:
        departments: active departments, id → name; whether one has no officer yet.
        people: who serves the issue's area, the first receiver first, id → name with role.
        callers: those of them who can make the call-back, for neither they nor their department handled the issue.
        categories: the items of the category tree.
    """

    departments: dict[int, str]
    people: dict[int, str]
    callers: dict[int, str]
    categories: tuple[Option, ...]


def choices(session: Session, actor: Actor, issue: Issue) -> Choices:
    """Return what the forms of an issue offer; part of a use case that has loaded the issue."""
    people = _people(session, actor, issue)
    verifying = set(session.exec(select(Account.id).where(col(Account.id).in_(people), unconcerned(issue))))
    return Choices(
        departments=_departments(session),
        people=people,
        callers={key: name for key, name in people.items() if key in verifying},
        categories=options_of(session, CATEGORIES),
    )


def numbered(actor: Actor, number: str) -> int:
    """Return the id of the issue with a number.

    Raises:
        InvalidError: the actor sees no issue with that number.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        wanted = access.visible(actor, Action.ISSUE_VIEW, Issue).where(Issue.number == number.strip().upper())
        found = session.exec(wanted).first()
        if found is None:
            raise InvalidError({"number": gettext("You see no issue with this number.")})
        return found.pk


def extended(actor: Actor, issue_id: int, days: int) -> Deadline | None:
    """Return the deadline an issue would have with so many working days more, granted now; `None` without a deadline.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        running = clocks.running(session, issue_id)
        return None if running is None else longer(session, running, days)


def longer(session: Session, running: IssueClock, days: int) -> Deadline:
    """Return the deadline a clock would have with so many working days more, granted now."""
    calendar = working_time.calendar(session)
    more = clocks.in_unit(days, running.unit, calendar)
    return clocks.deadline(IssueClock(**(running.model_dump() | {"amount": running.amount + more})), calendar)


def _departments(session: Session) -> dict[int, str]:
    """Return the active departments; one in which nobody could take up an issue says so."""
    staffed = set(session.exec(STAFFED))
    rows = session.exec(select(Department).where(col(Department.active)))
    empty = gettext("{name} (no officer yet)")
    return _sorted((row.pk, row.name if row.pk in staffed else empty.format(name=row.name)) for row in rows)


def _people(session: Session, actor: Actor, issue: Issue) -> dict[int, str]:
    path = session.get_one(Area, issue.area_id).path
    above = ids_of(path)
    serving = (
        select(TeamMember.account_id)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .where(col(Team.area_id).in_(above), col(TeamMember.left_on).is_(None))
    )
    own = {issue.first_receiver_id, issue.registered_by_id, actor.account_id}
    wanted = or_(
        col(Account.id).in_(serving), col(Account.id).in_([each for each in own if each]),
        Account.role == Role.COORDINATOR,
    )  # fmt: skip
    rows = session.exec(select(Account).where(wanted, DEALS)).all()
    people = named((row.pk, f"{row.name} · {gettext(row.role.label)}", row.username) for row in rows)
    others = _sorted(people.items())
    first = {key: others.pop(key) for key in (issue.first_receiver_id,) if key in others}
    return first | others


def _sorted(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    return dict(sorted(pairs, key=lambda pair: sort_key(pair[1])))
