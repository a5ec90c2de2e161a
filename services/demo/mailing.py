"""What became of a notice batch of the demonstration: who got it when, read it, or could not be delivered to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core import clock
from models.channel import ChannelKind
from models.enterprise import Contact, Enterprise
from models.reminder import (
    BatchState,
    Delivery,
    DeliveryState,
    Message,
    NoticeBatch,
    Occasion,
    Relation,
    Reminder,
    ReminderState,
    Subject,
)
from services.demo.store import Store
from services.notices.audience import Addressee
from services.notices.wording import Wording
from services.reminders.rendering import Rendered
from services.reminders.timing import Shifter

_FAILS, _ACKNOWLEDGED = 0.012, 0.22
_REFUSED = "550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"


@dataclass
class Rows:
    """What is stored of all batches; a message and a delivery for each reminder that was told, in the same order."""

    messages: list[Message] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def store(self, store: Store) -> None:
        """Store everything."""
        store.put(self.messages)
        told = [each for each in self.reminders if each.sent_at is not None]
        for message, reminder, delivery in zip(self.messages, told, self.deliveries, strict=True):
            reminder.message_id = delivery.message_id = message.pk
        store.put(self.reminders)
        store.put(self.deliveries)


class Mailing:
    """One batch on its way.

    Args:
        rng: the chance everything is drawn by.
        batch: the batch, with its id.
        rows: are added to.
        read: the share of those reached who read it.
    """

    def __init__(self, rng: random.Random, batch: NoticeBatch, rows: Rows, *, read: float) -> None:
        self._rng, self._batch, self._rows, self._share = rng, batch, rows, read
        self._started_at = batch.started_at or clock.now()

    def send(self, to: Sequence[tuple[Enterprise, Contact]], hours: Shifter, told: int | None) -> None:
        """Add a row for each recipient, and for those who were told what they were sent.

        Args:
            to: the enterprises that can be reached, each with the contact who gets it.
            hours: when what is not urgent goes out.
            told: how many had been told when it was paused; `None` for all.
        """
        wording = Wording(self._batch.audience, self._batch.title, self._batch.body)
        at = due_at = min(hours.due(self._started_at, urgent=False), clock.now() - timedelta(minutes=20))
        for place, (enterprise, contact) in enumerate(to):
            said = wording.for_(Addressee(enterprise.pk, enterprise.name, contact.name, contact_id=contact.pk))
            reminder = self._planned(contact, said, due_at)
            self._rows.reminders.append(reminder)
            if told is not None and place >= told:
                reminder.state = ReminderState.HELD
                continue
            at += timedelta(seconds=self._rng.uniform(0.05, 0.9))
            self._tell(reminder, contact, at)
        if self._batch.state is BatchState.SENT:
            self._batch.ended_at = at + timedelta(seconds=self._rng.randint(8, 30))

    def _planned(self, contact: Contact, said: Rendered, due_at: datetime) -> Reminder:
        at = self._started_at
        return Reminder(
            subject=Subject.NOTICE, subject_id=self._batch.pk, occasion=Occasion.NOTICE, due_version=1,
            relation=Relation.ADDRESSEE, contact_id=contact.pk, enterprise_id=contact.enterprise_id,
            recipient_key=f"c{contact.pk}", moment=at, due_at=due_at, title=said.title, body=said.body, created_at=at,
            updated_at=at,
        )  # fmt: skip

    def _tell(self, reminder: Reminder, contact: Contact, at: datetime) -> None:
        self._rows.messages.append(
            Message(contact_id=contact.pk, title=reminder.title, body=reminder.body, created_at=at, updated_at=at)
        )
        delivery = Delivery(
            message_id=0, kind=ChannelKind.MAIL, address=contact.email, due_at=at, attempts=1, claimed_at=at,
            created_at=at, updated_at=at,
        )  # fmt: skip
        self._rows.deliveries.append(delivery)
        reminder.attempts, reminder.claimed_at, reminder.sent_at = 1, at, at
        answered_at = at + timedelta(seconds=self._rng.uniform(0.3, 6))
        if self._rng.random() < _FAILS:
            note = _REFUSED.format(address=contact.email)
            delivery.state, delivery.failed_at, delivery.note = DeliveryState.FAILED, answered_at, note
            reminder.state, reminder.failed_at, reminder.note = ReminderState.FAILED, answered_at, note
            return
        delivery.state, delivery.sent_at = DeliveryState.SENT, answered_at
        reminder.state, reminder.delivered_at = ReminderState.DELIVERED, answered_at
        self._read(reminder, answered_at)

    def _read(self, reminder: Reminder, since: datetime) -> None:
        """Let most read it within a day or two, and some of them acknowledge it at once."""
        read_at = since + timedelta(hours=self._rng.lognormvariate(1.2, 1.3))
        if self._rng.random() >= self._share or read_at > clock.now():
            return
        reminder.state, reminder.read_at = ReminderState.READ, read_at
        if self._rng.random() < _ACKNOWLEDGED:
            acted_at = min(read_at + timedelta(seconds=self._rng.randint(8, 240)), clock.now())
            reminder.state, reminder.acted_at = ReminderState.ACTED_ON, acted_at
