"""Owed work: neither lost nor done twice, whatever dies in between."""

from datetime import timedelta

import psycopg
import pytest

from core import clock, db
from core.errors import UserError
from models.outbox import OutboxMessage
from services import outbox, upkeep

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def owe(topic: str = "greet", due_in: timedelta = timedelta()) -> int:
    with db.transaction() as session:
        message = outbox.put(session, topic, {"name": "千企"}, clock.now() + due_in)
    return message.pk


def stored(message_id: int) -> OutboxMessage:
    with db.transaction() as session:
        message = session.get(OutboxMessage, message_id)
        assert message is not None
        return message


def begun() -> outbox.Held:
    held = outbox.begin(outbox.claim(1)[0])
    assert held is not None
    return held


def test_a_rolled_back_transaction_owes_nothing() -> None:
    def fail_after_owing() -> None:
        with db.transaction() as session:
            outbox.put(session, "greet", {})
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_owing()

    assert outbox.claim(10) == []


def test_a_commit_wakes_whoever_listens(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute("LISTEN outbox")
        owe()
        assert [each.channel for each in listener.notifies(timeout=5, stop_after=1)] == ["outbox"]


def test_what_is_not_yet_due_is_not_claimed_until_then() -> None:
    message_id = owe(due_in=timedelta(hours=1))

    assert outbox.claim(10) == []
    clock.advance(timedelta(hours=1))
    assert [each.id for each in outbox.claim(10)] == [message_id]


def test_a_claimed_message_is_not_claimed_again_before_the_claim_runs_out() -> None:
    owe()
    first = outbox.claim(10)

    assert outbox.claim(10) == []
    clock.advance(outbox.CLAIM + timedelta(seconds=1))
    second = outbox.claim(10)

    assert [each.id for each in second] == [each.id for each in first]
    assert outbox.begin(first[0]) is None, "the first claim ran out"
    assert outbox.begin(second[0]) is not None


def test_a_message_the_queue_delivers_twice_begins_once() -> None:
    owe()
    claimed = outbox.claim(1)[0]

    assert outbox.begin(claimed) is not None
    assert outbox.begin(claimed) is None


def test_done_work_is_never_claimed_again() -> None:
    message_id = owe()
    outbox.finish(begun())
    clock.advance(timedelta(days=1))

    assert outbox.claim(10) == []
    assert stored(message_id).done_at is not None


def test_long_work_keeps_its_claim_by_renewing_it() -> None:
    owe()
    held = begun()
    clock.advance(outbox.CLAIM - timedelta(seconds=1))

    assert outbox.renew(held)
    clock.advance(timedelta(seconds=30))

    assert outbox.claim(10) == []
    outbox.finish(held)
    assert stored(held.id).done_at is not None


def test_work_taken_over_after_its_claim_ran_out_cannot_be_finished_by_the_first_worker() -> None:
    owe()
    slow = begun()
    clock.advance(outbox.CLAIM + timedelta(seconds=1))
    begun()

    assert not outbox.renew(slow)
    outbox.finish(slow)
    assert stored(slow.id).done_at is None


def test_a_claim_from_before_the_clock_was_set_back_is_taken_over() -> None:
    """Given work claimed while the clock ran ahead, when it is set back, then it waits no longer than any other."""
    message_id = owe()
    with clock.fixed(clock.now() + timedelta(hours=3)):
        ahead = outbox.claim(1)[0]

    again = outbox.claim(1)[0]

    assert again.id == message_id
    assert outbox.begin(ahead) is None
    held = outbox.begin(again)
    assert held is not None
    assert held.until <= clock.now() + 2 * outbox.CLAIM
    assert outbox.claim(1) == []


def test_a_claim_renewed_after_the_clock_was_set_back_is_kept() -> None:
    owe()
    with clock.fixed(clock.now() + timedelta(hours=3)):
        held = begun()

    assert outbox.renew(held)

    assert outbox.claim(1) == []
    clock.advance(outbox.CLAIM + timedelta(seconds=1))
    assert len(outbox.claim(1)) == 1


def test_a_failure_is_tried_again_later_and_ever_later() -> None:
    owe()
    held = begun()

    assert outbox.fail(held, TimeoutError("the mail server does not answer")) is False

    message = stored(held.id)
    assert message.due_at > clock.now()
    assert message.error == "TimeoutError: the mail server does not answer"
    assert outbox.wait(1) < outbox.wait(5) < outbox.wait(9) <= timedelta(hours=6)


@pytest.mark.parametrize("error", [outbox.PermanentError("no such address"), UserError("This entry is gone.")])
def test_a_permanent_failure_is_parked_with_its_reason(error: Exception) -> None:
    owe()
    held = begun()

    assert outbox.fail(held, error) is True

    clock.advance(timedelta(days=30))
    assert outbox.claim(10) == []
    assert stored(held.id).failed_at is not None
    assert outbox.backlog().parked == 1


def test_what_fails_too_often_is_parked() -> None:
    owe()
    for _attempt in range(outbox.MAX_ATTEMPTS):
        clock.advance(timedelta(hours=7))
        parked = outbox.fail(begun(), OSError("down"))

    assert parked is True


def test_work_that_kills_its_worker_each_time_is_parked() -> None:
    message_id = owe()
    for _attempt in range(outbox.MAX_ATTEMPTS):
        begun()
        clock.advance(outbox.CLAIM + timedelta(seconds=1))

    assert outbox.begin(outbox.claim(1)[0]) is None
    assert stored(message_id).failed_at is not None


def test_two_schedulers_never_claim_the_same_message() -> None:
    for _number in range(20):
        owe()
    with db.transaction() as session:
        first = session.execute(OutboxMessage.__table__.select().limit(10).with_for_update()).all()
        second = outbox.claim(20)

    assert {row.id for row in first}.isdisjoint({each.id for each in second})
    assert len(second) == 10


def test_the_backlog_counts_due_planned_and_parked() -> None:
    owe()
    owe(due_in=timedelta(days=2))
    clock.advance(timedelta(seconds=90))

    assert outbox.backlog() == outbox.Backlog(due=1, planned=1, parked=0, oldest_due_seconds=90.0)


def test_what_was_owed_before_the_clock_was_set_back_keeps_nothing_from_being_owed_anew() -> None:
    with clock.fixed(clock.now() + timedelta(days=40)):
        assert upkeep.plan() is True

    assert upkeep.plan() is True
    assert upkeep.plan() is False


def test_upkeep_is_owed_once_a_day_and_deletes_what_was_done_long_ago() -> None:
    old = owe()
    outbox.finish(begun())
    clock.advance(timedelta(days=31))

    assert upkeep.plan() is True
    assert upkeep.plan() is False
    upkeep.run({})

    with db.transaction() as session:
        assert session.get(OutboxMessage, old) is None
