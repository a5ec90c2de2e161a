"""Reminders in every state, with their messages and deliveries, for tests of the delivery log."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from core import clock
from models.account import Account
from models.channel import ChannelKind
from models.outbox import OutboxMessage
from models.reminder import (
    Delivery,
    DeliveryState,
    Message,
    Occasion,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    ReminderTemplate,
    Subject,
)
from tests.factories import stored

_numbers = count(1)
_COME = {
    ReminderState.PLANNED: (),
    ReminderState.HELD: (),
    ReminderState.CLAIMED: ("claimed_at",),
    ReminderState.SENT: ("claimed_at", "sent_at"),
    ReminderState.DELIVERED: ("claimed_at", "sent_at", "delivered_at"),
    ReminderState.READ: ("claimed_at", "sent_at", "delivered_at", "read_at"),
    ReminderState.ACTED_ON: ("claimed_at", "sent_at", "delivered_at", "read_at", "acted_at"),
    ReminderState.FAILED: ("claimed_at", "failed_at"),
    ReminderState.CANCELLED: ("cancelled_at",),
}


def rule(name: str = "") -> ReminderRule:
    """Store a rule with a template of its own."""
    number = next(_numbers)
    words = ReminderTemplate(name=f"Template {number}", occasion=Occasion.ISSUE_DEADLINE, title="{{ n }}", body="")
    return stored(
        ReminderRule(
            name=name or f"Rule {number}",
            occasion=Occasion.ISSUE_DEADLINE,
            recipients=[Relation.ASSIGNEE],
            template_id=stored(words).pk,
        )
    )


def reminder(to: Account | None, state: ReminderState = ReminderState.PLANNED, **more: Any) -> Reminder:
    """Store a reminder that was due a minute ago and has come as far as `state`."""
    due: datetime = more.setdefault("due_at", clock.now() - timedelta(minutes=1))
    told = state not in (ReminderState.PLANNED, ReminderState.HELD, ReminderState.CLAIMED, ReminderState.CANCELLED)
    more = {"title": "Deadline tomorrow", "body": "Please handle it.\nIt is due."} | more if told else more
    more = {"subject": Subject.ISSUE, "subject_id": next(_numbers), "occasion": Occasion.ISSUE_DEADLINE} | more
    return stored(
        Reminder(
            state=state,
            moment=due,
            due_version=1,
            relation=Relation.ASSIGNEE,
            recipient_id=to and to.id,
            recipient_key=f"a{to.pk}" if to else "",
            **{name: due + timedelta(seconds=place) for place, name in enumerate(_COME[state], 1)},
            **more,
        )
    )


def delivery(
    to: Account, state: DeliveryState, kind: ChannelKind = ChannelKind.MAIL, *, of: Reminder | None = None, **more: Any
) -> Delivery:
    """Store a delivery of a message to somebody, which tells of the reminder `of`."""
    message = stored(Message(account_id=to.pk, title="Deadline tomorrow", body="Please handle it."))
    if of is not None:
        of.message_id = message.pk
        stored(of)
    return stored(
        Delivery(
            message_id=message.pk,
            kind=kind,
            address=f"user{next(_numbers)}@example.org",
            state=state,
            failed_at=clock.now() if state is DeliveryState.FAILED else None,
            sent_at=clock.now() if state is DeliveryState.SENT else None,
            **more,
        )
    )


def parked(topic: str = "import.check", error: str = "ValueError: no sheet") -> OutboxMessage:
    """Store a piece of other work that was given up."""
    return stored(OutboxMessage(topic=topic, payload={}, failed_at=clock.now(), attempts=10, error=error))
