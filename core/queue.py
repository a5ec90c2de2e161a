"""The Redis-protocol server: messages, and which processes are alive."""

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import unquote

import redis

from core import clock
from core.settings import settings

DEFAULT_URL = "redis://127.0.0.1:6379/0"
"""Where a Redis usually listens; used by processes that were started by hand without `REDIS_URL`."""

BEAT_SECONDS = 5
_KEPT_SECONDS = 20
_PREFIX = "qianqi:alive:"
_LAST = "qianqi:heard"
_BROKER = "dramatiq:*"
_COUNTERS = "qianqi:tasks"
_SENTINEL = "redis+sentinel://"
_SENTINEL_SECONDS = 2
_ANSWER_SECONDS = 5
"""How long an answer is waited for: nothing here asks the server to wait, so one that keeps silent is not well."""


@dataclass(frozen=True)
class Alive:
    """A process that was heard a moment ago."""

    kind: str
    host: str
    pid: int
    state: str
    heard_at: str

    @property
    def heard(self) -> datetime:
        """When it was heard."""
        return datetime.fromisoformat(self.heard_at)


def connect(**options: Any) -> redis.Redis:
    """Return connections to the queue server of the settings, or to whichever its sentinels say is the master.

    A server that hangs is given up like one that is gone, so that its successor is asked for.

    Args:
        **options: of the connections, as `redis.Redis` takes them.
    """
    url = settings().redis_url or DEFAULT_URL
    given = {"socket_timeout": _ANSWER_SECONDS} | options
    if url.startswith(_SENTINEL):
        return _by_sentinels(url, {"socket_connect_timeout": _SENTINEL_SECONDS} | given)
    return redis.Redis.from_url(url, **{"socket_connect_timeout": _ANSWER_SECONDS} | given)


@cache
def client() -> redis.Redis:
    """Return this process's connections to the queue server."""
    return connect(decode_responses=True)


def reset() -> None:
    """Close the connections and forget them, so that the next use reads the settings again."""
    if client.cache_info().currsize:
        client().close()
    client.cache_clear()


def beat(kind: str, state: str = "ready") -> None:
    """Tell everyone that this process is alive; to be repeated every `BEAT_SECONDS`."""
    alive = Alive(kind, socket.gethostname(), os.getpid(), state, clock.now().isoformat())
    with client().pipeline(transaction=False) as pipe:
        pipe.set(f"{_PREFIX}{kind}:{alive.host}:{alive.pid}", json.dumps(asdict(alive)), ex=_KEPT_SECONDS)
        pipe.hset(_LAST, kind, alive.heard_at)
        pipe.execute()


def leave(kind: str) -> None:
    """Tell everyone that this process is about to end."""
    client().delete(f"{_PREFIX}{kind}:{socket.gethostname()}:{os.getpid()}")


def alive() -> list[Alive]:
    """Return the processes heard lately, by kind, host and number."""
    keys = sorted(client().scan_iter(f"{_PREFIX}*", count=1000))
    values = client().mget(keys) if keys else []
    return [Alive(**json.loads(value)) for value in values if value is not None]


def last_heard(kind: str) -> datetime | None:
    """Return when a process of a kind was heard last, however long ago; `None` where the queue remembers none."""
    found = client().hget(_LAST, kind)
    return datetime.fromisoformat(str(found)) if found else None


def waiting() -> int:
    """Return how many messages lie in the queue that no worker has taken yet."""
    names = list(client().scan_iter(_BROKER, count=1000, _type="list"))
    with client().pipeline(transaction=False) as pipe:
        for name in names:
            pipe.llen(name)
        return sum(pipe.execute())


def count_task(topic: str, outcome: str, seconds: float, number: int = 1) -> None:
    """Add finished tasks to the counters that every machine shares."""
    with client().pipeline(transaction=False) as pipe:
        pipe.hincrby(_COUNTERS, f"{topic}:{outcome}:count", number)
        pipe.hincrbyfloat(_COUNTERS, f"{topic}:{outcome}:seconds", seconds)
        pipe.execute()


def task_counts() -> dict[tuple[str, str], tuple[int, float]]:
    """Return (topic, outcome) → (how many tasks, how many seconds they took together)."""
    found: dict[tuple[str, str], tuple[int, float]] = {}
    values = {str(name): str(value) for name, value in client().hgetall(_COUNTERS).items()}
    for name, value in values.items():
        topic, outcome, measure = name.rsplit(":", 2)
        if measure == "count":
            found[topic, outcome] = int(value), float(values.get(f"{topic}:{outcome}:seconds", 0))
    return found


def _by_sentinels(url: str, options: dict[str, Any]) -> redis.Redis:
    """Read `redis+sentinel://[user:password@]host:port,host:port/name/db`; the password is the one of all servers."""
    from redis.sentinel import Sentinel

    login, _at, rest = url.removeprefix(_SENTINEL).rpartition("@")
    hosts, _slash, path = rest.partition("/")
    name, _slash, number = path.partition("/")
    user, _colon, password = login.partition(":")
    credentials = {"username": unquote(user) or None, "password": unquote(password) or None} if login else {}
    addresses = [_address(each) for each in hosts.split(",")]
    waits: dict[str, Any] = {"socket_timeout": _SENTINEL_SECONDS, "socket_connect_timeout": _SENTINEL_SECONDS}
    sentinel = Sentinel(addresses, sentinel_kwargs=waits | credentials, **credentials)  # type: ignore[no-untyped-call]
    master: redis.Redis = sentinel.master_for(name, db=int(number or 0), **options)  # type: ignore[no-untyped-call]
    return master


def _address(text: str) -> tuple[str, int]:
    host, _colon, port = text.rpartition(":") if ":" in text else (text, "", "26379")
    return host, int(port)
