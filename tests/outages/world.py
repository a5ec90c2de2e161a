"""Where outages happen: the running product with its demonstration data, servers that can be killed or held still."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil
import psycopg

from bench.machine import Machine, machine, wait_until
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.embedded.process import free_port
from core.supervisor import ROOT

Server = EmbeddedPostgres | EmbeddedValkey
_LONGEST = 60


class World:
    """The product, whole, and what can happen to it.

    Args:
        made: the servers.
        port: where the web process listens.
    """

    def __init__(self, made: Machine, port: int) -> None:
        self.machine = made
        self.url = f"http://127.0.0.1:{port}"
        self.web = made.run("web", "-m", "cli", "web")
        self.wait_for_web()

    def wait_for_web(self) -> None:
        """Wait until the web process answers."""
        wait_until(lambda: self.status("/healthz") == 200, _LONGEST, "the web process to answer", every=0.1)

    def status(self, path: str) -> int:
        """Return the status that an open address answers with; 0 if nobody answers."""
        try:
            return httpx.get(self.url + path, timeout=10, trust_env=False).status_code
        except httpx.TransportError:
            return 0

    @contextmanager
    def without(self, server: Server, *, killed: bool) -> Iterator[None]:
        """Take a server away for the block.

        Args:
            server: PostgreSQL or Valkey.
            killed: with all its processes and without a warning; else it is held still: it takes connections and says
                nothing, as behind a broken network.
        """
        if killed:
            _kill(server)
        else:
            _signal(server, signal.SIGSTOP)
        try:
            yield
        finally:
            if killed:
                server.start()
            else:
                _signal(server, signal.SIGCONT)

    @contextmanager
    def without_web(self) -> Iterator[None]:
        """Kill the web process, and start it again at the end of the block."""
        self.web.kill()
        try:
            yield
        finally:
            self.web.start()
            self.wait_for_web()

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Run a statement as the owner of the tables and return its rows."""
        return list(self.machine.sql(statement, values))

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Hold a table, so that every question about it waits."""
        with psycopg.connect(self.machine.postgres.owner_url) as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield

    def cut_short(self) -> None:
        """Wait until a page waits for a lock, and end its connection."""
        found = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with psycopg.connect(self.machine.postgres.admin_url, autocommit=True) as admin:
            waiting: list[tuple[int]] = []
            wait_until(lambda: bool(waiting.extend(admin.execute(found)) or waiting), 20, "a page to wait for a lock")
            for (number,) in set(waiting):
                admin.execute("SELECT pg_terminate_backend(%s)", [number])

    def logged(self, since: int = 0) -> str:
        """Return what the web process has written since a position; see `position`."""
        return self.web.text()[since:]

    def position(self) -> int:
        """Return where the web process's log ends now."""
        return len(self.web.text())


def _kill(server: Server) -> None:
    _signal(server, signal.SIGKILL)
    assert server._server is not None
    server._server.stop()
    server._server = None


def _signal(server: Server, number: signal.Signals) -> None:
    assert server._server is not None
    first = psutil.Process(server._server._process.pid)
    for each in (first, *first.children(recursive=True)):
        os.kill(each.pid, number)


@contextmanager
def world(**more: str) -> Iterator[World]:
    """Start the product with the demonstration data."""
    port = free_port()
    with machine(QIANQI_PORT=str(port), QIANQI_MODE="demo", **more) as made:
        load = [sys.executable, "-c", "from services import demo; demo.load()"]
        subprocess.run(load, cwd=ROOT, env=made.environment, check=True)
        yield World(made, port)
