"""Which issues wait for a person: their next step is theirs to take."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select

from models.account import Role
from models.area import Tier
from models.issue import Issue, IssueState
from models.issue_log import IssueTask, TaskState
from services.access import among
from services.actor import Actor

_S = IssueState
_ZONE = (Tier.ZONE, Tier.CITY)
_WORK = (_S.DISPATCHED, _S.HANDLING, _S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED, _S.SHELVED, _S.RESOLVED)


def waiting(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an issue waits for the actor; what they may see of them is asked elsewhere."""
    rule = _RULES.get(actor.role) if actor.role is not None else None
    return rule(actor) if rule else false()


def _coordinator(_actor: Actor) -> ColumnElement[bool]:
    decided = (_S.ACCEPTED, _S.RETURNED, _S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED, _S.ANSWERED)
    return or_(
        col(Issue.state).in_(decided),
        and_(col(Issue.state) == _S.REGISTERED, col(Issue.tier).in_(_ZONE)),
        and_(col(Issue.state) == _S.RESOLVED, col(Issue.reviewed_by_id).is_(None)),
        _confirmed(),
    )


def _lead(actor: Actor) -> ColumnElement[bool]:
    return or_(
        and_(col(Issue.state) == _S.REGISTERED, col(Issue.tier).not_in(_ZONE)),
        and_(col(Issue.state) == _S.RESOLVED_ON_SITE, col(Issue.first_receiver_id) == actor.account_id),
        col(Issue.state) == _S.ANSWERED,
        _confirmed(),
        _calls(actor),
    )


def _worker(actor: Actor) -> ColumnElement[bool]:
    answers = and_(col(Issue.state) == _S.RESOLVED_ON_SITE, col(Issue.first_receiver_id) == actor.account_id)
    return or_(answers, _calls(actor))


def _officer(actor: Actor) -> ColumnElement[bool]:
    if actor.department_id is None:
        return false()
    own = col(Issue.department_id) == actor.department_id
    tasks = select(IssueTask.issue_id).where(
        IssueTask.department_id == actor.department_id, IssueTask.state == TaskState.OPEN
    )
    unanswered = and_(col(Issue.state) == _S.RESOLVED, col(Issue.reviewed_by_id).is_not(None))
    led = and_(own, or_(col(Issue.state).in_((_S.DISPATCHED, _S.HANDLING)), unanswered))
    return and_(col(Issue.state).in_(_WORK), or_(led, among(Issue.id, tasks)))


def _calls(actor: Actor) -> ColumnElement[bool]:
    return and_(col(Issue.state) == _S.CALL_BACK, col(Issue.caller_id) == actor.account_id)


def _confirmed() -> ColumnElement[bool]:
    """The enterprise is content: the issue can be closed."""
    return and_(col(Issue.state) == _S.CALL_BACK, col(Issue.solved).is_(True), col(Issue.satisfied).is_(True))


_RULES: dict[Role, Callable[[Actor], ColumnElement[bool]]] = {
    Role.COORDINATOR: _coordinator,
    Role.TEAM_LEAD: _lead,
    Role.GRID_WORKER: _worker,
    Role.DEPARTMENT_OFFICER: _officer,
}
