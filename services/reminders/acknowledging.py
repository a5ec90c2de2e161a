"""Acknowledging: whoever was told says so, and the rest of the ladder is needless."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from core import clock
from core.i18n import N_
from models.reminder import Reminder, ReminderRule, ReminderState, StopsOn
from services.reminders import rows

ACKNOWLEDGED = N_("Acknowledged; the rest of the ladder is not sent.")
"""Note of what was cancelled because somebody acknowledged an earlier step."""
_UNREAD = (ReminderState.SENT, ReminderState.DELIVERED)
_TOLD = (*_UNREAD, ReminderState.READ)


def acknowledge(session: Session, reminder_ids: Sequence[int], account_id: int | None) -> int:
    """Record that these reminders were acknowledged, and stop their ladders.

    Args:
        session: the use case's session.
        reminder_ids: what was told; what was not, or is acknowledged already, stays as it is.
        account_id: whose they must be; `None` for somebody who holds the link of the message.

    Returns:
        How many later reminders were cancelled, to whomever they would have gone.
    """
    ids = rows.hold(session, *_own(reminder_ids, account_id), col(Reminder.state).in_(_TOLD))
    note_acted(session, ids)
    return _stop_ladders(session, ids) if ids else 0


def mark_read(session: Session, reminder_ids: Sequence[int], account_id: int | None) -> None:
    """Record that delivered reminders were read; see `acknowledge` for the arguments."""
    ids = rows.hold(session, *_own(reminder_ids, account_id), col(Reminder.state).in_(_UNREAD))
    rows.change(session, ids, state=ReminderState.READ, read_at=clock.now(), delivered_at=_at(Reminder.delivered_at))


def note_acted(session: Session, ids: list[int]) -> None:
    """Record of held rows that they were acknowledged; no ladder stops by this alone."""
    moments = {"read_at": _at(Reminder.read_at), "delivered_at": _at(Reminder.delivered_at)}
    rows.change(session, ids, state=ReminderState.ACTED_ON, acted_at=clock.now(), **moments)


def _at(moment: Any) -> ColumnElement[Any]:
    """Return a moment, or now if it was not noted: a mail may be read before its sending is recorded."""
    return func.coalesce(col(moment), clock.now())


def _own(reminder_ids: Sequence[int], account_id: int | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [col(Reminder.id).in_(reminder_ids)]
    return chosen if account_id is None else [*chosen, col(Reminder.recipient_id) == account_id]


def _stop_ladders(session: Session, ids: Sequence[int]) -> int:
    ladder = (col(Reminder.subject), col(Reminder.subject_id), col(Reminder.occasion), col(Reminder.due_version))
    ladders = session.execute(select_columns(*ladder).where(col(Reminder.id).in_(ids)).distinct()).all()
    yielding = select_columns(col(ReminderRule.id)).where(col(ReminderRule.stops_on) == StopsOn.ACKNOWLEDGED)
    return rows.cancel(
        session,
        ACKNOWLEDGED,
        tuple_(*ladder).in_([tuple(row) for row in ladders]),
        col(Reminder.rule_id).in_(yielding),
    )
