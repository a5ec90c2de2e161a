"""Reminders and deliveries for tests of the pipeline."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.channel import ChannelKind
from models.reminder import Delivery, Message, Occasion, Relation, Reminder, ReminderState, Subject
from tests import factories

_subjects = count(1)


def reminder(to: Account | None, due_in: timedelta = timedelta(), **more: Any) -> Reminder:
    """Store a planned notice to an account, or a step of the product itself."""
    now = clock.now()
    values: dict[str, Any] = {
        "subject": Subject.NOTICE, "subject_id": next(_subjects), "occasion": Occasion.NOTICE, "due_version": 1,
        "relation": Relation.ADDRESSEE, "recipient_id": to and to.id, "recipient_key": f"a{to.id}" if to else "",
        "moment": now + due_in, "due_at": now + due_in, "title": "停电通知", "body": "明天 9 时起停电。",
    }  # fmt: skip
    return factories.stored(Reminder(**values | more))


def many(number: int, people: int = 200, due_in: timedelta = timedelta()) -> None:
    """Store many planned notices to as many people as said, in one statement."""
    ids = [each.pk for each in factories.rows(Account)] or accounts(people)
    now = clock.now()
    rows = [
        {
            "subject": Subject.NOTICE, "subject_id": next(_subjects), "occasion": Occasion.NOTICE, "due_version": 1,
            "relation": Relation.ADDRESSEE, "recipient_id": to, "recipient_key": f"a{to}",
            "moment": now + due_in, "due_at": now + due_in, "title": "停电通知", "body": "明天 9 时起停电。",
        }
        for each in range(number)
        for to in [ids[each % len(ids)]]
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(Reminder), rows)


def accounts(number: int) -> list[int]:
    """Store many accounts and return their ids."""
    return [factories.account(Role.GRID_WORKER).pk for _each in range(number)]


def delivery(address: str = "zhang@example.org", **more: Any) -> Delivery:
    """Store a message to somebody with a mail address and one delivery of it."""
    to = factories.account(Role.GRID_WORKER, email=address)
    message = factories.stored(Message(account_id=to.pk, title="停电通知", body="明天 9 时起停电。"))
    return factories.stored(Delivery(**{"message_id": message.pk, "kind": ChannelKind.MAIL, "address": address} | more))


def message_of(row: Delivery) -> Message:
    """Return the message a delivery carries."""
    with transaction() as session:
        return session.get_one(Message, row.message_id)


def state_of(row: Reminder | Delivery) -> str:
    """Return the state a row has now."""
    return str(stored(row).state.value)


def stored(row: Any) -> Any:
    """Return a row as it is stored now."""
    with transaction() as session:
        return session.get_one(type(row), row.pk)


def in_state(state: ReminderState) -> int:
    """Return how many reminders are in a state."""
    with transaction() as session:
        return len(session.exec(select(Reminder.id).where(col(Reminder.state) == state)).all())
