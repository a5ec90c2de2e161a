"""Keeps the parts of a running copy alive and stops them in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from core import interrupts, lifeline, logs
from core.embedded import ServerError
from core.i18n import N_

ROOT = Path(__file__).parent.parent
_LOOK_SECONDS = 0.3
_log = logs.get(__name__)


class Part(Protocol):
    """A server or process that can be started, watched and stopped."""

    name: str

    @property
    def running(self) -> bool:
        """Whether it runs."""
        ...

    def start(self) -> object:
        """Start it."""
        ...

    def stop(self) -> None:
        """Let it finish what it is doing, then end it."""
        ...


class Program:
    """A child process.

    Args:
        name: what messages call it.
        command: the program and its arguments.
        environment: its environment.
        seconds: how long it may take to finish what it is doing when asked to stop.
    """

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, seconds: float = 15
    ) -> None:
        self.name = name
        self._command = command
        self._environment = {**environment, lifeline.VARIABLE: str(os.getpid())}
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self._end_orphans()
        with interrupts.held():
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def stop(self) -> None:
        """Ask it to finish and end; end it if it takes too long."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(self._seconds)
        except subprocess.TimeoutExpired:
            _log.warning("part_killed", part=self.name, seconds=self._seconds)
            self._process.kill()
            self._process.wait()
        self._end_orphans()

    def _end_orphans(self) -> None:
        """End what a process that was killed has left: its own children, which nobody asks to stop any more."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class Watched:
    """A part with the history of its deaths."""

    def __init__(self, part: Part, limit: int, within: float) -> None:
        self.part = part
        self.deaths: list[float] = []
        self.restart_at: float | None = None
        self._limit = limit
        self._within = within

    def look(self, now: float) -> None:
        """Notice a death, and start the part again once its pause is over.

        Raises:
            ServerError: it died too often.
        """
        if self.restart_at is not None:
            if now >= self.restart_at:
                self._restart(now)
        elif not self.part.running:
            self._plan_restart(now)

    def _restart(self, now: float) -> None:
        self.restart_at = None
        try:
            self.part.start()
        except ServerError as problem:  # a killed database's processes may need a moment to end
            _log.warning("part_not_restarted", part=self.part.name, reason=str(problem))
            self._plan_restart(now)

    def _plan_restart(self, now: float) -> None:
        self.deaths = [each for each in self.deaths if now - each < self._within] + [now]
        if len(self.deaths) >= self._limit:
            raise ServerError(
                N_("{name} ended {count} times in a short while, so Qianqi stops; the reason is in the log above."),
                name=self.part.name,
                count=len(self.deaths),
            )
        pause = 2.0 ** (len(self.deaths) - 1) - 1
        self.restart_at = now + pause
        _log.error("part_died", part=self.part.name, deaths=len(self.deaths), restart_in=pause)


class Supervisor:
    """Starts parts in order, starts dead ones again, and stops all in reverse order.

    Args:
        limit: how many deaths of one part are too many …
        within: … within so many seconds.
    """

    def __init__(self, *, limit: int = 5, within: float = 120) -> None:
        self._limit = limit
        self._within = within
        self._watched: list[Watched] = []

    def start(self, part: Part) -> None:
        """Start a part; it counts as started even if it fails half-way, so that `stop` clears it up."""
        self._watched.append(Watched(part, self._limit, self._within))
        part.start()

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Keep the parts alive until `until()` is true.

        Raises:
            ServerError: a part died too often.
        """
        while not until():
            time.sleep(_LOOK_SECONDS)
            for each in self._watched:
                each.look(time.monotonic())

    def stop(self) -> None:
        """Stop every part, the last started first."""
        while self._watched:
            self._watched.pop().part.stop()
