"""Stage B: each message goes out once, what does not go out is tried again, and what never will is said to fail."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import clock, db
from core.settings import settings
from models.account import Account, Role
from models.area import Tier
from models.channel import ChannelKind
from models.enterprise import Contact
from models.reminder import Delivery, Reminder
from services import delivery
from services.actor import SYSTEM
from services.delivery import outcomes, sending, telling
from services.delivery.choosing import claim_deliveries, claim_reminders
from services.delivery.claiming import DELIVERIES, lease, rescue
from tests import factories
from tests.services.delivery import world
from tests.smtp import MailServer

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def send(**more: Any) -> sending.Tally:
    total = sending.Tally()
    for work in claim_deliveries(8):
        tally = sending.send(work, **more)
        total = sending.Tally(total.sent + tally.sent, total.failed + tally.failed, total.put_off + tally.put_off)
    return total


def to_contact(email: str = "wang@example.org") -> Reminder:
    enterprise = factories.enterprise(factories.area(Tier.GRID))
    contact = factories.stored(Contact(enterprise_id=enterprise.pk, name="王总", email=email))
    row = world.reminder(None, contact_id=contact.pk, recipient_key=f"c{contact.pk}")
    for batch in claim_reminders():
        telling.tell(batch)
    return row


def test_all_messages_of_a_batch_go_by_one_connection_under_the_ids_of_their_deliveries(server: MailServer) -> None:
    rows = [world.delivery(f"p{number}@example.org") for number in range(25)]

    assert send().sent == 25

    assert server.recipients == [f"p{number}@example.org" for number in range(25)]
    assert server.connections == 1
    assert str(server.mails[0]["Message-ID"]).startswith(f"<delivery-{rows[0].pk}@")
    assert {world.state_of(row) for row in rows} == {"sent"}
    assert world.stored(rows[0]).sent_at == clock.now()
    assert send().sent == 0


def test_urgent_messages_go_first(server: MailServer) -> None:
    world.delivery("later@example.org")
    urgent = world.delivery("first@example.org")
    message = world.message_of(urgent)
    message.urgent = True
    factories.stored(message)

    send()

    assert server.recipients == ["first@example.org", "later@example.org"]


def test_without_a_mail_server_mail_is_kept_for_the_viewer() -> None:
    row = world.delivery()

    send()

    assert (world.state_of(row), world.stored(row).kept_only) == ("sent", True)


def test_what_the_server_refuses_for_good_fails_at_once_with_its_answer(server: MailServer) -> None:
    server.on_recipient = "550 5.1.1 no such mailbox"
    row = world.delivery()

    assert send().failed == 1

    failed = world.stored(row)
    assert (world.state_of(row), failed.failed_at) == ("failed", clock.now())
    assert "550 5.1.1 no such mailbox" in failed.note


def _to_account(email: str) -> tuple[Account, Delivery]:
    """Tell somebody of a notice, whose mail then waits."""
    person = factories.account(Role.GRID_WORKER, email=email)
    world.reminder(person)
    for batch in claim_reminders():
        telling.tell(batch)
    (row,) = factories.rows(Delivery, lambda each: each.address == email)
    return person, row


def _correct(row: Account | Contact, **values: Any) -> None:
    with db.transaction(actor=SYSTEM) as session:
        session.get_one(type(row), row.pk).sqlmodel_update(values)


def test_retrying_a_refused_mail_sends_it_to_the_corrected_address(server: MailServer) -> None:
    server.on_recipient = "550 no such mailbox"
    person, row = _to_account("lina@exampel.org")
    assert send().failed == 1
    server.on_recipient = ""
    _correct(person, email="lina@example.org")

    with db.transaction() as session:
        delivery.retry_deliveries(session, [row.pk])
    assert send().sent == 1

    assert server.recipients == ["lina@example.org"]
    assert world.stored(row).address == "lina@example.org", "the log says where it went"


def test_what_waits_for_its_next_attempt_goes_to_the_corrected_address(server: MailServer) -> None:
    server.on_data = "451 try again"
    told = to_contact("wang@exampel.org")
    assert send().put_off == 1
    server.on_data = ""
    (contact,) = factories.rows(Contact)
    _correct(contact, email=" wang@example.org ")
    clock.advance(timedelta(minutes=1))

    assert send().sent == 1

    assert server.recipients == ["wang@example.org"]
    assert world.state_of(told) == "delivered"


@pytest.mark.parametrize("left", [{"email": ""}, {"active": False}])
def test_whoever_has_no_address_any_more_gets_no_mail(server: MailServer, left: dict[str, Any]) -> None:
    person, row = _to_account("lina@example.org")
    _correct(person, **left)

    assert send() == sending.Tally()

    assert server.mails == []
    assert (world.state_of(row), world.stored(row).note) == ("cancelled", outcomes.NO_ADDRESS)


def test_a_reminder_to_a_contact_that_is_gone_is_said_to_fail(server: MailServer) -> None:
    """Given a notice on its way to a contact, when the contact is removed, then no mail goes and the log says why."""
    told = to_contact()
    (contact,) = factories.rows(Contact)
    with db.transaction(actor=SYSTEM) as session:
        session.delete(session.get_one(Contact, contact.pk))

    send()

    assert server.mails == []
    assert (world.state_of(told), world.stored(told).note) == ("failed", outcomes.NO_ADDRESS)


def test_what_the_server_cannot_take_now_is_tried_again_ever_later_and_parked_in_the_end(server: MailServer) -> None:
    server.on_data = "451 4.3.0 try again"
    row = world.delivery()
    waits = []
    for _attempt in range(DELIVERIES.patience - 1):
        assert send().put_off == 1
        waits.append(world.stored(row).due_at - clock.now())
        clock.advance(waits[-1])
    assert send().failed == 1

    assert waits[0] <= timedelta(seconds=settings().retry_seconds)
    assert timedelta(hours=3) <= waits[-1] <= timedelta(hours=6)
    assert "451 4.3.0 try again" in world.stored(row).note


def test_a_server_that_is_down_is_tried_again_soon_and_uses_up_nobodys_attempts(server: MailServer) -> None:
    """Given many mails and a server that takes none, three are tried, and all wait for it."""
    server.on_data = "451 4.3.0 try again"
    rows = [world.delivery(f"p{number}@example.org") for number in range(DELIVERIES.size + 5)]

    send()

    after = [world.stored(row) for row in rows]
    assert sorted(each.attempts for each in after)[-7:] == [0, 1, 1, 1, 1, 1, 1], "two batches were under way"
    assert {world.state_of(row) for row in rows} == {"planned"}
    assert all(each.due_at > clock.now() for each in after)
    server.on_data = ""
    clock.advance(timedelta(seconds=settings().retry_seconds))
    while send().sent:
        pass
    assert {world.state_of(row) for row in rows} == {"sent"}
    assert len(server.mails) == len(rows)


def test_full_mailboxes_hold_up_nobody_else(server: MailServer) -> None:
    """Given the first three of a batch with full mailboxes, then the others get their mail at once."""
    server.full = {f"p{number}@example.org" for number in range(3)}
    full = [world.delivery(address) for address in sorted(server.full)]
    others = [world.delivery(f"q{number}@example.org") for number in range(5)]

    assert (send().sent, len(server.mails)) == (5, 5)

    assert {world.state_of(row) for row in others} == {"sent"}
    assert [world.stored(row).attempts for row in full] == [1, 1, 1]
    assert {world.state_of(row) for row in full} == {"planned"}
    assert all("452 4.2.2 mailbox full" in world.stored(row).note for row in full)
    server.full = set()
    clock.advance(timedelta(seconds=settings().retry_seconds))
    assert send().sent == 3


def test_no_message_is_given_up_for_a_server_that_was_down_for_a_day(server: MailServer) -> None:
    server.on_data = "451 4.3.0 try again"
    rows = [world.delivery(f"p{number}@example.org") for number in range(4)]
    for _hour in range(24):
        send()
        clock.advance(timedelta(hours=1))

    assert {world.state_of(row) for row in rows} == {"planned"}


def test_a_robot_that_is_gone_fails_all_its_messages() -> None:
    row = world.delivery("channel:0", kind=ChannelKind.WEBHOOK)

    assert send().failed == 1
    assert world.stored(row).note


def test_a_reminder_to_a_contact_follows_its_delivery(server: MailServer) -> None:
    good = to_contact()
    send()
    server.on_recipient = "550 no such mailbox"
    bad = to_contact("gone@example.org")
    send()

    assert [world.state_of(row) for row in (good, bad)] == ["delivered", "failed"]
    assert "550 no such mailbox" in world.stored(bad).note
    server.on_recipient = ""
    with db.transaction() as session:
        delivery.retry_deliveries(session, [row.pk for row in factories.rows(Delivery)])
    send()
    assert world.state_of(bad) == "delivered"


def test_a_worker_that_is_to_end_gives_back_what_it_has_not_sent(server: MailServer) -> None:
    rows = [world.delivery(f"p{number}@example.org") for number in range(6)]

    send(stopping=lambda: len(server.mails) >= 2)

    assert [world.state_of(row) for row in rows] == ["sent"] * 2 + ["planned"] * 4
    assert [world.stored(row).attempts for row in rows] == [1] * 2 + [0] * 4
    assert send().sent == 4


def test_what_is_cancelled_while_others_are_sent_does_not_go_out(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_GROUP", 1)
    monkeypatch.setattr(sending, "_LOOK_SECONDS", 0.0)
    rows = [world.delivery(f"p{number}@example.org") for number in range(3)]

    def drop_the_last() -> bool:
        if len(server.mails) == 1:
            with db.transaction() as session:
                delivery.drop_deliveries(session, [rows[2].pk])
        return False

    send(stopping=drop_the_last)

    assert server.recipients == ["p0@example.org", "p1@example.org"]
    assert world.state_of(rows[2]) == "cancelled"


def test_a_slow_server_does_not_cost_the_claim(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "lease", lambda: timedelta(seconds=0.3))
    server.silent = 0.6
    rows = [world.delivery(f"p{number}@example.org") for number in range(2)]
    [work] = claim_deliveries(8)
    thread = threading.Thread(target=sending.send, args=[work])
    thread.start()
    time.sleep(0.5)
    clock.advance(lease() + timedelta(seconds=1))
    time.sleep(0.3)

    assert rescue(DELIVERIES) == 0
    thread.join()
    assert {world.state_of(row) for row in rows} == {"sent"}
    assert len(server.mails) == 2


def test_a_database_that_is_away_for_a_moment_does_not_make_anything_go_out_twice(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.delivery()
    record, failures = outcomes.record, iter([True, True, False])

    def sometimes(*args: Any, **more: Any) -> None:
        if next(failures):
            raise OperationalError("update", {}, Exception("the database restarts"))
        record(*args, **more)

    monkeypatch.setattr(outcomes, "record", sometimes)
    monkeypatch.setattr(sending, "_RETRY_SECONDS", 0.01)

    assert send().sent == 1
    assert len(server.mails) == 1


def test_what_is_sent_counts_as_sent_even_if_the_claim_was_taken_over_meanwhile(server: MailServer) -> None:
    row = world.delivery()
    [work] = claim_deliveries(8)
    server.silent = 0.3
    thread = threading.Thread(target=sending.send, args=[work])
    thread.start()
    time.sleep(0.15)
    clock.advance(3 * lease())
    rescue(DELIVERIES)
    thread.join()

    assert world.state_of(row) == "sent"
    assert send().sent == 0


def test_what_else_is_due_by_a_line_goes_by_the_same_connection(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(DELIVERIES.size + 5):
        world.delivery(f"p{number}@example.org")
    first, _second = claim_deliveries(8)
    with db.transaction() as session:
        session.execute(text("UPDATE delivery SET state = 'planned' WHERE id > 100"))
    monkeypatch.setattr(sending, "_BATCHES", 1)

    assert sending.send(first).sent == DELIVERIES.size + 5
    assert server.connections == 1


def test_a_batch_that_waited_long_in_the_queue_is_nobody_elses_once_it_is_begun(server: MailServer) -> None:
    """Given a claim about to run out when a worker comes to it, when that sends, then no other takes the rest over."""
    for number in range(3):
        world.delivery(f"p{number}@example.org")
    [work] = claim_deliveries(8)
    clock.advance(lease() - timedelta(seconds=1))
    rescued = []

    def another_looks() -> bool:
        clock.advance(timedelta(seconds=2))
        rescued.append(rescue(DELIVERIES))
        return False

    assert sending.send(work, another_looks).sent == 3

    assert set(rescued) == {0}
    assert len(server.mails) == 3
