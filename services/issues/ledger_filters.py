"""What the ledger's search, filters and quick views mean, as conditions that indexes answer.

Ids of other tables are gathered into one array first (`ANY(ARRAY(SELECT …))`): a condition on an array can use the
issue's own index, also as one arm of an OR, which a sub-query cannot.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, any_, cast, func, not_, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col, select

from core import text
from core.i18n import N_
from models.account import Role
from models.base import LabelledEnum
from models.enterprise import Enterprise
from models.fields import FieldSpec
from models.issue import ENDED_STATES, Card, Issue
from models.issue_log import TASKS_IN_SIGHT, IssueTask
from models.visit import Visit
from services.access import among
from services.actor import Actor
from services.entities.queries import filtered, has_pieces
from services.issues.holders import Turn
from services.issues.ledger_fields import (
    ASKED_ONLY,
    ASSISTING,
    AWAITS,
    CAMPAIGN,
    LACKING,
    MEASURE,
    REMAINING,
    SUPERVISED,
    TURN,
)  # fmt: skip
from services.issues.remaining import Remaining, any_of, moments
from services.issues.todo_groups import AWAITS as STEPS
from services.issues.todo_groups import Desk, Group, mine, to_urge, urges, waiting
from services.tallies.measures import CONDITIONS, Measure
from services.tallies.scope import categories
from services.two_way.lacking import NeedLacks, need


class QuickView(LabelledEnum):
    """The questions people ask the ledger every day, one press each."""

    OPEN = "open", N_("Everything open")
    WAITING = "waiting", N_("Waiting for me")
    OVERDUE = "overdue", N_("Overdue")
    TO_URGE = "to_urge", N_("Overdue with others")
    SOON = "soon", N_("Due soon")
    MINE = "mine", N_("First received by me")
    SUPERVISED = "supervised", N_("Supervised")
    CARDS = "cards", N_("Cards")
    ON_SITE = "on_site", N_("Resolved on site")
    ACROSS = "across", N_("Across departments")
    CLOSED = "closed", N_("Closed")
    ALL = "all", N_("All issues")


_MANY = 5_000
"""Enterprises named so whose ids are handed to the index; if they are more, issues are read along their order and the
name of each one's enterprise is looked up: some are found soon."""
_OWN_WAY = frozenset({REMAINING, ASSISTING, CAMPAIGN, SUPERVISED, "category", *ASKED_ONLY})


def conditions(
    session: Session, actor: Actor, search: str, filters: dict[str, Any], view: QuickView, *, known: Sequence[FieldSpec]
) -> list[ColumnElement[bool]]:
    """Return the conditions of a ledger query; they are to be fulfilled all.

    Args:
        session: the use case's session.
        actor: who asks.
        search: part of a text.
        filters: field key → what is asked of it.
        view: the quick view.
        known: the fields of the ledger.
    """
    specs = {spec.key: spec for spec in known}
    wanted = {key: value for key, value in filters.items() if key in specs and value not in _NOTHING}
    found = [filtered(Issue, specs[key], value) for key, value in wanted.items() if key not in _OWN_WAY]
    found += [_OWN[key](session, actor, wanted[key]) for key in _OWN if key in wanted]
    if view is not QuickView.ALL:
        found.append(_VIEWS[view](session, actor))
    if search.strip():
        found.append(_searched(session, search))
    return found


def _searched(session: Session, search: str) -> ColumnElement[bool]:
    """Return the condition that an issue or its enterprise's name contains a text.

    LIKE stands before the pieces: where the planner reads rows one by one, the cheap test spares the dear one.
    """
    in_text = and_(_contains(Issue.search_text, search), has_pieces(Issue.search_text, search))
    name = func.lower(Enterprise.name)
    called = select(Enterprise.id).where(
        has_pieces(Enterprise.search_text, search), _contains(name, search)
    )  # fmt: skip
    ids = session.exec(called.limit(_MANY + 1)).all()
    if not ids:
        return in_text
    if len(ids) > _MANY:
        named = select(_contains(name, search)).where(Enterprise.id == Issue.enterprise_id)
        return or_(named.correlate(Issue).scalar_subquery(), in_text)
    return or_(col(Issue.enterprise_id) == any_(cast(ids, ARRAY(Integer))), in_text)


def _contains(column: Any, search: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.like(text.like_pattern(search), escape="\\")
    return found


def _category(session: Session, _actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    """An item of the tree means those below it too."""
    return col(Issue.category).in_(sorted({each for root in chosen for each in categories(session, root)}))


def _assisting(_session: Session, _actor: Actor, chosen: list[int]) -> ColumnElement[bool]:
    tasks = select(IssueTask.issue_id).where(
        col(IssueTask.department_id).in_(chosen), col(IssueTask.state).in_(TASKS_IN_SIGHT)
    )
    return among(Issue.id, tasks)


def _campaign(_session: Session, _actor: Actor, chosen: list[int]) -> ColumnElement[bool]:
    return among(Issue.visit_id, select(Visit.id).where(col(Visit.campaign_id).in_(chosen)))


def _remaining(session: Session, _actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    return any_of([Remaining.of(value) for value in chosen], moments(session))


def _supervised(_session: Session, _actor: Actor, chosen: list[bool]) -> ColumnElement[bool]:
    under, free = col(Issue.supervision) != "", col(Issue.supervision) == ""
    return or_(*(under if value else free for value in chosen))


def _measure(_session: Session, _actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    return or_(*(CONDITIONS[Measure.of(value)] for value in chosen))


def _lacking(_session: Session, _actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    return need([NeedLacks.of(value) for value in chosen])


def _awaits(_session: Session, _actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    return or_(*(STEPS[Group.of(value)] for value in chosen))


def _turn(session: Session, actor: Actor, chosen: list[str]) -> ColumnElement[bool]:
    """Whose turn it is says something of what is open only."""
    own = mine(Desk(actor, moments(session)))
    whose = {Turn.MINE: own, Turn.OTHERS: not_(own)}
    return and_(_OPEN, or_(*(whose[Turn.of(value)] for value in chosen)))


def offered_to(actor: Actor) -> list[QuickView]:
    """Return the quick views that say something to the actor."""
    idle = {QuickView.WAITING, QuickView.MINE} if actor.role in _WATCHING else set()
    if not urges(actor):
        idle |= {QuickView.TO_URGE}
    if actor.role is Role.DEPARTMENT_OFFICER:
        idle |= {QuickView.MINE, QuickView.ON_SITE}
    return [view for view in QuickView if view not in idle]


_WATCHING = (Role.MANAGER, Role.ADMINISTRATOR)
_NOTHING: tuple[Any, ...] = (None, "", [], (), (None, None))
_OWN: dict[str, Callable[[Session, Actor, Any], ColumnElement[bool]]] = {
    "category": _category,
    ASSISTING: _assisting,
    CAMPAIGN: _campaign,
    REMAINING: _remaining,
    SUPERVISED: _supervised,
    MEASURE: _measure,
    LACKING: _lacking,
    AWAITS: _awaits,
    TURN: _turn,
}
_OPEN = col(Issue.state).not_in(ENDED_STATES)  # as the indexes of what is open say it
_VIEWS: dict[QuickView, Callable[[Session, Actor], ColumnElement[bool]]] = {
    QuickView.OPEN: lambda _session, _actor: _OPEN,
    QuickView.WAITING: lambda session, actor: and_(_OPEN, waiting(Desk(actor, moments(session)))),
    QuickView.OVERDUE: lambda session, _actor: any_of([Remaining.OVERDUE], moments(session)),
    QuickView.TO_URGE: lambda session, actor: to_urge(Desk(actor, moments(session))),
    QuickView.SOON: lambda session, _actor: any_of([Remaining.TODAY, Remaining.SOON], moments(session)),
    QuickView.MINE: lambda _session, actor: and_(col(Issue.first_receiver_id) == actor.account_id, _OPEN),
    QuickView.SUPERVISED: lambda _session, _actor: and_(col(Issue.supervision) != "", _OPEN),
    QuickView.CARDS: lambda _session, _actor: and_(col(Issue.card) != Card.NONE, _OPEN),
    QuickView.ON_SITE: lambda _session, _actor: CONDITIONS[Measure.ON_SITE],
    QuickView.ACROSS: lambda _session, _actor: col(Issue.cross_department).is_(True),
    QuickView.CLOSED: lambda _session, _actor: col(Issue.state).in_(ENDED_STATES),
}
