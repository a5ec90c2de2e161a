"""Processes of the product that can be started, held still, asked to end, or killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from core import lifeline
from core.supervisor import ROOT


class Process:
    """One program in a session of its own: what is done to it is done to its children too.

    Args:
        arguments: what follows `python`.
        environment: its environment.
        log: the file its output is added to.
    """

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self._command = [sys.executable, *arguments]
        self._environment = {**environment, lifeline.VARIABLE: str(os.getpid())}
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its number; 0 before its first start."""
        return self._popen.pid if self._popen is not None else 0

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._popen is not None and self._popen.poll() is None

    def start(self) -> "Process":
        """Start it and return it; its start-up is not waited for."""
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(  # noqa: S603 - our own command
                self._command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        return self

    def hold(self) -> None:
        """Hold it still: its connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill it and its children without a warning."""
        self._signal(signal.SIGKILL)
        if self._popen is not None:
            self._popen.wait()

    def end(self, seconds: float = 40) -> int:
        """Ask it to finish and end, kill it after `seconds`, and return its exit code."""
        if self._popen is None:
            return 0
        if self.running:
            self._popen.send_signal(signal.SIGTERM)
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._popen.wait()

    def text(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text("utf-8", errors="replace")

    def _signal(self, number: signal.Signals) -> None:
        if self._popen is None:
            return
        try:
            os.killpg(self._popen.pid, number)
        except ProcessLookupError:
            return
