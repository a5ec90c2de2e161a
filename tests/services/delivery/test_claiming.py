"""Claims: every due row is held by one worker at a time, and no row is held for ever."""

from datetime import timedelta

import pytest

from core import clock, db
from models.account import Role
from models.channel import Channel, ChannelKind
from services.delivery import choosing
from services.delivery.choosing import claim_deliveries, claim_reminders
from services.delivery.claiming import DELIVERIES, REMINDERS, Batch, Work, begin, lease, release, renew, rescue
from tests import factories
from tests.services.delivery import world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
SECOND = timedelta(seconds=1)


def begun(work: Work, batch: Batch) -> list[int]:
    with db.transaction() as session:
        return [row.id for row in begin(session, work, batch)]


def test_what_is_due_is_claimed_once_and_what_is_not_is_left() -> None:
    person = factories.account(Role.GRID_WORKER)
    due = world.reminder(person)
    later = world.reminder(person, due_in=timedelta(hours=1))

    batches = claim_reminders()

    assert [batch.ids for batch in batches] == [(due.pk,)]
    assert claim_reminders() == []
    assert (world.state_of(due), world.state_of(later)) == ("claimed", "planned")


def test_all_that_is_due_to_one_recipient_comes_in_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more due rows than a scan looks at, those of the recipients it finds are complete."""
    monkeypatch.setattr("services.delivery.choosing._DUE_ROWS", 4)
    people = [factories.account(Role.GRID_WORKER) for _each in range(2)]
    rows = [world.reminder(people[number % 2], due_in=-SECOND * (10 - number)) for number in range(10)]

    batches = claim_reminders()

    assert sorted(each for batch in batches for each in batch.ids) == sorted(row.pk for row in rows)


def test_a_dead_worker_keeps_its_rows_no_longer_than_the_lease() -> None:
    row = world.reminder(factories.account(Role.GRID_WORKER))
    [first] = claim_reminders()
    assert begun(REMINDERS, first) == [row.pk]

    clock.advance(lease() + SECOND)
    assert rescue(REMINDERS) == 1
    [second] = claim_reminders()

    assert begun(REMINDERS, first) == [], "the first claim ran out"
    assert begun(REMINDERS, second) == [row.pk]


def test_a_claim_from_before_the_clock_was_set_back_is_taken_over() -> None:
    row = world.reminder(factories.account(Role.GRID_WORKER), due_in=-timedelta(days=1))
    claim_reminders()

    clock.advance(-timedelta(hours=2))

    assert rescue(REMINDERS) == 1
    assert world.state_of(row) == "planned"


def test_a_claim_that_is_renewed_is_not_taken_over_and_one_given_back_is_due_again() -> None:
    row = world.delivery()
    [claimed] = claim_deliveries(8)
    begun(DELIVERIES, claimed.batch)
    clock.advance(lease() - SECOND)
    renewed = renew(DELIVERIES, claimed.batch)
    clock.advance(SECOND * 30)

    assert rescue(DELIVERIES) == 0
    release(DELIVERIES, renewed, begun=True)
    assert (world.state_of(row), world.stored(row).attempts) == ("planned", 0)


def test_what_kills_its_workers_is_found_alone_and_parked() -> None:
    people = [factories.account(Role.GRID_WORKER) for _each in range(3)]
    rows = [world.reminder(person) for person in people]
    sizes = []
    for _death in range(REMINDERS.patience):
        batches = claim_reminders()
        sizes.append(max(len(batch.ids) for batch in batches))
        for batch in batches:
            begun(REMINDERS, batch)
        clock.advance(lease() + SECOND)
        rescue(REMINDERS)

    assert sizes == [3, 3, 1, 1, 1]
    assert {world.state_of(row) for row in rows} == {"failed"}
    assert world.stored(rows[0]).note == "Its worker died each time"


def test_a_lost_queue_is_not_taken_for_a_dead_worker() -> None:
    row = world.reminder(factories.account(Role.GRID_WORKER))
    for _loss in range(REMINDERS.patience + 1):
        claim_reminders()
        clock.advance(lease() + SECOND)
        rescue(REMINDERS)

    assert (world.state_of(row), world.stored(row).attempts) == ("planned", 0)


def test_a_line_never_takes_all_workers_from_the_others() -> None:
    for number in range((choosing._BATCHES_PER_LINE + 1) * DELIVERIES.size):
        world.delivery(f"p{number}@example.org")
    world.delivery("channel:0", kind=ChannelKind.WEBHOOK)

    first = claim_deliveries(8)
    mail = [each for each in first if each.line.kind is ChannelKind.MAIL]

    assert [len(each.batch.ids) for each in mail] == [DELIVERIES.size] * choosing._BATCHES_PER_LINE
    assert {each.line.kind for each in first} == {ChannelKind.MAIL, ChannelKind.WEBHOOK}
    assert claim_deliveries(8) == [], "the rest waits until one of them is through"
    assert claim_deliveries(2) == []


def test_robots_never_take_all_workers_from_mail() -> None:
    robots = [factories.stored(Channel(name="x", kind=ChannelKind.WEBHOOK, secret="")).pk for _each in range(3)]
    for _turn in range(3):  # each time one message more, while the batches before hang
        for robot in robots:
            world.delivery(f"channel:{robot}", kind=ChannelKind.WEBHOOK, channel_id=robot)
        claim_deliveries(4)
        clock.advance(SECOND)
    world.delivery()

    [mail] = claim_deliveries(4)

    assert mail.line.kind is ChannelKind.MAIL


def test_one_webhook_leaves_room_for_others() -> None:
    first, second = (factories.stored(Channel(name="x", kind=ChannelKind.WEBHOOK, secret="")).pk for _each in "ab")
    for _turn in range(4):
        world.delivery(f"channel:{first}", kind=ChannelKind.WEBHOOK, channel_id=first)
        claim_deliveries(4)
        clock.advance(SECOND)
    world.delivery(f"channel:{second}", kind=ChannelKind.WEBHOOK, channel_id=second)

    assert [each.line.channel_id for each in claim_deliveries(4)] == [second]


def test_where_there_is_room_for_one_it_is_used() -> None:
    world.delivery("channel:0", kind=ChannelKind.WEBHOOK)

    assert len(claim_deliveries(1)) == 1
