"""Holding and cancelling rows of reminders: whoever locks several does so in the order of their ids."""

from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from core import clock
from models.reminder import OPEN_REMINDER_STATES, Reminder, ReminderState


def hold(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    """Lock the reminders that fulfil all conditions until the transaction ends, and return their ids in order."""
    found = select_columns(col(Reminder.id)).where(*conditions).order_by(col(Reminder.id)).with_for_update()
    return [each for (each,) in session.execute(found) if each is not None]


def change(session: Session, ids: list[int], **values: Any) -> None:
    """Set columns of reminders that are held."""
    if ids:
        statement = update(Reminder).where(col(Reminder.id).in_(ids)).values(**values)
        session.execute(statement.execution_options(synchronize_session=False))


def cancel(session: Session, note: str, *conditions: ColumnElement[bool]) -> int:
    """Cancel the reminders that fulfil all conditions and are not told yet; returns how many.

    Args:
        session: the transaction.
        note: why, as a text of the catalogue.
        *conditions: which ones.
    """
    ids = hold(session, *conditions, col(Reminder.state).in_(OPEN_REMINDER_STATES))
    change(session, ids, state=ReminderState.CANCELLED, cancelled_at=clock.now(), claimed_until=None, note=note)
    return len(ids)
