"""Start, watch and stop one server program."""

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from core import interrupts
from core.embedded.account import run_as
from core.embedded.errors import ServerError, disk_full
from core.i18n import N_

START_SECONDS = 60
_LOG_LIMIT = 10 * 1024 * 1024


def free_port() -> int:
    """Return a TCP port on the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_space(folder: Path, megabytes: int) -> None:
    """Refuse to go on with almost no room left.

    Raises:
        ServerError: fewer than `megabytes` are free where `folder` lies.
    """
    free = psutil.disk_usage(str(folder)).free // 2**20
    if free < megabytes:
        raise disk_full(folder, free)


class ServerProcess:
    """One server program, in a session of its own so that Ctrl-C reaches only the supervisor.

    Args:
        name: what messages call it.
        command: the program and its arguments.
        folder: its working folder.
        log: the file its output is added to.
        account: the account it runs as; `None` means the present one.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, folder: Path, log: Path, account: pwd.struct_passwd | None
    ) -> None:
        self.name = name
        self.log = log
        _rotate(log)
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **run_as(account),
            )

    @property
    def running(self) -> bool:
        """Whether the program still runs."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Wait until `ready()` is true.

        Raises:
            ServerError: the program ended or took too long; it has been stopped.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running or time.monotonic() > deadline:
                self.stop(signal.SIGTERM, seconds=5)
                raise self._failure()
            time.sleep(0.03)

    def stop(self, *signals: signal.Signals, seconds: float = 30) -> None:
        """Ask the program to end, ever more firmly, and wait until it has."""
        with interrupts.held():
            for each in (*signals, signal.SIGKILL):
                if not self.running:
                    return
                self._process.send_signal(each)
                try:
                    self._process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue

    def _failure(self) -> ServerError:
        with self.log.open("rb") as stream:
            stream.seek(self._log_start)
            lines = stream.read().decode("utf-8", "replace").split("\n")
        if any("No space left on device" in line for line in lines):
            return disk_full(self.log.parent)
        last = next((line.strip() for line in reversed(lines) if line.strip()), "-")
        return ServerError(
            N_("{name} did not start: {reason} (more in {log})"), name=self.name, reason=last, log=self.log
        )


def stop_leftover(pid_file: Path, program: str, folder: Path) -> None:
    """End a server that outlived its supervisor, and forget a pid file that a crash left behind.

    Only a process that runs `program` in `folder` is ended: the number in the file may belong to another by now.
    The caller holds the lock of the data folder, so nobody else is using that server.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if process.name() == program and Path(process.cwd()) == folder.resolve():
            process.send_signal(signal.SIGINT)
            process.wait(30)
    except (OSError, ValueError, IndexError, psutil.Error):
        pass  # no file, no number in it, or no such process: nothing to end
    pid_file.unlink(missing_ok=True)


def environment() -> Mapping[str, str]:
    """Return the environment of server programs: neither the user's PG* variables nor any secret."""
    kept = ("PATH", "TMPDIR", "SYSTEMROOT")
    return {"LC_ALL": "C.UTF-8", "TZ": "UTC"} | {name: os.environ[name] for name in kept if name in os.environ}


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
