"""The Redis-protocol server: messages, and which processes are alive."""

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

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


@cache
def client() -> redis.Redis:
    """Return this process's connections to the queue server."""
    return redis.Redis.from_url(
        settings().redis_url or DEFAULT_URL, decode_responses=True, socket_timeout=5, socket_connect_timeout=5
    )


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
