"""The alarm of the pages: what is missed, for whom, and that it costs little."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import clock
from core import queue as core_queue
from core.errors import NotAllowedError
from core.settings import settings
from models.account import Role
from models.reminder import ReminderState
from services.delivery_log import pulse
from services.delivery_log.pulse import Alarm, Trouble
from tests import factories, log_world
from tests.servers import ROOT
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("database", "queue")
_START_SECONDS = 30


@pytest.fixture(autouse=True)
def found_out_anew() -> Iterator[None]:
    """No test sees what another found out."""
    pulse.forget()
    yield
    pulse.forget()


def _alarms(role: Role = Role.ADMINISTRATOR) -> list[Alarm]:
    pulse.forget()
    return pulse.alarms(factories.actor(role))


def test_a_worker_that_was_really_stopped_is_missed_after_two_minutes(tmp_path: Path) -> None:
    core_queue.beat("scheduler", "leader")
    with (tmp_path / "worker.log").open("wb") as log:
        command = [sys.executable, "-m", "dramatiq", "workers", "-p", "1", "-t", "1"]
        worker = subprocess.Popen(command, cwd=ROOT, env=_env(), stdout=log, stderr=log)
    _wait(lambda: any(each.kind == "worker" for each in core_queue.alive()))
    assert _alarms() == []

    worker.terminate()
    worker.wait(20)

    assert _alarms() == []  # it may be starting again
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        core_queue.beat("scheduler", "leader")
        assert [each.trouble for each in _alarms()] == [Trouble.WORKER]


def test_where_the_queue_remembers_no_process_it_is_missed_two_minutes_after_it_was_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _alarms() == []

    later = time.monotonic() + 180
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert [each.trouble for each in _alarms()] == [Trouble.WORKER, Trouble.SCHEDULER]


def test_a_reminder_that_waits_over_five_minutes_is_told(frozen_clock: datetime) -> None:
    core_queue.beat("worker")
    core_queue.beat("scheduler", "leader")
    log_world.reminder(factories.account(Role.GRID_WORKER), due_at=frozen_clock - timedelta(minutes=4))
    assert _alarms() == []

    log_world.reminder(factories.account(Role.GRID_WORKER), due_at=frozen_clock - timedelta(minutes=6, seconds=5))

    assert _alarms() == [Alarm(Trouble.LATE, 365)]


def test_where_something_waits_too_long_already_a_missing_worker_is_told_at_once(frozen_clock: datetime) -> None:
    core_queue.beat("scheduler", "leader")
    log_world.reminder(factories.account(Role.GRID_WORKER), due_at=frozen_clock - timedelta(minutes=6))

    assert [each.trouble for each in _alarms()] == [Trouble.WORKER, Trouble.LATE]


def test_without_the_queue_the_alarm_says_so_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    core_queue.reset()
    log_world.reminder(factories.account(Role.GRID_WORKER), ReminderState.FAILED)

    assert _alarms() == [Alarm(Trouble.QUEUE)]
    now = pulse.pulse(factories.actor(Role.ADMINISTRATOR))
    assert now.heard is None
    assert now.reminders.failed == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_is_told_anything(role: Role, frozen_clock: datetime) -> None:
    log_world.reminder(factories.account(Role.GRID_WORKER), due_at=frozen_clock - timedelta(hours=1))
    assert _alarms()

    assert pulse.alarms(factories.actor(role)) == []
    with pytest.raises(NotAllowedError):
        pulse.pulse(factories.actor(role))


def test_a_page_asks_the_database_once_in_some_seconds() -> None:
    admin = factories.actor(Role.ADMINISTRATOR)
    pulse.alarms(admin)

    with statements() as sent:
        for _page in range(20):
            pulse.alarms(admin)

    assert sent == []


def test_the_depth_of_the_queue_is_told() -> None:
    core_queue.client().rpush("dramatiq:default", "a", "b")
    core_queue.client().rpush("dramatiq:reminders", "c")
    core_queue.client().hset("dramatiq:default.msgs", "a", "…")

    heard = pulse.pulse(factories.actor(Role.ADMINISTRATOR)).heard

    assert heard is not None
    assert heard.waiting == 3


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
