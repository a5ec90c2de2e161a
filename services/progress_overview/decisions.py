"""The few issues that need a decision now, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, union_all
from sqlalchemy import select as choose
from sqlmodel import Session, col

from core import clock
from core.i18n import N_
from models.account import Role
from models.issue import ENDED_STATES, Card, Issue, IssueState
from services.issues import todo
from services.issues.guards import MOST_RETURNS
from services.issues.remaining import moments, overdue
from services.issues.todo import Line
from services.issues.todo_groups import Group, Rule
from services.progress_overview.pressing import conditions
from services.progress_overview.question import Setting

MOST = 10
_READERS = (Role.COORDINATOR, Role.MANAGER, Role.TEAM_LEAD)


@dataclass(frozen=True)
class Decisions:
    """What needs a decision.

    Args:
        lines: the first of them, each with why.
        counts: group → how many belong to it, at most `todo.CAP`; an issue may belong to several.
    """

    lines: tuple[tuple[Rule, Line], ...]
    counts: dict[Group, int]


def decisions(session: Session, setting: Setting) -> Decisions:
    """Return what needs a decision where it was asked for; part of a use case.

    What only one person can decide comes first, then cards and supervision, then what has been overdue longest.
    """
    where = conditions(session, setting)
    rules = {rule.group: rule for rule in _rules()}
    chosen = _chosen(session, where)
    rows = session.exec(todo.selected(col(Issue.due_at)).where(col(Issue.id).in_(chosen))).all()
    at = moments(session)
    lines = {row[0].pk: todo.line(row, at) for row in rows}
    shown = tuple((rules[group], lines[issue_id]) for issue_id, group in chosen.items() if issue_id in lines)
    return Decisions(shown, _counts(session, where))


def clause(group: Group) -> ColumnElement[bool]:
    """Return what makes an issue need a decision for the reason a group stands for."""
    match group:
        case Group.REDISPATCH:
            return and_(col(Issue.state) == IssueState.RETURNED, col(Issue.returns) >= MOST_RETURNS)
        case Group.EXTENSION:
            return col(Issue.state) == IssueState.EXTENSION_REQUESTED
        case Group.SHELVING:
            return col(Issue.state) == IssueState.SHELVING_REQUESTED
        case Group.RED_CARD:
            return and_(col(Issue.card) == Card.RED, col(Issue.state).not_in(ENDED_STATES))
        case Group.SUPERVISED:
            return and_(col(Issue.supervision) != "", col(Issue.state).not_in(ENDED_STATES))
        case Group.LATE:
            return overdue(clock.now())
    raise KeyError(group)


def _rules() -> tuple[Rule, ...]:
    """Return why an issue may need a decision, in the order they are shown; nobody decides on this page."""
    why = {
        Group.REDISPATCH: N_("A department returned it"),
        Group.EXTENSION: N_("A department asks for more time"),
        Group.SHELVING: N_("A department cannot resolve it for now"),
        Group.RED_CARD: N_("A red card was shown"),
        Group.SUPERVISED: N_("It is under supervision"),
        Group.LATE: N_("Whoever is to act is late"),
    }
    return tuple(
        Rule(group, _READERS, text, lambda _desk, group=group: clause(group))  # type: ignore[misc]  # a bound default
        for group, text in why.items()
    )


def _chosen(session: Session, where: Sequence[ColumnElement[bool]]) -> dict[int, Group]:
    """Return the issues shown, each with the first reason it has."""
    rules = _rules()
    parts: list[Any] = [
        choose(literal(place).label("place"), col(Issue.id).label("id"), col(Issue.due_at).label("due"))
        .where(clause(rule.group), *where)
        .order_by(col(Issue.due_at), col(Issue.id))
        .limit(MOST)
        for place, rule in enumerate(rules)
    ]
    found = session.execute(union_all(*parts).order_by("place", "due", "id"))
    chosen: dict[int, Group] = {}
    for place, issue_id, _due in found:
        if len(chosen) < MOST:
            chosen.setdefault(issue_id, rules[place].group)
    return chosen


def _counts(session: Session, where: Sequence[ColumnElement[bool]]) -> dict[Group, int]:
    groups = [rule.group for rule in _rules() if rule.group is not Group.LATE]
    some = (choose(literal(1)).select_from(Issue).where(clause(each), *where).limit(todo.CAP) for each in groups)
    columns = (choose(func.count()).select_from(each.subquery()).scalar_subquery() for each in some)
    return dict(zip(groups, session.execute(choose(*columns)).one(), strict=True))
