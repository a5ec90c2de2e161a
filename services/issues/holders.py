"""With whom overdue issues are: departments, or, where none is to act, the steps they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, false, func, null
from sqlalchemy import select as choose
from sqlmodel import Session, col

from core import clock
from core.i18n import N_
from models.account import Department
from models.base import LabelledEnum
from models.issue import WITH_DEPARTMENT, Issue
from services import access
from services.actor import Actor
from services.issues.remaining import moments, overdue
from services.issues.todo_groups import AWAITS, Desk, Group, mine, rules
from services.permissions import Action
from services.use_case import use_case

_MOST = 10_000
_AWAITED = [
    group for group in AWAITS if group not in {Group.ACKNOWLEDGE, Group.HANDLE, Group.EXTENSION, Group.SHELVING}
]


class Turn(LabelledEnum):
    """Whose turn it is."""

    MINE = "mine", N_("Mine")
    OTHERS = "others", N_("Somebody else's")


@dataclass(frozen=True)
class Holder:
    """Who has overdue issues: a department, or, where none is to act, the step they wait for.

    Args:
        department_id: the department; `None`: none is to act.
        department: its name; empty if there is none.
        awaits: what they wait for; `None` with a department.
        turn: whether that is the asking person's to do or somebody else's; `None` where the person never does it.
        count: how many issues.
    """

    department_id: int | None
    department: str
    awaits: Group | None
    turn: Turn | None
    count: int


def overdue_by_holder(actor: Actor) -> list[Holder]:
    """Return with whom the overdue issues in the actor's sight are, those with most first.

    Of more than ten thousand overdue issues it tells what the first ten thousand tell, so that pages stay quick.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        desk = Desk(actor, moments(session))
        return of(session, [access.condition(actor, Action.ISSUE_VIEW, Issue)], most=_MOST, desk=desk)


def of(
    session: Session, conditions: Sequence[ColumnElement[bool]], *, most: int | None = None, desk: Desk | None = None
) -> list[Holder]:
    """Return with whom those issues are that are overdue and meet some conditions, those with most first.

    Args:
        session: the use case's.
        conditions: on the columns of issues.
        most: so many are counted; `None`: all.
        desk: whose turn is told apart from that of others, as their to-do has it; `None`: nobody's.
    """
    late = _late(conditions, desk).limit(most).subquery()
    key = (late.c.awaits, late.c.mine, late.c.department_id)
    counted = choose(*key, func.count().label("count")).group_by(*key).subquery()
    named: Any = choose(*counted.c, func.coalesce(Department.name, ""))
    rows = session.connection().execute(named.outerjoin(Department, col(Department.id) == counted.c.department_id))
    own = {rule.group for rule in rules(desk.actor) if not rule.watched} if desk else set()
    found: dict[tuple[int | None, str, Group | None, Turn | None], int] = {}
    for row in rows:
        awaits, is_mine, department_id, count, name = row
        group = Group.of(awaits) if awaits else None
        turn = (Turn.MINE if is_mine else Turn.OTHERS) if group in own else None
        key_ = (department_id, name, None, None) if group is None else (None, "", group, turn)
        found[key_] = found.get(key_, 0) + count
    return sorted((Holder(*each, count) for each, count in found.items()), key=_place)


def _late(conditions: Sequence[ColumnElement[bool]], desk: Desk | None) -> Any:
    """Return what is overdue: the step each issue waits for and whose that is, or its department.

    Without a desk an index alone tells it (`ix_issue_running`).
    """
    with_them = col(Issue.state).in_(WITH_DEPARTMENT)
    step = case((with_them, null()), *((AWAITS[group], group.value) for group in _AWAITED))
    turn = false() if desk is None else case((with_them, false()), else_=mine(desk))
    department = case((with_them, col(Issue.department_id)))
    found: Any = choose(cast(step, String).label("awaits"), turn.label("mine"), department.label("department_id"))
    return found.where(overdue(clock.now()), *conditions)


def _place(holder: Holder) -> tuple[int, int, str, str]:
    return (-holder.count, holder.department_id or 0, holder.awaits or "", holder.turn or "")
