"""What people do with their messages: read them, and say that they got them."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col

from core.errors import NotFoundError
from models.reminder import Reminder
from services import access
from services.actor import Actor
from services.inbox.listing import UNREAD
from services.permissions import Action
from services.reminders import acknowledging
from services.use_case import use_case


def read(actor: Actor, reminder_ids: Iterable[int]) -> None:
    """Mark some of the actor's messages as read.

    Raises:
        NotFoundError: one of them is not theirs.
    """
    with use_case(actor, Action.INBOX) as session:
        acknowledging.mark_read(session, _checked(session, actor, reminder_ids), actor.account_id)


def read_all(actor: Actor, until: datetime) -> int:
    """Mark the actor's messages as read and return how many were not.

    Args:
        actor: whose they are.
        until: when the person saw how many there are; what came later stays unread.
    """
    with use_case(actor, Action.INBOX) as session:
        ids = _own(session, actor, col(Reminder.state) == UNREAD, col(Reminder.delivered_at) <= until)
        acknowledging.mark_read(session, ids, actor.account_id)
        return len(ids)


def acknowledge(actor: Actor, reminder_ids: Iterable[int]) -> int:
    """Say that the actor got some of their messages, which stops the rest of their ladders; again is no harm.

    Returns:
        How many later reminders that stopped.

    Raises:
        NotFoundError: one of them is not theirs.
    """
    with use_case(actor, Action.INBOX) as session:
        return acknowledging.acknowledge(session, _checked(session, actor, reminder_ids), actor.account_id)


def _checked(session: Session, actor: Actor, reminder_ids: Iterable[int]) -> list[int]:
    wanted = set(reminder_ids)
    found = _own(session, actor, col(Reminder.id).in_(wanted))
    if len(found) < len(wanted):
        raise NotFoundError
    return found


def _own(session: Session, actor: Actor, *conditions: object) -> list[int]:
    statement = access.visible(actor, Action.INBOX, Reminder).with_only_columns(col(Reminder.id))
    told = col(Reminder.recipient_id) == actor.account_id, col(Reminder.delivered_at).is_not(None)
    return list(session.execute(statement.where(*told, *conditions).order_by(col(Reminder.id))).scalars())  # type: ignore[arg-type]
