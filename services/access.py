"""What of the rows an actor may see: every list starts here and every row is loaded through here.

A row outside is told as not existing, so that ids tell nothing.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Integer, and_, any_, false, func, or_, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import logs
from core.errors import NotFoundError
from models.account import Account, Role, SignInSession
from models.area import Area
from models.base import Row
from models.campaign import Campaign
from models.channel import Channel
from models.commitment import Commitment
from models.enterprise import Contact, Enterprise
from models.importing import ImportRun
from models.issue import Issue
from models.issue_log import TASKS_IN_SIGHT, IssueTask
from models.reminder import Reminder
from models.team import Leave, Team, TeamMember
from models.visit import Promise, Visit
from services import visitors
from services.actor import Actor
from services.permissions import Action, Scope, scope

R = TypeVar("R", bound=Row)
_log = logs.get(__name__)
_LAST_ID = 2**31 - 1
"""The greatest id the database can hold."""


def visible(actor: Actor, action: Action, model: type[R]) -> SelectOfScalar[R]:
    """Return the statement that selects the rows of `model` on which `actor` may do `action`."""
    return select(model).where(condition(actor, action, model))


def load(session: Session, actor: Actor, action: Action, model: type[R], row_id: int, *, lock: bool = False) -> R:
    """Return one row on which `actor` may do `action`.

    Args:
        session: the use case's session.
        actor: who asks.
        action: what for.
        model: the table.
        row_id: the row's id.
        lock: hold the row until the transaction ends, so that two people change it one after the other.

    Raises:
        NotFoundError: there is no such row, or the actor may not do this with it.
    """
    if not 0 < row_id <= _LAST_ID:  # an address typed by hand
        raise _refused(actor, action, model, row_id)
    statement = visible(actor, action, model).where(col(model.id) == row_id)
    row = session.exec(statement.with_for_update(of=model) if lock else statement).one_or_none()
    if row is None:
        raise _refused(actor, action, model, row_id)
    return row


def _refused(actor: Actor, action: Action, model: type[Row], row_id: int) -> NotFoundError:
    """Log who asked for which row and return what to raise."""
    _log.warning("row refused", account=actor.account_id, action=action.value, table=model.__tablename__, row=row_id)
    return NotFoundError()


def reaches(session: Session, actor: Actor, action: Action, model: type[R], row_id: int) -> bool:
    """Return whether there is such a row and `actor` may do `action` with it: for what pages offer."""
    if scope(actor, action) is Scope.NONE or not 0 < row_id <= _LAST_ID:
        return False
    found = select(model.id).where(col(model.id) == row_id, condition(actor, action, model))
    return session.exec(found).first() is not None


def condition(actor: Actor, action: Action, model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that rows of `model` must fulfil for `actor` to do `action` with them."""
    found = scope(actor, action)
    if found is Scope.NONE:
        return false()
    if found is Scope.ZONE or model not in _RULES:
        return true() if found is Scope.ZONE else false()
    return _RULES[model](actor, found)


def ruled_tables() -> set[type[Any]]:
    """Return the tables whose rows a role may reach in part."""
    return set(_RULES)


def in_area(actor: Actor, area_id: Any) -> ColumnElement[bool]:
    """Return the condition that an area id lies in the actor's areas or below them."""
    if not actor.area_paths:
        return false()
    below = or_(*(col(Area.path).like(f"{path}%") for path in actor.area_paths))
    return among(area_id, select(Area.id).where(below))


def among(column: Any, ids: SelectOfScalar[Any]) -> ColumnElement[bool]:
    """Return the condition that a column has one of the ids a statement selects, gathered into one array first.

    Unlike `IN (SELECT …)`, a condition on an array can use the column's index as one arm of an OR, and walks along
    an ordered index cheaply: what keeps lists of a million rows quick.
    """
    return col(column) == any_(func.array(ids.scalar_subquery(), type_=ARRAY(Integer)))


def _enterprise(actor: Actor, found: Scope) -> ColumnElement[bool]:
    if found is Scope.AREA:
        to_visit = select(Visit.enterprise_id).where(col(Visit.assignee_id) == actor.account_id, visitors.TO_MAKE)
        return or_(in_area(actor, Enterprise.area_id), col(Enterprise.id).in_(to_visit))
    asked = select(Issue.enterprise_id).where(_issue(actor, found))
    undertook = select(Commitment.enterprise_id).where(_commitment(actor, found), col(Commitment.opens_enterprise))
    return or_(col(Enterprise.id).in_(asked), col(Enterprise.id).in_(undertook))


def _contact(actor: Actor, found: Scope) -> ColumnElement[bool]:
    return col(Contact.enterprise_id).in_(select(Enterprise.id).where(_enterprise(actor, found)))


def _visit(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = col(Visit.assignee_id) == actor.account_id
    return or_(own, in_area(actor, Visit.area_id)) if found is Scope.AREA else own


def _issue(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = or_(
        col(Issue.registered_by_id) == actor.account_id,
        col(Issue.first_receiver_id) == actor.account_id,
        col(Issue.caller_id) == actor.account_id,
    )
    if found is Scope.AREA:
        return or_(own, in_area(actor, Issue.area_id))
    office = _office(actor)
    if office is None:
        return own
    assisted = select(IssueTask.issue_id).where(
        IssueTask.department_id == office, col(IssueTask.state).in_(TASKS_IN_SIGHT)
    )
    return or_(own, col(Issue.department_id) == office, among(Issue.id, assisted))


def _office(actor: Actor) -> int | None:
    """Return the department whose rows are the actor's own: an officer's; anybody else's names where they belong."""
    return actor.department_id if actor.role is Role.DEPARTMENT_OFFICER else None


def _promise(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = or_(col(Promise.promised_by_id) == actor.account_id, _promise_left_behind(actor))
    if found is Scope.OWN:
        return own
    return or_(own, col(Promise.enterprise_id).in_(select(Enterprise.id).where(_enterprise(actor, found))))


def _promise_left_behind(actor: Actor) -> ColumnElement[bool]:
    """A lead sees to what those promised in the area who visit no more: nobody else could keep it."""
    if actor.role is not Role.TEAM_LEAD:
        return false()
    here = select(Enterprise.id).where(in_area(actor, Enterprise.area_id))
    return and_(among(Promise.promised_by_id, visitors.GONE), col(Promise.enterprise_id).in_(here))


def _commitment(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = col(Commitment.follower_id) == actor.account_id
    if found is Scope.AREA:
        return or_(own, col(Commitment.enterprise_id).in_(select(Enterprise.id).where(_enterprise(actor, found))))
    office = _office(actor)
    return own if office is None else or_(own, col(Commitment.department_id) == office)


def _channel(actor: Actor, found: Scope) -> ColumnElement[bool]:
    if found is Scope.AREA:
        return col(Channel.team_id).in_(actor.team_ids)
    return col(Channel.account_id) == actor.account_id


def _team(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = col(Team.id).in_(actor.team_ids)
    return or_(own, in_area(actor, Team.area_id)) if found is Scope.AREA else own


def _member(actor: Actor, found: Scope) -> ColumnElement[bool]:
    return col(TeamMember.team_id).in_(select(Team.id).where(_team(actor, found)))


def _leave(actor: Actor, found: Scope) -> ColumnElement[bool]:
    own = col(Leave.account_id) == actor.account_id
    if found is Scope.OWN:
        return own
    members = select(TeamMember.account_id).where(_member(actor, found), col(TeamMember.left_on).is_(None))
    return or_(own, col(Leave.account_id).in_(members))


def _account(actor: Actor, _found: Scope) -> ColumnElement[bool]:
    return col(Account.id) == actor.account_id


_RULES: dict[type[Any], Callable[[Actor, Scope], ColumnElement[bool]]] = {
    Enterprise: _enterprise,
    Contact: _contact,
    Visit: _visit,
    Issue: _issue,
    Promise: _promise,
    Commitment: _commitment,
    Reminder: lambda actor, _found: col(Reminder.recipient_id) == actor.account_id,
    Channel: _channel,
    Team: _team,
    TeamMember: _member,
    Leave: _leave,
    Account: _account,
    SignInSession: lambda actor, _found: col(SignInSession.account_id) == actor.account_id,
    Campaign: lambda _actor, _found: true(),
    ImportRun: lambda actor, _found: col(ImportRun.started_by_id) == actor.account_id,
}
