"""Parts that die are started again; parts that keep dying stop everything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core.embedded import ServerError
from core.supervisor import Program, Supervisor


def program(name: str, code: str, seconds: float = 5) -> Program:
    return Program(name, [sys.executable, "-c", code], dict(os.environ), seconds=seconds)


def watched(supervisor: Supervisor, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    supervisor.watch(until=lambda: until() or time.monotonic() > deadline)
    assert until()


def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    supervisor = Supervisor()
    supervisor.start(program("web", f"import time; open({str(marks)!r}, 'a').write('x'); time.sleep(0.1)"))

    watched(supervisor, lambda: marks.exists() and marks.read_text() >= "xx")

    supervisor.stop()


def test_a_part_that_keeps_dying_stops_everything_with_its_name() -> None:
    supervisor = Supervisor(limit=2)
    supervisor.start(program("worker", "raise SystemExit(3)"))

    with pytest.raises(ServerError, match="worker"):
        supervisor.watch()

    supervisor.stop()


def test_parts_finish_what_they_do_and_stop_last_started_first(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = (
        "import signal, sys, time\n"
        f"marks = {str(marks)!r}\n"
        "def end(*_):\n"
        "    time.sleep(0.2)\n"
        "    open(marks, 'a').write('NAME ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "open(marks + 'NAME', 'w').close()\n"
        "time.sleep(60)\n"
    )
    supervisor = Supervisor()
    for name in ("database", "web", "worker"):
        supervisor.start(program(name, code.replace("NAME", name)))
    watched(supervisor, lambda: all(Path(f"{marks}{name}").exists() for name in ("database", "web", "worker")))

    supervisor.stop()

    assert marks.read_text().split() == ["worker", "web", "database"]


def test_a_part_that_does_not_stop_is_ended() -> None:
    stubborn = program("web", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", 0.5)
    supervisor = Supervisor()
    supervisor.start(stubborn)

    supervisor.stop()

    assert not stubborn.running


def test_children_of_a_part_that_was_killed_are_ended_before_it_starts_again(tmp_path: Path) -> None:
    """Given workers of a main process, when that one alone is killed, then no worker of it is left beside the new."""
    numbers = tmp_path / "numbers"
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"print(os.getpid(), child.pid, file=open({str(numbers)!r}, 'a'), flush=True)\n"
        "child.wait()\n"
    )

    def started() -> list[list[int]]:
        return [[int(each) for each in line.split()] for line in numbers.read_text().splitlines()]

    supervisor = Supervisor()
    supervisor.start(program("worker", code))
    _wait_until(lambda: numbers.exists() and len(started()) == 1)
    main, child = started()[0]
    os.kill(main, signal.SIGKILL)
    watched(supervisor, lambda: len(started()) == 2)

    _wait_until(lambda: _has_ended(child))
    os.kill(started()[1][0], signal.SIGKILL)
    supervisor.stop()
    _wait_until(lambda: _has_ended(started()[1][1]))


def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    child = (
        "from core.lifeline import end_with_supervisor; import os, time\n"
        f"end_with_supervisor(); open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    )
    parent = (
        "import os, sys, time; from core.supervisor import Program\n"
        f"Program('web', [sys.executable, '-c', {child!r}], dict(os.environ)).start(); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", parent], cwd=Path(__file__).parents[2])
    _wait_until(lambda: mark.exists() and bool(mark.read_text()))
    process = psutil.Process(int(mark.read_text()))

    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()

    _wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def _has_ended(number: int) -> bool:
    """Return whether a process is no more, or waits for a parent that does not ask."""
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
