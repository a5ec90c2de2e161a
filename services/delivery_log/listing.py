"""The reminders of the log, page by page: each page costs the same wherever it lies."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core import clock
from core.i18n import gettext
from models.account import Account
from models.channel import ChannelKind
from models.enterprise import Contact, Enterprise
from models.reminder import Delivery, DeliveryState, Occasion, Reminder, ReminderRule, ReminderState, Subject
from services import access
from services.actor import Actor
from services.delivery_log import subjects
from services.delivery_log.query import Query, Stand, conditions
from services.permissions import Action
from services.use_case import use_case

CAP = 100_000
"""A count goes no further, and no more are retried, dropped or cancelled at one press."""
_BEFORE, _AFTER = "b", "a"


@dataclass(frozen=True)
class Way:
    """How far a reminder's message came by one channel."""

    kind: ChannelKind
    state: DeliveryState
    kept_only: bool


@dataclass(frozen=True)
class Line:
    """One reminder of the list."""

    id: int
    due_at: datetime
    stand: Stand
    urgent: bool
    recipient: str
    subject: Subject
    about: str
    """What people call the subject, its kind included."""
    occasion: Occasion
    rule: str
    """Its name; empty for a reminder without one."""
    title: str
    """What was told; empty until then."""
    ways: tuple[Way, ...]
    note: str


@dataclass(frozen=True)
class Page:
    """A page of the list; the cursors of the pages after and before it are empty where there is none."""

    lines: list[Line]
    after: str
    before: str


def find(actor: Actor, query: Query, *, cursor: str = "", size: int = 50) -> Page:
    """Return one page: the latest due first, but what is still to come the other way round.

    Args:
        actor: who asks.
        query: what for.
        cursor: where the page begins, as another page told it; empty or unreadable means the first.
        size: how many lines it has at most.

    Raises:
        NotAllowedError: the role may not see the delivery log.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        rows, after, before = _read(session, matching(actor, Action.DELIVERY_VIEW, query), query, cursor, size)
        return Page(lines(session, rows), after, before)


def count(actor: Actor, query: Query, *states: ReminderState) -> int:
    """Return how many reminders fit, up to one more than `CAP`.

    Args:
        actor: who asks.
        query: what for.
        *states: only those in one of these; none means all.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        found = matching(actor, Action.DELIVERY_VIEW, query)
        if states:
            found = found.where(col(Reminder.state).in_(states))
        some = found.with_only_columns(col(Reminder.id)).limit(CAP + 1).subquery()
        return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def rules(actor: Actor) -> dict[int, str]:
    """Return the id and name of each rule, active or not, by name."""
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        rows = session.exec(select(ReminderRule.id, ReminderRule.name).order_by(col(ReminderRule.name))).all()
        return {rule_id or 0: name for rule_id, name in rows}


def matching(actor: Actor, action: Action, query: Query) -> SelectOfScalar[Reminder]:
    """Return the statement of the reminders a query leaves of those the actor may do this with."""
    return access.visible(actor, action, Reminder).where(*conditions(query))


def state_of(stand: Stand) -> ReminderState:
    """Return the state of the rows that stand there."""
    return ReminderState.PLANNED if stand is Stand.DUE else ReminderState.of(stand.value)


def stand_of(row: Reminder) -> Stand:
    """Return where a reminder stands now."""
    due = row.state is ReminderState.PLANNED and row.due_at <= clock.now()
    return Stand.DUE if due else Stand.of(row.state.value)


def _read(
    session: Session, found: SelectOfScalar[Reminder], query: Query, cursor: str, size: int
) -> tuple[list[Reminder], str, str]:
    """Return the rows of a page and the cursors beside it; one row more tells whether it goes on."""
    place = _place(cursor)
    backwards = place is not None and place[0]
    ascending = query.ascending is not backwards
    key = (col(Reminder.due_at), col(Reminder.id))
    if place is not None:
        beside = tuple_(*key)
        found = found.where(beside > place[1:] if ascending else beside < place[1:])
    ordered = found.order_by(*((each.asc() if ascending else each.desc()) for each in key))
    rows = list(session.exec(ordered.limit(size + 1)))
    goes_on, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return [], "", ""
    more_after, more_before = (True, goes_on) if backwards else (goes_on, place is not None)
    return rows, _cursor(_AFTER, rows[-1]) if more_after else "", _cursor(_BEFORE, rows[0]) if more_before else ""


def _cursor(way: str, row: Reminder) -> str:
    return f"{way}_{row.due_at.timestamp():.6f}_{row.id}"


def _place(cursor: str) -> tuple[bool, datetime, int] | None:
    """Return whether a cursor asks for what lies before it, and its keys; `None` for what somebody invented."""
    way, _between, keys = cursor.partition("_")
    moment, _between, row_id = keys.partition("_")
    try:
        return way == _BEFORE, datetime.fromtimestamp(float(moment), clock.zone()), int(row_id)
    except (ValueError, OverflowError, OSError):
        return None


def lines(session: Session, rows: Sequence[Reminder]) -> list[Line]:
    """Return rows as the list shows them."""
    recipients = recipients_of(session, rows)
    about = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    named = _rule_names(session, {row.rule_id for row in rows if row.rule_id is not None})
    ways = _ways(session, {row.message_id for row in rows if row.message_id is not None})
    return [
        Line(
            id=row.pk,
            due_at=row.due_at,
            stand=stand_of(row),
            urgent=row.urgent,
            recipient=recipients[row.pk],
            subject=row.subject,
            about=about[row.subject, row.subject_id],
            occasion=row.occasion,
            rule=named.get(row.rule_id or 0, ""),
            title=row.title,
            ways=ways.get(row.message_id or 0, ()),
            note=gettext(row.note),
        )
        for row in rows
    ]


def recipients_of(session: Session, rows: Sequence[Reminder]) -> dict[int, str]:
    """Return the name of each row's recipient, by the row's id."""
    people = dict(_names(session, Account, {row.recipient_id for row in rows}))
    contacts = _contacts(session, {row.contact_id for row in rows if row.contact_id is not None})
    found = {}
    for row in rows:
        name = people.get(row.recipient_id or 0) or contacts.get(row.contact_id or 0)
        gone = gettext("(a contact since deleted)") if row.recipient_key else gettext("The product itself")
        found[row.pk] = name or gone
    return found


def _names(session: Session, model: Any, ids: Iterable[int | None]) -> list[tuple[int, str]]:
    asked = select(model.id, model.name).where(col(model.id).in_([each for each in ids if each is not None]))
    return [(row[0], row[1]) for row in session.execute(asked)]


def _contacts(session: Session, ids: set[int]) -> dict[int, str]:
    asked = (
        select(Contact.id, Contact.name, Enterprise.name)
        .join(Enterprise, col(Enterprise.id) == Contact.enterprise_id)
        .where(col(Contact.id).in_(ids))
    )
    return {row[0]: f"{row[2]} {row[1]}" for row in session.execute(asked)}


def _rule_names(session: Session, ids: set[int]) -> dict[int, str]:
    return dict(_names(session, ReminderRule, ids))


def _ways(session: Session, message_ids: set[int]) -> dict[int, tuple[Way, ...]]:
    asked = (
        select(Delivery.message_id, Delivery.kind, Delivery.state, Delivery.kept_only)
        .where(col(Delivery.message_id).in_(message_ids))
        .order_by(col(Delivery.id))
    )
    found: dict[int, list[Way]] = defaultdict(list)
    for message_id, *rest in session.execute(asked):
        found[message_id].append(Way(*rest))
    return {message_id: tuple(each) for message_id, each in found.items()}
