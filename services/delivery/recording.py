"""What telling writes down: each kind of row in one statement, however many there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, String, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from core import clock
from core.arrays import table_of
from models.base import Moment, metadata
from models.reminder import Message, ReminderState
from services.delivery.claiming import DELIVERIES, REMINDERS
from services.delivery.told import Letter, Told
from services.waking import wake

_message = metadata.tables[str(Message.__tablename__)]
_reminder, _delivery = REMINDERS.table, DELIVERIES.table
_LONGEST_NOTE = 1000


def tell(session: Session, told: Sequence[Told], letters: Sequence[Letter]) -> None:
    """Store messages and their deliveries, and put the reminders into the inbox.

    A reminder to an account has then been delivered; one to a contact has been sent, and its delivery decides.
    """
    if not told:
        return
    now = clock.now()
    ids = _store(session, letters, now)
    _store_deliveries(session, letters, ids, now, min(each.due.due_at for each in told))
    message_of = {each: number for number, letter in zip(ids, letters, strict=True) for each in letter.reminders}
    rows = (
        (each.due.id, each.title, each.body, message_of.get(each.due.id), *_state(each, now)) for each in told
    )  # fmt: skip
    given = table_of(rows, id=Integer(), title=String(), body=String(), message=Integer(), state=String(), at=Moment)
    statement = (
        update(_reminder)
        .where(_reminder.c.id == given.c.id)
        .values(
            state=given.c.state, title=given.c.title, body=given.c.body, message_id=given.c.message, sent_at=now,
            delivered_at=given.c.at, claimed_until=None, note="",
        )
    )  # fmt: skip
    session.execute(statement)


def fail(session: Session, reasons: Mapping[int, str]) -> None:
    """Park reminders, each with the reason."""
    _end(session, reasons, state=ReminderState.FAILED, failed_at=clock.now())


def cancel(session: Session, reasons: Mapping[int, str]) -> None:
    """Cancel reminders, each with the reason."""
    _end(session, reasons, state=ReminderState.CANCELLED, cancelled_at=clock.now())


def put_off(session: Session, reminder_id: int, until: datetime, reason: str) -> None:
    """Plan a claimed reminder for later."""
    values = {"state": "planned", "due_at": until, "claimed_until": None, "note": reason}
    session.execute(
        update(_reminder).where(_reminder.c.id == reminder_id, REMINDERS.in_state("claimed")).values(values)
    )


def _state(told: Told, now: datetime) -> tuple[str, datetime | None]:
    if told.due.recipient_id is None:
        return ReminderState.SENT.value, None
    return ReminderState.DELIVERED.value, now


def _store(session: Session, letters: Sequence[Letter], now: datetime) -> list[int]:
    """Store messages and return their ids, in order; the ids are drawn first, so that nothing depends on the order."""
    sequence = func.pg_get_serial_sequence("message", "id")
    ids = list(
        session.execute(select(func.nextval(sequence)).select_from(func.generate_series(1, len(letters)))).scalars()
    )
    rows = (
        (number, each.account_id, each.team_id, each.contact_id, each.locale, each.urgent, each.title, each.body)
        for number, each in zip(ids, letters, strict=True)
    )
    given = table_of(
        rows, id=Integer(), account_id=Integer(), team_id=Integer(), contact_id=Integer(), locale=String(),
        urgent=Boolean(), title=String(), body=String(),
    )  # fmt: skip
    names = [*given.c.keys(), "created_at", "updated_at"]
    session.execute(insert(_message).from_select(names, select(*given.c, literal(now, Moment), literal(now, Moment))))
    return ids


def _store_deliveries(
    session: Session, letters: Sequence[Letter], ids: Sequence[int], now: datetime, due_at: datetime
) -> None:
    """Store deliveries, as due as their reminders are: were a clock that is fast asked, they would wait for it."""
    rows = [
        (number, route.kind.value, route.channel_id, route.address)
        for number, letter in zip(ids, letters, strict=True)
        for route in letter.routes
    ]
    if not rows:
        return
    given = table_of(rows, message_id=Integer(), kind=String(), channel_id=Integer(), address=String())
    same: dict[str, Any] = {
        "state": literal("planned"), "attempts": literal(0), "note": literal(""), "kept_only": literal(False),
        "due_at": literal(due_at, Moment), "created_at": literal(now, Moment), "updated_at": literal(now, Moment),
    }  # fmt: skip
    values = select(*given.c, *same.values())
    statement = postgresql.insert(_delivery).from_select([*given.c.keys(), *same], values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["message_id", "kind", "address"]))
    wake(session)


def _end(session: Session, reasons: Mapping[int, str], **values: Any) -> None:
    if not reasons:
        return
    given = table_of(((each, why[:_LONGEST_NOTE]) for each, why in reasons.items()), id=Integer(), why=String())
    statement = update(_reminder).where(_reminder.c.id == given.c.id, REMINDERS.in_state("claimed"))
    session.execute(statement.values(values | {"note": given.c.why, "claimed_until": None}))
