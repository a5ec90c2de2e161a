"""What an administrator decides about reminders and deliveries: the mechanics; who may is asked by the use cases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_
from models.reminder import (
    OPEN_REMINDER_STATES,
    Delivery,
    DeliveryState,
    Reminder,
    ReminderState,
)
from services.reminders import noticing
from services.waking import wake

DROPPED = N_("Dropped by an administrator")
CANCELLED = N_("Cancelled by an administrator")
_OPEN_DELIVERY_STATES = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


def retry(session: Session, reminder_ids: Sequence[int]) -> int:
    """Tell failed reminders at once, unless their reason is gone by now; returns how many there were.

    Planning passes over what has failed, so it is asked about these: what was handled meanwhile is cancelled.
    """
    planned = select(col(Reminder.subject), col(Reminder.subject_id)).where(
        col(Reminder.id).in_(list(reminder_ids)), col(Reminder.rule_id).is_not(None)
    )
    for subject, subject_id in session.exec(planned):
        noticing.touch(session, subject, [subject_id])
    again = {"state": ReminderState.PLANNED, "due_at": clock.now(), "failed_at": None, "note": "", "attempts": 0}
    return _change(session, Reminder, reminder_ids, (ReminderState.FAILED,), again)


def drop(session: Session, reminder_ids: Sequence[int]) -> int:
    """Give failed reminders up; returns how many there were."""
    return _change(session, Reminder, reminder_ids, (ReminderState.FAILED,), _cancelled(ReminderState, DROPPED))


def cancel(session: Session, reminder_ids: Sequence[int]) -> int:
    """Cancel reminders that have not been told yet; returns how many there were."""
    return _change(session, Reminder, reminder_ids, OPEN_REMINDER_STATES, _cancelled(ReminderState, CANCELLED))


def retry_deliveries(session: Session, delivery_ids: Sequence[int]) -> int:
    """Send failed deliveries, and those that wait for their next attempt, at once; returns how many there were."""
    again = {"state": DeliveryState.PLANNED, "due_at": clock.now(), "failed_at": None, "note": "", "attempts": 0}
    return _change(session, Delivery, delivery_ids, (DeliveryState.FAILED, DeliveryState.PLANNED), again)


def drop_deliveries(session: Session, delivery_ids: Sequence[int]) -> int:
    """Give deliveries up that have not gone out; returns how many there were.

    One that is on its way at this moment may still arrive; then it counts as sent.
    """
    states = (DeliveryState.FAILED, *_OPEN_DELIVERY_STATES)
    return _change(session, Delivery, delivery_ids, states, _cancelled(DeliveryState, DROPPED))


def _cancelled(states: type[ReminderState] | type[DeliveryState], why: str) -> dict[str, Any]:
    return {"state": states.CANCELLED, "cancelled_at": clock.now(), "note": why, "claimed_until": None}


def _change(
    session: Session,
    model: type[Reminder] | type[Delivery],
    ids: Sequence[int],
    states: Sequence[ReminderState] | Sequence[DeliveryState],
    values: dict[str, Any],
) -> int:
    these = (col(model.id) == func.any(sorted(ids)), col(model.state).in_(states))
    changed = session.execute(update(model).where(*these).values(values).returning(col(model.id))).all()
    if changed:
        wake(session)
    return len(changed)
