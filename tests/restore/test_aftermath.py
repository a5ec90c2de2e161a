"""After a restore nobody is told twice, nothing that is due later is lost, and nobody is still signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.channel import ChannelKind
from models.outbox import OutboxMessage
from models.reminder import (
    Audience,
    BatchState,
    Delivery,
    DeliveryState,
    Message,
    NoticeBatch,
    Occasion,
    Reminder,
    ReminderState,
    Subject,
)
from services import accounts
from services.actor import SYSTEM
from services.backups import making, restoring
from services.backups.aftermath import PERHAPS_SENT
from services.backups.restoring import Restored, Target
from tests import factories
from tests.visit_world import one

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
HOUR = timedelta(hours=1)


@pytest.fixture
def person() -> Account:
    return factories.account(Role.COORDINATOR)


@pytest.fixture
def brought_back(empty: Target, tmp_path: Path) -> Callable[..., Restored]:
    """Back up now, lose everything ten hours later, and restore two hours after that."""

    def bring(lost_at: datetime | None = None) -> Restored:
        made = making.make(str(tmp_path))
        clock.advance(12 * HOUR)
        return restoring.restore(tmp_path / made.name, empty, lost_at=lost_at)

    return bring


def _reminder(person: Account, due: timedelta, number: int, **more: Any) -> Reminder:
    values: dict[str, Any] = {
        "subject": Subject.NOTICE, "subject_id": 0, "occasion": Occasion.NOTICE, "due_version": number,
        "recipient_id": person.pk, "recipient_key": f"a{person.pk}", "moment": clock.now() + due,
        "due_at": clock.now() + due,
    }  # fmt: skip
    return one(Reminder(**(values | more)))


def _delivery(person: Account, due: timedelta, **more: Any) -> Delivery:
    message = one(Message(account_id=person.pk, title="t", body="b"))
    own = {"kind": ChannelKind.MAIL, "address": "a@zone.example", "due_at": clock.now() + due}
    return one(Delivery(message_id=message.pk, **(own | more)))


def _states(empty: Target, table: str) -> list[tuple[str, str]]:
    """Return where rows stand; of reminders only notices, for an account alone gives rise to others."""
    only = "WHERE subject = 'notice'" if table == "reminder" else ""
    with psycopg.connect(empty.owner_url) as connection:
        return connection.execute(f"SELECT state, note FROM {table} {only} ORDER BY id").fetchall()  # noqa: S608


def test_what_came_due_meanwhile_is_held_and_what_is_due_later_is_told(
    person: Account, empty: Target, brought_back: Callable[..., Restored]
) -> None:
    _reminder(person, -HOUR, 1)
    _reminder(person, 5 * HOUR, 2)
    _reminder(person, 20 * HOUR, 3)
    _reminder(person, -HOUR, 4, state=ReminderState.CLAIMED, claimed_until=clock.now() + HOUR)
    _reminder(person, -HOUR, 5, state=ReminderState.READ)
    _reminder(person, 5 * HOUR, 6, recipient_id=None, recipient_key="")
    _delivery(person, -HOUR)
    _delivery(person, 20 * HOUR)
    _delivery(person, -HOUR, state=DeliveryState.CLAIMED, claimed_until=clock.now() + HOUR)
    _delivery(person, -HOUR, state=DeliveryState.SENT)

    done = brought_back()

    held = ("failed", PERHAPS_SENT)
    assert _states(empty, "reminder") == [held, held, ("planned", ""), held, ("read", ""), ("planned", "")]
    assert _states(empty, "delivery") == [held, ("planned", ""), held, ("sent", "")]
    assert (done.after.reminders, done.after.deliveries) == (3, 2)


def test_what_came_due_after_the_loss_is_told_if_its_moment_is_known(
    person: Account, empty: Target, brought_back: Callable[..., Restored]
) -> None:
    _reminder(person, 9 * HOUR, 1)
    _reminder(person, 11 * HOUR, 2)

    brought_back(clock.now() + 10 * HOUR)

    assert _states(empty, "reminder") == [("failed", PERHAPS_SENT), ("planned", "")]


def test_a_notice_that_was_being_sent_waits_for_its_author(
    person: Account, empty: Target, brought_back: Callable[..., Restored]
) -> None:
    batch = one(
        NoticeBatch(
            number="T-1", title="t", body="b", audience=Audience.STAFF, state=BatchState.SENDING,
            written_by_id=person.pk, started_at=clock.now(),
        )
    )  # fmt: skip
    _reminder(person, -HOUR, 1, subject_id=batch.pk)

    done = brought_back()

    assert done.after.paused == 1
    assert _states(empty, "reminder") == [("held", "")]
    with psycopg.connect(empty.owner_url) as connection:
        assert connection.execute("SELECT state FROM notice_batch").fetchone() == ("paused",)


def test_everybody_is_signed_out_and_owed_work_is_free_again(
    person: Account, empty: Target, brought_back: Callable[..., Restored]
) -> None:
    with transaction(actor=SYSTEM) as session:
        account = session.exec(select(Account).where(Account.id == person.pk)).one()
        accounts.open_session(session, account, ip="127.0.0.1", user_agent="test")
    one(OutboxMessage(topic="upkeep", payload={}, claimed_until=clock.now() + HOUR, attempts=3))

    done = brought_back()

    assert done.after.signed_out == 1
    with psycopg.connect(empty.owner_url) as connection:
        left = "SELECT count(*) FROM sign_in_session WHERE ended_at IS NULL"
        free = "SELECT claimed_until, attempts FROM outbox_message"
        said = "SELECT action, actor_name FROM audit_entry ORDER BY id DESC LIMIT 1"
        assert connection.execute(left).fetchone() == (0,)
        assert connection.execute(free).fetchone() == (None, 0)
        assert connection.execute(said).fetchone() == ("backup.restored", "system")
