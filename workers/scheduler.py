"""The scheduler: finds due outbox rows and enqueues their ids.

Any number may run; the one that holds a PostgreSQL advisory lock leads. It scans when a transaction notifies it and
every 30 seconds anyway. The scan is idempotent, so nothing depends on a message, a notice or a leader not being lost.
"""

import threading
import time

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.exc import SQLAlchemyError

from core import logs, queue
from core.settings import settings
from services import outbox, upkeep, waking
from workers.actors import work
from workers.broker import broker

SCAN_SECONDS = 30
_LOCK = 7_166_178  # any number that nothing else locks
_STANDBY_SECONDS = 3
_BATCH = 200
_QUEUE_LIMIT = 1000  # more would only wait in the queue until their claims run out
_UPKEEP_SECONDS = 3600
_LONGEST_PAUSE = 30.0
_LOST = (psycopg.Error, SQLAlchemyError, redis.RedisError)
_KEEPALIVE = "keepalives=1 keepalives_idle=10 keepalives_interval=5 keepalives_count=3 connect_timeout=5"
_log = logs.get(__name__)


class Scheduler:
    """One candidate for leadership; `run` returns after `stop`."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self.leading = False

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stopping.set()

    def run(self) -> None:
        """Lead, or stand by until the leader is gone; a lost database or queue is waited for."""
        pause = 1.0
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                self._serve()
            except _LOST as problem:
                pause = 1.0 if time.monotonic() - started > _LONGEST_PAUSE else min(pause * 2, _LONGEST_PAUSE)
                _log.warning("scheduler_interrupted", error=str(problem).strip(), pause=pause)
                self._stopping.wait(pause)
            finally:
                self.leading = False

    def _serve(self) -> None:
        """Hold one connection: the lock ends with it, and so does leadership."""
        with psycopg.connect(_connection_info(), autocommit=True) as connection:
            while not self._stopping.is_set():
                if _lock(connection):
                    self._lead(connection)
                else:
                    queue.beat("scheduler", "standby")
                    self._stopping.wait(_STANDBY_SECONDS)
        queue.leave("scheduler")

    def _lead(self, connection: psycopg.Connection) -> None:
        self.leading = True
        _log.info("scheduler_leads")
        connection.execute(f"LISTEN {waking.CHANNEL}")
        scan_at = upkeep_at = beat_at = 0.0
        while not self._stopping.is_set():
            now = time.monotonic()
            if now >= beat_at:
                queue.beat("scheduler", "leader")
                beat_at = now + queue.BEAT_SECONDS
            if now >= upkeep_at:
                upkeep.plan()
                upkeep_at = now + _UPKEEP_SECONDS
            if now >= scan_at:
                scan_at = now + (SCAN_SECONDS if scan() else 1)
            if list(connection.notifies(timeout=1, stop_after=1)):
                scan_at = 0.0


def scan() -> bool:
    """Enqueue what is due, as long as the queue is not full.

    Returns:
        Whether that was all; otherwise the next scan should follow soon.
    """
    while (room := min(_QUEUE_LIMIT - _queued(), _BATCH)) > 0:
        claims = outbox.claim(room)
        _enqueue(claims)
        if len(claims) < room:
            return True
    return False


def _enqueue(claims: list[outbox.Claimed]) -> None:
    for index, each in enumerate(claims):
        try:
            work.send(each.id, each.until.isoformat())
        except redis.RedisError:
            outbox.release(claims[index:])
            raise


def _queued() -> int:
    length = broker.client.llen(f"{broker.namespace}:{work.queue_name}")
    return int(length)


def _connection_info() -> str:
    """Return where to connect: a connection that breaks silently must not hold leadership for long."""
    return make_conninfo(settings().database_url, **conninfo_to_dict(_KEEPALIVE))


def _lock(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
    return row is not None and bool(row[0])
