"""A person's to-do of issues: how many wait in each group, and the most pressing of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, union_all
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from models.account import Department
from models.enterprise import Enterprise
from models.issue import ENDED_STATES, Card, Issue
from models.issue_log import IssueEvent
from models.lifecycle import Verb
from services import access
from services.actor import Actor
from services.issues.events import DISPATCHED
from services.issues.remaining import Moments, Remaining, moments, remaining
from services.issues.remaining import condition as has_left
from services.issues.todo_groups import Desk, Group, Rule, late_with_others, rules, urged_today
from services.permissions import Action, allows
from services.use_case import use_case

CAP = 1000
"""More than so many are not counted: the page stays quick, and nobody works through more."""
_SAID = {
    Group.REDISPATCH: (Verb.RETURN,),
    Group.EXTENSION: (Verb.REQUEST_EXTENSION,),
    Group.SHELVING: (Verb.REQUEST_SHELVING,),
    Group.ACKNOWLEDGE: (Verb.REDO, *DISPATCHED),
    Group.HANDLE: (Verb.REDO, Verb.FAIL_REVIEW),
    Group.ACCEPT: (Verb.ESCALATE,),
}
"""Whose words help to decide: the reason of the latest such event."""
_PLAIN = 2
_NEVER = datetime.max.replace(tzinfo=UTC)
_PRESSING = {
    Remaining.OVERDUE: 0, Remaining.TODAY: 1, Remaining.PAUSED: 2, Remaining.SOON: 3, Remaining.IN_TIME: 4,
    Remaining.NONE: 5,
}  # fmt: skip
"""In which order issues press: whoever waits for a decision comes before what is due another day."""


@dataclass(frozen=True)
class Line:
    """An issue as a line of a list.

    Args:
        issue: its row.
        enterprise: who raised it.
        department: the lead department, empty if there is none.
        due_at: by when this person is to act, or whoever is.
        left: how much time is left.
        said: what somebody wrote that helps to decide, or the result to be reviewed.
    """

    issue: Issue
    enterprise: str
    department: str
    due_at: datetime | None
    left: Remaining
    said: str = ""


@dataclass(frozen=True)
class Section:
    """A group with what it holds.

    Args:
        rule: what belongs to it and what is done with it.
        count: how many, at most `CAP`.
        overdue: how many of them are late, at most `CAP`.
        lines: the most pressing.
    """

    rule: Rule
    count: int
    overdue: int
    lines: tuple[Line, ...] = ()


def todo(actor: Actor, *, most: int = 3, only: Group | None = None) -> list[Section]:
    """Return the groups of the actor's to-do that hold anything, what they do themselves before what they watch.

    Args:
        actor: whose.
        most: how many lines of each group.
        only: lines of this group only; the others are just counted.

    Raises:
        NotAllowedError: the role has nothing to do with issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        desk = Desk(actor, moments(session))
        sections = _counted(session, desk)
        grave = _grave(session, desk)
        wanted = [each.rule for each in sections if _wanted(each, only)]
        shown = {rule.group: _lines(session, desk, rule, most, grave) for rule in wanted}
        said = _said(session, shown)
        return [replace(each, lines=_told(each.rule.group, shown, said)) for each in sections]


def urged(actor: Actor) -> int:
    """Return how many issues others are late with the actor has urged today: their to-do has them again tomorrow.

    Raises:
        NotAllowedError: the role urges nobody.
    """
    with use_case(actor, Action.ISSUE_URGE) as session:
        desk = Desk(actor, moments(session))
        mine = access.condition(actor, Action.ISSUE_URGE, Issue)
        found: int = session.exec(select(capped(and_(mine, late_with_others(desk), urged_today(desk))))).one()
        return found


def pressing(actor: Actor, sections: Sequence[Section], most: int) -> list[tuple[Rule, Line]]:
    """Return the lines of a to-do that press most, each issue once.

    What is late with a red card or under supervision comes first, whoever is to act. Then comes what the person does
    before what they watch, the latest first; whoever answers for all of it (who may supervise) sees the latest first
    wherever it is.
    """
    oversees = allows(actor, Action.ISSUE_SUPERVISE)

    def place(each: tuple[Rule, Line]) -> tuple[int, bool, int, datetime]:
        rule, line = each
        ahead = _gravity(line) < _PLAIN or (oversees and line.left is Remaining.OVERDUE)
        return _gravity(line), rule.watched and not ahead, _PRESSING[line.left], line.due_at or _NEVER

    found = sorted(((section.rule, line) for section in sections for line in section.lines), key=place)
    first: dict[int, tuple[Rule, Line]] = {}
    for rule, line in found:
        first.setdefault(line.issue.pk, (rule, line))
    return list(first.values())[:most]


def steps(session: Session, desk: Desk, ids: Sequence[int]) -> dict[int, Rule]:
    """Return the first rule of the actor's to-do that each of some issues belongs to; for boards."""
    known = rules(desk.actor)
    wanted: list[Any] = [
        choose(literal(place).label("place"), col(Issue.id).label("id")).where(
            col(Issue.id).in_(ids), rule.condition(desk)
        )
        for place, rule in enumerate(known)
        if not rule.watched
    ]
    if not wanted or not ids:
        return {}
    places: dict[int, int] = {}
    for place, issue_id in session.connection().execute(union_all(*wanted)).all():
        places[issue_id] = min(place, places.get(issue_id, place))
    return {issue_id: known[place] for issue_id, place in places.items()}


def capped(condition: ColumnElement[bool]) -> Any:
    """Return the sub-query that counts the issues of a condition, up to `CAP`."""
    some = choose(literal(1)).select_from(Issue).where(condition).limit(CAP).subquery()
    return choose(func.count()).select_from(some).scalar_subquery()


def line(row: Any, at: Moments, *, own_due: bool = False) -> Line:
    """Return a row of `selected` as a line.

    Args:
        row: issue, enterprise, department, deadline.
        at: what the deadline is compared with.
        own_due: whether the deadline is not the issue's own, so that a pause of its clock does not count.
    """
    issue, enterprise, department, due_at = row
    timed = _Timed(due_at, None if own_due else issue.paused_since)
    return Line(issue, enterprise, department or "", due_at, remaining(timed, at))


def selected(due: Any) -> Any:
    """Return the statement that selects what a line is made of."""
    return (
        select(Issue, Enterprise.name, Department.name, due.label("due"))
        .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
        .outerjoin(Department, col(Department.id) == Issue.department_id)
    )


@dataclass(frozen=True)
class _Timed:
    due_at: datetime | None
    paused_since: datetime | None


def _wanted(section: Section, only: Group | None) -> bool:
    return only is None or section.rule.group is only


def _counted(session: Session, desk: Desk) -> list[Section]:
    """Count every group with one query."""
    own = rules(desk.actor)
    columns = [count for rule in own for count in (capped(rule.condition(desk)), _count_late(rule, desk))]
    if not columns:
        return []
    numbers = list(session.connection().execute(choose(*columns)).one())
    counted = [Section(rule, *numbers[2 * place : 2 * place + 2]) for place, rule in enumerate(own)]
    return [each for each in counted if each.count]


def _count_late(rule: Rule, desk: Desk) -> Any:
    return capped(rule.condition(desk) & rule.overdue(desk))


def _lines(session: Session, desk: Desk, rule: Rule, most: int, grave: Sequence[int]) -> list[Line]:
    """Return the first lines of a group: the grave ones, wherever they stand in the order, then those due first."""
    due = rule.deadline(desk)
    found = selected(due).where(rule.condition(desk)).limit(most)
    order = (due, col(Issue.id))
    rows = {row[0].pk: row for row in session.exec(found.order_by(*order)).all()}
    if grave and len(rows) == most:  # a group that is shown whole has its grave ones already
        gravest = found.where(col(Issue.id).in_(grave)).order_by(col(Issue.card) != Card.RED, *order)
        rows |= {row[0].pk: row for row in session.exec(gravest).all()}
    lines = [line(row, desk.at, own_due=rule.due is not None) for row in rows.values()]
    return sorted(lines, key=lambda each: (_gravity(each), each.due_at or _NEVER, each.issue.pk))[:most]


def _grave(session: Session, desk: Desk) -> list[int]:
    """Return what is late in sight with a red card or under supervision: that is little."""
    marked = or_(col(Issue.card) == Card.RED, col(Issue.supervision) != "")
    mine = access.condition(desk.actor, Action.ISSUE_VIEW, Issue)
    late = and_(has_left(Remaining.OVERDUE, desk.at), col(Issue.state).not_in(ENDED_STATES))
    found = select(Issue.id).where(marked, late, mine)
    return [each for each in session.exec(found.order_by(col(Issue.due_at)).limit(CAP)).all() if each is not None]


def _gravity(line: Line) -> int:
    """Return how grave it is that an issue is late: it has a red card, is under supervision, or neither."""
    if line.left is not Remaining.OVERDUE:
        return _PLAIN
    marks = (line.issue.card is Card.RED, bool(line.issue.supervision))
    return marks.index(True) if any(marks) else _PLAIN


def _said(session: Session, shown: dict[Group, list[Line]]) -> dict[int, list[tuple[Verb, str]]]:
    """Return what was said of issues in the round they are in, oldest first: id → verb and words."""
    ids = [line.issue.pk for group in _SAID for line in shown.get(group, ())]
    if not ids:
        return {}
    events = (
        select(IssueEvent.issue_id, IssueEvent.verb, IssueEvent.reason)
        .join(Issue, and_(col(Issue.id) == IssueEvent.issue_id, col(Issue.round) == IssueEvent.round))
        .where(col(IssueEvent.issue_id).in_(ids), col(IssueEvent.verb).in_(set(chain(*_SAID.values()))))
        .order_by(col(IssueEvent.issue_id), col(IssueEvent.seq))
    )
    found: dict[int, list[tuple[Verb, str]]] = {}
    for issue_id, verb, reason in session.exec(events).all():
        found.setdefault(issue_id, []).append((Verb.of(verb), reason))
    return found


def _told(
    group: Group, shown: dict[Group, list[Line]], said: dict[int, list[tuple[Verb, str]]]
) -> tuple[Line, ...]:  # fmt: skip
    return tuple(replace(each, said=_words(group, each.issue, said)) for each in shown.get(group, ()))


def _words(group: Group, issue: Issue, said: dict[int, list[tuple[Verb, str]]]) -> str:
    if group is Group.REVIEW:
        return issue.solution
    asked = issue.instruction if group is Group.ACKNOWLEDGE else ""  # of an imported issue no event tells
    verbs = _SAID.get(group, ())
    return next((words for verb, words in reversed(said.get(issue.pk, [])) if verb in verbs), asked)
