"""Deleting what was told long ago: reminders, their messages and deliveries."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, exists, select

from core import clock
from core.db import transaction
from models.base import metadata
from models.reminder import OPEN_REMINDER_STATES, DeliveryState, Message, ReminderState, Subject
from services.delivery.claiming import DELIVERIES, REMINDERS

KEPT = timedelta(days=400)
CANCELLED_KEPT = timedelta(days=90)
_AT_A_TIME = 5000
_reminder, _delivery = REMINDERS.table, DELIVERIES.table
_message = metadata.tables[str(Message.__tablename__)]


def tidy() -> int:
    """Delete what ended long ago, and return how many rows that were.

    A reminder's moment must be long past too: its row is what keeps it from being planned again. Notices stay, for
    their batches tell for ever whom they reached.
    """
    now = clock.now()
    told = _reminder.c.state.not_in([*OPEN_REMINDER_STATES, ReminderState.CANCELLED])
    conditions = (
        (_reminder, (told, *_past(now - KEPT))),
        (_reminder, (_reminder.c.state == ReminderState.CANCELLED, *_past(now - CANCELLED_KEPT))),
        (_delivery, (_ended_delivery(), _delivery.c.updated_at < now - KEPT)),
        (_message, (_message.c.created_at < now - KEPT, *_of_nothing())),
    )
    return sum(_delete(table, where) for table, where in conditions)


def _past(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    columns = (_reminder.c.due_at, _reminder.c.moment, _reminder.c.updated_at)
    return (_reminder.c.subject != Subject.NOTICE, *(column < moment for column in columns))


def _ended_delivery() -> ColumnElement[bool]:
    return _delivery.c.state.not_in([DeliveryState.PLANNED, DeliveryState.CLAIMED])


def _of_nothing() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of messages that neither a reminder nor a delivery needs any more."""
    return tuple(~exists().where(table.c.message_id == _message.c.id) for table in (_reminder, _delivery))


def _delete(table: Table, where: tuple[ColumnElement[bool], ...]) -> int:
    """Delete some at a time, so that nobody waits long for a lock."""
    total = 0
    while True:
        some = select(table.c.id).where(*where).order_by(table.c.id).limit(_AT_A_TIME)
        statement = delete(table).where(table.c.id.in_(some)).returning(table.c.id)
        with transaction() as session:
            number = len(session.execute(statement).all())
        total += number
        if number < _AT_A_TIME:
            return total
