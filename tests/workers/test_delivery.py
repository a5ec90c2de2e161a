"""From a committed row to done work, through a real queue."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import TimeLimitExceeded
from dramatiq.threading import raise_thread_exception
from sqlalchemy.exc import ProgrammingError

from core import db, queue
from core.errors import UserError
from core.settings import settings
from models.outbox import OutboxMessage
from services import outbox, upkeep
from workers import actors, feeding, scheduler

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def leader(broker: RedisBroker, database: str) -> Iterator[scheduler.Scheduler]:  # noqa: ARG001 - both must outlive it
    running = scheduler.Scheduler()
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        wait_until(lambda: running.leading)
        yield running
    finally:
        running.stop()
        thread.join()


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def owe(topic: str, **payload: Any) -> int:
    with db.transaction() as session:
        return_value = outbox.put(session, topic, payload)
    return return_value.pk


def stored(message_id: int) -> OutboxMessage:
    with db.transaction() as session:
        message = session.get(OutboxMessage, message_id)
        assert message is not None
        return message


@pytest.mark.usefixtures("leader", "worker")
def test_work_that_takes_longer_than_it_may_is_parked_with_the_reason_and_not_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a backup that goes on and on, when its time is over, then it is given up and told at once."""
    begun: list[int] = []

    def go_on_and_on(_payload: dict[str, Any]) -> None:
        begun.append(threading.get_ident())
        until = time.monotonic() + 30
        while time.monotonic() < until:
            time.sleep(0.05)

    monkeypatch.setattr(actors, "HANDLERS", {"backup": go_on_and_on})

    message_id = owe("backup")
    wait_until(lambda: len(begun) == 1)
    raise_thread_exception(begun[0], TimeLimitExceeded)  # as Dramatiq does when the time is over
    wait_until(lambda: stored(message_id).failed_at is not None)

    assert (stored(message_id).attempts, len(begun)) == (1, 1)
    assert actors.TOO_LONG in stored(message_id).error


@pytest.mark.usefixtures("leader", "worker")
def test_committed_work_is_done_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[dict[str, Any]] = []
    monkeypatch.setattr(actors, "HANDLERS", {"greet": done.append})

    message_id = owe("greet", name="千企")
    wait_until(lambda: stored(message_id).done_at is not None)

    assert done == [{"name": "千企"}]
    wait_until(lambda: ("greet", "done") in queue.task_counts())


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("problem", [UserError("No working day."), ProgrammingError("SELECT", None, Exception())])
def test_a_plan_that_fails_keeps_no_other_work_waiting(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fails() -> bool:
        raise problem

    done: list[dict[str, Any]] = []
    monkeypatch.setattr(actors, "HANDLERS", {"greet": done.append, upkeep.TOPIC: done.append})
    monkeypatch.setattr(scheduler, "PLANS", (fails, upkeep.plan))
    leading: scheduler.Scheduler = request.getfixturevalue("leader")
    message_id = owe("greet")

    wait_until(lambda: stored(message_id).done_at is not None and len(done) == 2)

    assert leading.leading


@pytest.mark.usefixtures("leader", "worker")
def test_a_topic_nobody_handles_stays_owed_with_the_reason() -> None:
    message_id = owe("from_a_newer_version")

    wait_until(lambda: bool(stored(message_id).error))

    assert stored(message_id).done_at is None
    assert "from_a_newer_version" in stored(message_id).error


@pytest.mark.usefixtures("worker")
def test_a_worker_and_a_leader_are_heard(leader: scheduler.Scheduler) -> None:
    assert leader.leading

    wait_until(
        lambda: {(each.kind, each.state) for each in queue.alive()} >= {("worker", "ready"), ("scheduler", "leader")}
    )


def test_a_second_scheduler_stands_by_and_takes_over_when_the_leader_is_gone(leader: scheduler.Scheduler) -> None:
    second = scheduler.Scheduler()
    thread = threading.Thread(target=second.run)
    thread.start()
    try:
        wait_until(lambda: any(each.state == "standby" for each in queue.alive()))
        assert not second.leading

        leader.stop()
        wait_until(lambda: second.leading)
    finally:
        second.stop()
        thread.join()


def test_a_lost_queue_loses_nothing(broker: RedisBroker) -> None:
    message_id = owe("greet")
    feeding.feed()
    broker.client.flushall()

    outbox.release(outbox_claims(message_id))
    feeding.feed()

    assert broker.client.llen("dramatiq:default") == 1


def outbox_claims(message_id: int) -> list[outbox.Claimed]:
    until = stored(message_id).claimed_until
    assert until is not None
    return [outbox.Claimed(message_id, until)]


def test_the_queue_is_never_filled_with_more_than_it_can_work_off(
    broker: RedisBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "_OUTBOX_LIMIT", 3)
    for _number in range(5):
        owe("greet")

    assert feeding.feed() is False
    assert broker.client.llen("dramatiq:default") == 3


@pytest.mark.usefixtures("leader", "broker")
def test_work_of_a_killed_worker_is_done_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a worker process killed in the middle of a task, the next one does it once its claim has run out."""
    monkeypatch.setattr(outbox, "CLAIM", timedelta(seconds=2))
    monkeypatch.setenv("QIANQI_SCAN_SECONDS", "1")
    settings.cache_clear()
    program = tmp_path / "slow_worker.py"
    program.write_text(
        "import pathlib, sys, time\n"
        "from datetime import timedelta\n"
        "from services import outbox\n"
        "outbox.CLAIM = timedelta(seconds=2)\n"
        "import workers\n"
        "from workers import actors\n"
        "marks = pathlib.Path(sys.argv[1])\n"
        "def slow(payload):\n"
        "    first = not marks.exists()\n"
        "    marks.open('a').write('x')\n"
        "    time.sleep(60 if first else 0)\n"
        "actors.HANDLERS = {'slow': slow}\n"
        "from dramatiq import Worker\n"
        "worker = Worker(workers.broker, worker_timeout=100, worker_threads=1)\n"
        "worker.start()\n"
        "time.sleep(60)\n"
    )
    marks = tmp_path / "marks"
    message_id = owe("slow")
    first = _start(program, marks)
    wait_until(marks.exists)
    first.send_signal(signal.SIGKILL)
    first.wait()

    second = _start(program, marks)
    try:
        wait_until(lambda: stored(message_id).done_at is not None, seconds=20)
    finally:
        second.kill()
        second.wait()

    assert marks.read_text() == "xx"
    assert stored(message_id).attempts == 2


def _start(program: Path, marks: Path) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    return subprocess.Popen([sys.executable, str(program), str(marks)], env={**os.environ, "PYTHONPATH": root})


def test_a_handler_that_takes_long_keeps_its_claim(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker.worker_threads == 2
    runs: list[int] = []

    def slow(_payload: dict[str, Any]) -> None:
        runs.append(1)
        time.sleep(2.5)

    monkeypatch.setattr(outbox, "CLAIM", timedelta(seconds=1))
    monkeypatch.setattr(actors, "_RENEW_SECONDS", 0.3)
    monkeypatch.setattr(actors, "HANDLERS", {"slow": slow})
    message_id = owe("slow")
    while stored(message_id).done_at is None:
        feeding.feed()
        time.sleep(0.2)

    assert runs == [1]
