"""A machine to measure on: throw-away PostgreSQL and Valkey, and the product's own processes."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

from bench.processes import Process
from core import db, migrate
from core import queue as core_queue
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.embedded.postgres import APP
from core.settings import settings
from core.supervisor import ROOT

_SECRET = "only-for-measurements-only-for-measurements"  # noqa: S105 - of servers that are thrown away
_BOOT_SECONDS = 60


class Machine:
    """PostgreSQL and Valkey as `qianqi up` runs them, on free ports, and processes of the product that use them.

    Args:
        folder: where everything is kept; the account of the servers can reach it.
        more: settings of the processes, beside the addresses.
    """

    def __init__(self, folder: Path, more: Mapping[str, str]) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder)
        self.valkey = EmbeddedValkey(folder)
        self._more = more
        self._processes: list[Process] = []

    def start(self) -> None:
        """Start the servers and make the tables."""
        self.postgres.start()
        self.valkey.start()
        migrate.upgrade(self.postgres.owner_url, app_role=APP)

    def stop(self) -> None:
        """Kill the processes and stop the servers."""
        self.end_processes()
        self.valkey.stop()
        self.postgres.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that uses these servers and no setting of the machine."""
        own = ("QIANQI_", "DATABASE_URL", "REDIS_URL")
        return {name: value for name, value in os.environ.items() if not name.startswith(own)} | self.settings

    @property
    def settings(self) -> dict[str, str]:
        """The settings by which a process uses these servers."""
        return {
            "QIANQI_ENV_FILE": os.devnull,
            "QIANQI_DATA_DIR": str(self.folder / "data"),
            "QIANQI_DATABASE_URL": self.postgres.app_url,
            "QIANQI_MIGRATION_URL": self.postgres.owner_url,
            "QIANQI_REDIS_URL": self.valkey.url,
            "QIANQI_SECRET_KEY": _SECRET,
            "PYTHONPATH": str(ROOT),
            **self._more,
        }

    def run(self, name: str, *arguments: str, **environment: str) -> Process:
        """Start `python ARGUMENTS` as one of the machine's processes; `name` is that of its log."""
        log = self.folder / f"{name}.log"
        process = Process(list(arguments), self.environment | environment, log).start()
        self._processes.append(process)
        return process

    def qianqi(self, command: str) -> Process:
        """Start `qianqi COMMAND` and wait until it has been heard."""
        before = _heard(command)
        process = self.run(command, "-m", "cli", command)
        wait_until(lambda: bool(_heard(command) - before), _BOOT_SECONDS, f"`qianqi {command}` to be heard")
        return process

    def end_processes(self) -> None:
        """Kill all processes that still run."""
        for each in self._processes:
            each.kill()
        self._processes.clear()

    def sql(self, statement: str, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run a statement as the owner of the tables and return its rows."""
        with psycopg.connect(
            self.postgres.owner_url, autocommit=True, cursor_factory=psycopg.ClientCursor
        ) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    @property
    def redis(self) -> redis.Redis:
        """A connection to the queue server."""
        return redis.Redis.from_url(self.valkey.url)


def _heard(kind: str) -> set[int]:
    return {each.pid for each in core_queue.alive() if each.kind == kind}


def wait_until(true: Callable[[], bool], seconds: float, what: str, every: float = 0.02) -> float:
    """Wait until `true()` and return how many seconds it took.

    Raises:
        TimeoutError: it did not come true.
    """
    began = time.monotonic()
    while not true():
        if time.monotonic() > began + seconds:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)
    return time.monotonic() - began


@contextmanager
def machine(**more: str) -> Iterator[Machine]:
    """Make a machine, let this process use its servers too, and throw it away at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="qianqi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = Machine(folder, more)
        try:
            made.start()
            with _in_use(made.settings):
                yield made
        finally:
            made.stop()


@contextmanager
def _in_use(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    _forget()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        _forget()


def _forget() -> None:
    db.reset()
    core_queue.reset()
    settings.cache_clear()
