"""With whom overdue issues are: departments, or, where none is to act, the states they wait in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as choose
from sqlmodel import Session, col

from core import clock
from models.account import Department
from models.issue import Issue, IssueState
from services import access
from services.actor import Actor
from services.issues.remaining import overdue
from services.permissions import Action
from services.use_case import use_case

WITH_DEPARTMENT = (
    IssueState.DISPATCHED, IssueState.HANDLING, IssueState.EXTENSION_REQUESTED, IssueState.SHELVING_REQUESTED,
    IssueState.SHELVED,
)  # fmt: skip
"""States in which the lead department is to act."""
_MOST = 10_000


@dataclass(frozen=True)
class Holder:
    """Who has overdue issues: a department, or, where none is to act, a state they wait in."""

    department_id: int | None
    department: str
    state: IssueState | None
    count: int


def overdue_by_holder(actor: Actor) -> list[Holder]:
    """Return with whom the overdue issues in the actor's sight are, those with most first.

    Of more than ten thousand overdue issues it tells what the first ten thousand tell, so that pages stay quick.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        return of(session, [access.condition(actor, Action.ISSUE_VIEW, Issue)], most=_MOST)


def of(session: Session, conditions: Sequence[ColumnElement[bool]], *, most: int | None = None) -> list[Holder]:
    """Return with whom those issues are that are overdue and meet some conditions, those with most first.

    Args:
        session: the use case's.
        conditions: on the columns of issues.
        most: so many are counted; `None`: all.
    """
    late = (
        choose(col(Issue.state), col(Issue.department_id))
        .where(overdue(clock.now()), *conditions)
        .limit(most)
        .subquery()
    )
    counted = (
        choose(late.c.state, late.c.department_id, func.count().label("count"))
        .group_by(late.c.state, late.c.department_id)
        .subquery()
    )
    named = choose(counted.c.state, counted.c.department_id, func.coalesce(Department.name, ""), counted.c.count)
    found: dict[tuple[int | None, str, IssueState | None], int] = {}
    rows = session.connection().execute(named.outerjoin(Department, col(Department.id) == counted.c.department_id))
    for state, department_id, name, count in rows:
        key = (department_id, name, None) if state in WITH_DEPARTMENT else (None, "", state)
        found[key] = found.get(key, 0) + count
    holders = [Holder(*key, count) for key, count in found.items()]
    return sorted(holders, key=lambda each: (-each.count, each.department_id or 0))
