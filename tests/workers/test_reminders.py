"""From a planned row to a told person, through a real queue, real worker processes and a real mail server."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from dramatiq.brokers.redis import RedisBroker

from core import db, queue
from core.settings import settings
from core.supervisor import ROOT
from models.account import Role
from models.channel import Channel, ChannelKind
from models.reminder import Delivery, DeliveryState, ReminderState
from services.channels import mail_server as row_of_server
from services.channels.composing import Sender
from services.channels.mailing import Security, Server
from services.waking import wake
from tests import factories
from tests.services.delivery import world
from tests.smtp import MailServer, mail_server
from workers import feeding, scheduler

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CLAIM_SECONDS", "5"), ("RETRY_SECONDS", "1"), ("WORKER_PROCESSES", "1")):
        monkeypatch.setenv(f"QIANQI_{name}", value)
    settings.cache_clear()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        given = Server("127.0.0.1", running.port, Security.NONE, Sender("qianqi@zone.example"))
        factories.stored(Channel(name="Mail", kind=ChannelKind.MAIL, secret=row_of_server.written(given)))
        yield running


@pytest.fixture
def leader(broker: RedisBroker, database: str) -> Iterator[scheduler.Scheduler]:  # noqa: ARG001 - both must outlive it
    running = scheduler.Scheduler()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stop()
    thread.join()


@pytest.fixture
def start_worker(broker: RedisBroker) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:  # noqa: ARG001 - its queue
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "cli", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), start_new_session=True)
        started.append(process)
        wait_until(lambda: any(os.getpgid(each.pid) == process.pid for each in queue.alive() if each.kind == "worker"))
        return process

    yield start
    for each in started:
        if each.poll() is None:
            os.killpg(each.pid, signal.SIGKILL)
            each.wait()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not _tried(true):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def _tried(true: Callable[[], bool]) -> bool:
    try:
        return true()
    except ProcessLookupError:
        return False


def plan(number: int) -> None:
    """Plan urgent reminders to one person with a mail address, and wake the scheduler as planning does."""
    person = factories.account(Role.GRID_WORKER, email="zhang@example.org")
    for _each in range(number):
        world.reminder(person, urgent=True)
    with db.transaction() as session:
        wake(session)


def sent() -> int:
    return len(factories.rows(Delivery, lambda row: row.state is DeliveryState.SENT))


@pytest.mark.usefixtures("leader")
def test_planned_reminders_are_told_and_sent_within_seconds(
    server: MailServer, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    start_worker()
    plan(20)

    wait_until(lambda: sent() == 20)

    assert world.in_state(ReminderState.DELIVERED) == 20
    assert len({str(mail["Message-ID"]) for mail in server.mails}) == len(server.mails) == 20
    wait_until(lambda: queue.task_counts().get(("send", "done"), (0,))[0] == 20)  # a task is counted when it ends
    assert ("tell", "done") in queue.task_counts()


@pytest.mark.usefixtures("leader")
def test_a_reminder_is_told_when_it_falls_due_and_not_half_a_minute_later(
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    start_worker()
    row = world.reminder(factories.account(Role.GRID_WORKER), due_in=timedelta(seconds=3))
    with db.transaction() as session:
        wake(session)

    wait_until(lambda: world.state_of(row) == "delivered", 15)

    assert world.stored(row).delivered_at - row.due_at < timedelta(seconds=10)
    assert world.stored(row).delivered_at >= row.due_at


@pytest.mark.usefixtures("leader")
def test_a_worker_asked_to_end_gives_back_what_it_has_not_sent_and_nothing_goes_out_twice(
    server: MailServer, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server.silent = 0.2
    first = start_worker()
    plan(40)
    wait_until(lambda: len(server.mails) >= 3)

    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 0
    claimed = factories.rows(Delivery, lambda row: row.state is DeliveryState.CLAIMED and row.attempts > 0)
    assert claimed == []
    assert sent() == len(server.mails) < 40

    server.silent = 0
    start_worker()
    wait_until(lambda: sent() == 40)
    assert len(server.mails) == 40


@pytest.mark.usefixtures("leader")
def test_what_a_killed_worker_held_is_sent_by_another_and_little_comes_twice(
    server: MailServer, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server.silent = 0.05
    first = start_worker()
    plan(40)
    wait_until(lambda: len(server.mails) >= 15)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    start_worker()
    wait_until(lambda: sent() == 40)

    assert len({str(mail["Message-ID"]) for mail in server.mails}) == 40
    # Of each of the two processes at most a group that was not recorded and the mail under way; on a busy machine both
    # hold a batch.
    assert len(server.mails) <= 40 + 2 * 11


@pytest.mark.usefixtures("leader")
def test_a_queue_that_loses_everything_loses_no_reminder(
    broker: RedisBroker, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    plan(5)
    wait_until(lambda: world.in_state(ReminderState.CLAIMED) == 5)
    broker.client.flushall()

    start_worker()

    wait_until(lambda: world.in_state(ReminderState.DELIVERED) == 5)


def test_the_queue_takes_only_so_many_batches(broker: RedisBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "_TELL_LIMIT", 1)
    monkeypatch.setattr("services.delivery.choosing._DUE_ROWS", 2)
    for _each in range(6):
        world.reminder(factories.account(Role.GRID_WORKER))

    assert feeding.feed() is False
    assert broker.client.llen("dramatiq:tell") == 1
    assert world.in_state(ReminderState.PLANNED) == 4


def test_a_queue_that_is_away_leaves_what_is_due_to_the_next_scan(
    broker: RedisBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis

    row = world.reminder(factories.account(Role.GRID_WORKER))
    monkeypatch.setattr(feeding, "_queued", lambda _name: 0)
    away = redis.ConnectionPool.from_url("redis://127.0.0.1:1")
    monkeypatch.setattr(broker.client, "connection_pool", away)

    with pytest.raises(redis.ConnectionError):
        feeding.feed()

    assert world.state_of(row) == "planned"
