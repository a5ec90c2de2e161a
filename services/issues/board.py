"""The Kanban of a department: its issues by state, in a few columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from core import clock
from core.collation import by_reading
from core.errors import NotFoundError
from core.i18n import N_
from models.account import Department, Role
from models.base import LabelledEnum
from models.issue import Issue, IssueState
from services import access
from services.actor import Actor
from services.issues.holders import overdue_by_holder
from services.issues.remaining import moments
from services.issues.todo import Line, capped, line, selected, steps
from services.issues.todo_groups import Desk, Rule
from services.permissions import Action
from services.use_case import use_case

LATELY = 14
"""Days for which a closed issue stays on the board."""
_S = IssueState


class Column(LabelledEnum):
    """A column of the board."""

    DISPATCHED = "dispatched", N_("To acknowledge")
    HANDLING = "handling", N_("Being handled")
    WAITING = "waiting", N_("Waiting for a decision")
    SHELVED = "shelved", N_("Shelved")
    RESOLVED = "resolved", N_("Resolved")
    CALL_BACK = "call_back", N_("Answered, call-back")
    CLOSED = "closed", N_("Closed lately")


STATES: dict[Column, tuple[IssueState, ...]] = {
    Column.DISPATCHED: (_S.DISPATCHED,),
    Column.HANDLING: (_S.HANDLING,),
    Column.WAITING: (_S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED),
    Column.SHELVED: (_S.SHELVED,),
    Column.RESOLVED: (_S.RESOLVED,),
    Column.CALL_BACK: (_S.ANSWERED, _S.CALL_BACK),
    Column.CLOSED: (_S.CLOSED,),
}


@dataclass(frozen=True)
class Pile:
    """A column with what lies in it.

    Args:
        column: which.
        count: how many issues, at most `todo.CAP`.
        lines: the first of them.
    """

    column: Column
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Board:
    """The board of one department.

    Args:
        piles: its columns.
        steps: what the actor can do next with an issue on it.
    """

    piles: tuple[Pile, ...]
    steps: dict[int, Rule]


def closed_since() -> date:
    """Return the first day what was closed on which is still on the board."""
    return clock.today() - timedelta(days=LATELY)


def departments(actor: Actor) -> dict[int, str]:
    """Return the departments whose board the actor may look at: an officer's own, or all.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        statement = select(Department.id, Department.name).where(_in_sight(actor), col(Department.active))
        found = session.exec(statement.order_by(by_reading(Department.name), col(Department.id))).all()
        return {key: name for key, name in found if key is not None}


def busiest(actor: Actor) -> int | None:
    """Return the department with most overdue issues, of those whose board the actor may look at; `None` for none.

    An officer sees issues of other departments that theirs helps with, but not the boards of these.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    offered = departments(actor)
    return next((each.department_id for each in overdue_by_holder(actor) if each.department_id in offered), None)


def board(actor: Actor, department_id: int, *, most: int = 8) -> Board:
    """Return the board of a department, as far as the actor may see its issues.

    Args:
        actor: who looks.
        department_id: the lead department.
        most: how many issues of each column are shown.

    Raises:
        NotFoundError: there is no such department, or it is another one than the officer's.
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        known = select(Department.id).where(col(Department.id) == department_id, _in_sight(actor))
        if session.exec(known).first() is None:
            raise NotFoundError
        desk = Desk(actor, moments(session))
        piles = tuple(_pile(session, desk, department_id, column, most) for column in Column)
        return Board(piles, steps(session, desk, [each.issue.pk for pile in piles for each in pile.lines]))


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    own = actor.role is Role.DEPARTMENT_OFFICER
    return col(Department.id) == actor.department_id if own else col(Department.id).is_not(None)


def _pile(session: Session, desk: Desk, department_id: int, column: Column, most: int) -> Pile:
    lying = _lies_in(desk.actor, department_id, column)
    order: tuple[Any, ...] = (col(Issue.due_at), col(Issue.id))
    if column is Column.CLOSED:
        order = (col(Issue.closed_at).desc(), col(Issue.id).desc())
    found = selected(col(Issue.due_at)).where(lying).order_by(*order).limit(most)
    lines = tuple(line(row, desk.at) for row in session.exec(found).all())
    return Pile(column, len(lines) if len(lines) < most else session.exec(select(capped(lying))).one(), lines)


def _lies_in(actor: Actor, department_id: int, column: Column) -> ColumnElement[bool]:
    states = col(Issue.state).in_(STATES[column])
    lying = and_(access.condition(actor, Action.ISSUE_VIEW, Issue), col(Issue.department_id) == department_id, states)
    if column is not Column.CLOSED:
        return lying
    return and_(lying, col(Issue.closed_at) >= clock.midnight(closed_since()))
