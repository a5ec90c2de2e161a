"""What must not harm a reminder: everything that can be killed, emptied, stopped or wrong while many are on their way.

Each scenario plans 5,000 reminders, lets the product's own processes tell and send them, does harm in between, and
counts what the receivers really got. Nobody helps: a killed process is started again as a service manager does.
"""

import random
import signal
import time
from collections.abc import Callable

from bench.machine import wait_until
from bench.postbox import Orders
from core import queue
from tests.faults.table import Row
from tests.faults.world import REMINDERS, World

Told = Callable[[Row], None]
_SINGLE = 40  # of a hundred are urgent: each gets a message of its own, the rest come in a digest a person
_MESSAGES = REMINDERS * _SINGLE // 100
_FEW = 10  # where each message also goes by a webhook, which takes longer than a mail
_WEBHOOKS = REMINDERS * _FEW // 100
_KILLS = 6
_HOUR = 3600


def test_a_worker_killed_again_and_again(world: World, told: Told) -> None:
    """Given two workers, one of them killed at random moments, whatever it is doing; each is started again."""
    chance = random.Random()  # noqa: S311 - chooses moments
    world.begin(workers=2)
    world.plan(urgent=_SINGLE)
    while not world.finished() and world.faults < _KILLS:
        world.wait_for_another()
        time.sleep(chance.uniform(0.0, 0.4))
        if working := world.working():
            world.kill_a_worker(chance.choice(working))

    told(world.outcome("a worker is killed (SIGKILL)"))
    assert world.faults >= _KILLS // 2


def test_the_queue_killed_and_its_data_deleted(world: World, told: Told) -> None:
    world.begin()
    world.plan(urgent=_SINGLE)
    for share in (0.1, 0.5):
        world.wait_for(int(_MESSAGES * share))
        world.crash_queue()
        time.sleep(1)
        world.machine.valkey.start()
        world.fault()

    told(world.outcome("the queue is killed and its data deleted"))


def test_the_database_restarted(world: World, told: Told) -> None:
    """Given a database that crashes, and one that is restarted in an orderly way."""
    world.begin()
    world.plan(urgent=_SINGLE)
    for share, way in ((0.1, signal.SIGQUIT), (0.5, signal.SIGINT)):
        world.wait_for(int(_MESSAGES * share))
        world.stop_database(way)
        time.sleep(1)
        world.machine.postgres.start()
        world.fault(in_flight=world.at_most_in_flight())

    told(world.outcome("the database crashes, and is restarted"))


def test_a_mail_server_that_refuses_connections(world: World, told: Told) -> None:
    """Given a mail server killed in the middle and started again: what it was just taking may come again."""
    world.begin()
    world.plan(urgent=_SINGLE)
    for share in (0.1, 0.5):
        world.wait_for(int(_MESSAGES * share))
        world.postbox.process.kill()
        world.fault(in_flight=world.at_most_in_flight())
        time.sleep(3)
        world.postbox.start()
        world.fault_is_over()

    told(world.outcome("the mail server is killed, refuses connections"))


def test_a_mail_server_that_hangs(world: World, told: Told) -> None:
    """Given a mail server that keeps its connections open and says nothing for longer than anybody waits."""
    world.begin()
    world.plan(urgent=_SINGLE)
    world.wait_for(_MESSAGES // 5)
    world.postbox.process.hold()
    world.fault(in_flight=world.at_most_in_flight())
    time.sleep(8)
    world.postbox.process.go_on()
    world.fault_is_over()

    told(world.outcome("the mail server hangs"))


def test_a_mail_server_that_cannot_at_present(world: World, told: Told) -> None:
    world.begin()
    world.plan(urgent=_SINGLE)
    world.wait_for(_MESSAGES // 5)
    world.postbox.behave(Orders(answer="451 4.3.2 Try again later"))
    world.fault()
    time.sleep(4)
    world.postbox.behave(Orders())
    world.fault_is_over()

    told(world.outcome("the mail server answers 451"))


def test_a_mail_server_that_will_not_have_some(world: World, told: Told) -> None:
    """Given mailboxes that do not exist: exactly theirs are in the failed list, with the server's answer."""
    world.begin()
    world.postbox.behave(Orders(refused={r"^worker1\d@": "550 5.1.1 No such mailbox"}))
    world.plan(urgent=_SINGLE)
    world.fault()

    told(world.outcome("the mail server answers 550 for some"))
    refused = world.machine.sql(
        "SELECT address ~ '^worker1[0-9]@', delivery.state, delivery.note LIKE '%%550%%No such mailbox%%', count(*) > 0"
        " FROM delivery GROUP BY 1, 2, 3"
    )
    assert sorted(refused) == [(False, "sent", False, True), (True, "failed", True, True)]


def test_a_receiver_that_is_slow(world: World, told: Told) -> None:
    """Given webhooks whose receiver takes a second for each message, then fails, then recovers."""
    world.reach_by_webhook()
    world.begin()
    world.plan(urgent=_FEW)
    world.wait_for_requests(_WEBHOOKS // 10)
    world.receiver.behave(seconds=1.0)
    world.fault()
    time.sleep(6)
    world.receiver.behave(status=503)
    world.fault()
    time.sleep(2)
    world.receiver.behave()
    world.fault_is_over()

    told(world.outcome("the receiver of webhooks is slow, then answers 503"))


def test_two_schedulers_and_the_leader_killed(world: World, told: Told) -> None:
    """Given a leader that is killed, the one that stands by leads."""
    world.begin(schedulers=2)
    world.plan(urgent=_SINGLE)
    for share in (0.05, 0.4):
        world.wait_for(int(_MESSAGES * share))
        leader = world.leader()
        leader.kill()
        world.fault()
        leader.start()
    wait_until(lambda: any(each.state == "leader" for each in queue.alive()), 60, "somebody to lead")

    told(world.outcome("the leading scheduler of two is killed"))


def test_a_clock_that_is_set(world: World, told: Told) -> None:
    """Given a clock set back by an hour, then right, then forward by an hour, then right."""
    world.begin()
    world.plan(urgent=_SINGLE)
    for share, seconds in ((0.1, _HOUR), (0.3, 0), (0.5, -_HOUR), (0.5, 0)):
        world.wait_for(int(_MESSAGES * share))
        world.clock_is_wrong_by(seconds)
        world.fault(in_flight=world.at_most_in_flight())
        time.sleep(1)

    told(world.outcome("the clock is set forward and back by an hour"))


def test_a_template_that_cannot_be_rendered(world: World, told: Told) -> None:
    """Given reminders with a poisoned template among good ones: those are parked with the reason, and no others."""
    rule = world.poisoned_rule()
    world.begin()
    world.plan(50, first=REMINDERS - 50, rule=rule)
    world.plan(REMINDERS - 50)
    world.fault()

    row = world.outcome("a template cannot be rendered")
    told(row)
    assert row.failed == 50
    assert row.received == row.inbox == REMINDERS - 50


def test_a_worker_asked_to_end_in_the_middle(world: World, told: Told) -> None:
    """Given workers asked to end (SIGTERM) while they send: they finish what they hold, and nothing comes twice."""
    world.begin()
    world.plan(urgent=_SINGLE)
    for share in (0.1, 0.4):
        world.wait_for(int(_MESSAGES * share))
        (worker,) = world.workers
        worker.end()
        assert world.machine.sql("SELECT count(*) FROM delivery WHERE state = 'claimed' AND attempts > 0") == [(0,)]
        worker.start()
        world.fault()

    told(world.outcome("a worker is asked to end (SIGTERM)"))
