"""What sending reads and writes down: deliveries with their messages, and how each came out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, exists, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session

from core import clock
from core.arrays import table_of
from core.i18n import N_
from core.settings import settings
from models.base import Moment, metadata
from models.channel import ChannelKind
from models.reminder import DeliveryState, Message, ReminderState
from services import backoff
from services.channels import contact_routes, routes
from services.channels.lines import Outgoing
from services.delivery.choosing import Line
from services.delivery.claiming import DELIVERIES, REMINDERS, Batch, held
from services.inbox.links import message_url

NO_ADDRESS = N_("Nobody is reached there by e-mail any more")
_LONGEST_WAIT = timedelta(hours=6)
_LONGEST_PAUSE = timedelta(minutes=5)
_PATIENCE_WITH_LINES = timedelta(days=3)
_LONGEST_NOTE = 1000
_delivery, _reminder = DELIVERIES.table, REMINDERS.table
_message = metadata.tables[str(Message.__tablename__)]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery whose work has begun, with its message."""

    id: int
    address: str
    attempts: int
    created_at: datetime
    to_contact: bool
    message: Outgoing


@dataclass
class Results:
    """How deliveries came out that is not recorded yet."""

    sent: list[tuple[int, datetime]] = field(default_factory=list)
    to_contacts: list[int] = field(default_factory=list)
    """Which of those sent were to contacts of enterprises, whose reminders are delivered by it."""
    failed: list[tuple[int, str]] = field(default_factory=list)
    put_off: list[tuple[int, datetime, str]] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.sent) + len(self.failed) + len(self.put_off)


def begin(session: Session, batch: Batch) -> list[Parcel]:
    """Note that sending begins, and return what is still to be sent: urgent messages first.

    Mail goes to where its recipient is reached now: an address that was corrected since is the right one. Who is not
    reached by mail any more gets none.
    """
    columns = (
        _delivery.c.id, _delivery.c.address, _delivery.c.attempts, _delivery.c.created_at,
        _message.c.id.label("message_id"), _message.c.title, _message.c.body, _message.c.locale, _message.c.urgent,
        _message.c.account_id, _message.c.team_id, _message.c.contact_id, _delivery.c.kind,
    )  # fmt: skip
    statement = (
        update(_delivery)
        .where(*held(DELIVERIES, batch), _message.c.id == _delivery.c.message_id)
        .values(attempts=_delivery.c.attempts + 1)
        .returning(*columns)
    )
    rows = sorted(session.execute(statement), key=lambda row: (not row.urgent, row.id))
    addresses = _addresses(session, rows)
    _readdress(session, batch, [(row.id, to) for row in rows if (to := addresses[row.id]) not in {"", row.address}])
    _record_unreachable(session, batch, [row.id for row in rows if not addresses[row.id]])
    return [
        Parcel(
            row.id, addresses[row.id], row.attempts, row.created_at, row.account_id is None and row.team_id is None,
            Outgoing(
                f"delivery-{row.id}", row.title, row.body, message_url(row.message_id), row.locale, row.urgent
            ),
        )
        for row in rows if addresses[row.id]
    ]  # fmt: skip


def mine(session: Session, batch: Batch, ids: Sequence[int]) -> set[int]:
    """Return which deliveries are still the holder's: not cancelled, nor taken over after a clock was changed."""
    statement = select_columns(_delivery.c.id).where(_delivery.c.id == func.any(list(ids)), *held(DELIVERIES, batch))
    return set(session.execute(statement).scalars())


def record(session: Session, batch: Batch, results: Results, *, kept_only: bool) -> None:
    """Write results down. What was sent was sent, whoever holds the claim by now; the rest is only for the holder."""
    if results.sent:
        _record_sent(session, results.sent, kept_only=kept_only)
    if results.to_contacts:
        _follow(session, results.to_contacts)
    if results.failed:
        _record_failed(session, batch, results.failed)
    if results.put_off:
        given = table_of(results.put_off, id=Integer(), due_at=Moment, why=String())
        statement = update(_delivery).where(_delivery.c.id == given.c.id, *held(DELIVERIES, batch))
        values = {"state": "planned", "due_at": given.c.due_at, "note": given.c.why, "claimed_until": None}
        session.execute(statement.values(values))


def pause(session: Session, line: Line, batch: Batch, untried: Sequence[int], until: datetime) -> None:
    """Let nothing go out by a line for a while; the rest of a batch is not counted as tried."""
    planned = {"state": "planned", "due_at": until, "claimed_until": None, "attempts": _delivery.c.attempts - 1}
    these = _delivery.c.id == func.any(list(untried))
    session.execute(update(_delivery).where(these, *held(DELIVERIES, batch)).values(planned))
    others = (DELIVERIES.in_state("planned"), _delivery.c.due_at < until)
    by_line = (_delivery.c.kind == line.kind, _delivery.c.channel_id == line.channel_id)
    session.execute(update(_delivery).where(*others, *by_line).values(due_at=until))


def again_at(attempts: int) -> datetime | None:
    """Return when a delivery is tried again, or `None` if it has been tried often enough."""
    if attempts >= DELIVERIES.patience:
        return None
    return clock.now() + backoff.wait(attempts, _first_wait(), _LONGEST_WAIT)


def line_again_at(attempts: int) -> datetime:
    """Return when a line is tried again that does not work."""
    return clock.now() + backoff.wait(attempts, _first_wait(), _LONGEST_PAUSE)


def worn(parcel: Parcel) -> bool:
    """Return whether even a line that does not work is no reason to keep a delivery any longer."""
    return parcel.attempts >= DELIVERIES.patience and clock.now() - parcel.created_at > _PATIENCE_WITH_LINES


def _first_wait() -> timedelta:
    return timedelta(seconds=settings().retry_seconds)


def _record_sent(session: Session, sent: Sequence[tuple[int, datetime]], *, kept_only: bool) -> None:
    given = table_of(sent, id=Integer(), at=Moment)
    done = {
        "state": "sent", "sent_at": given.c.at, "claimed_until": None, "kept_only": kept_only, "note": "",
        "failed_at": None, "cancelled_at": None,
    }  # fmt: skip
    unsent = _delivery.c.state != DeliveryState.SENT
    session.execute(update(_delivery).where(_delivery.c.id == given.c.id, unsent).values(done))


def _follow(session: Session, deliveries: Sequence[int]) -> None:
    to_contact = _of_contacts(deliveries, (ReminderState.SENT, ReminderState.FAILED))
    delivered = {"state": "delivered", "delivered_at": clock.now(), "failed_at": None, "note": ""}
    session.execute(update(_reminder).where(*to_contact).values(delivered))


def _addresses(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """Return delivery → where it goes, as of now; empty for mail to somebody who has no address for it any more."""
    accounts = {row.account_id for row in rows if row.account_id is not None}
    contacts = {row.contact_id for row in rows if row.contact_id is not None}
    ways = {("account", key): found for key, found in routes(session, accounts).items()}
    ways |= {("contact", key): found for key, found in contact_routes(session, contacts).items()}
    found = {}
    for row in rows:
        key = ("account", row.account_id) if row.account_id is not None else ("contact", row.contact_id)
        by_mail = (each.address for each in ways.get(key, ()) if each.kind is ChannelKind.MAIL)
        found[row.id] = next(by_mail, "") if row.kind == ChannelKind.MAIL else row.address
    return found


def _readdress(session: Session, batch: Batch, addresses: Sequence[tuple[int, str]]) -> None:
    if addresses:
        given = table_of(addresses, id=Integer(), address=String())
        these = (_delivery.c.id == given.c.id, *held(DELIVERIES, batch))
        session.execute(update(_delivery).where(*these).values(address=given.c.address))


def _record_unreachable(session: Session, batch: Batch, ids: Sequence[int]) -> None:
    if ids:
        values = {"state": "cancelled", "cancelled_at": clock.now(), "note": NO_ADDRESS, "claimed_until": None}
        these = (_delivery.c.id == func.any(list(ids)), *held(DELIVERIES, batch))
        session.execute(update(_delivery).where(*these).values(values))
        _lose(session, ids)


def _record_failed(session: Session, batch: Batch, failed: Sequence[tuple[int, str]]) -> None:
    given = table_of(((number, why[:_LONGEST_NOTE]) for number, why in failed), id=Integer(), why=String())
    values = {"state": "failed", "failed_at": clock.now(), "note": given.c.why, "claimed_until": None}
    session.execute(update(_delivery).where(_delivery.c.id == given.c.id, *held(DELIVERIES, batch)).values(values))
    _lose(session, [number for number, _why in failed])


def _lose(session: Session, deliveries: Sequence[int]) -> None:
    """Let reminders to contacts fail whose messages do not go out by any other delivery, with the reason of one."""
    other = _delivery.alias()
    hopeful = exists().where(
        other.c.message_id == _reminder.c.message_id,
        other.c.state.in_([DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENT]),
    )
    reason = select_columns(_delivery.c.note).where(_delivery.c.message_id == _reminder.c.message_id)
    to_contact = _of_contacts(deliveries, (ReminderState.SENT,))
    lost = {"state": "failed", "failed_at": clock.now(), "note": reason.limit(1).scalar_subquery()}
    session.execute(update(_reminder).where(*to_contact, ~hopeful).values(lost))


def _of_contacts(deliveries: Sequence[int], states: Sequence[ReminderState]) -> list[ColumnElement[bool]]:
    """Return the conditions of reminders to contacts whose messages these deliveries carry."""
    messages = select_columns(_delivery.c.message_id).where(_delivery.c.id == func.any(list(deliveries)))
    return [
        _reminder.c.message_id.in_(messages),
        _reminder.c.recipient_id.is_(None),
        _reminder.c.state.in_(states),
    ]
