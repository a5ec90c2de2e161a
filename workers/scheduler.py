"""The scheduler: finds due outbox rows, reminders and deliveries, claims them and enqueues their ids.

Any number may run; the one that holds a PostgreSQL advisory lock leads. It scans when a transaction notifies it, when
the next row falls due or the next claim runs out, and now and then anyway. The scan is idempotent, so nothing depends
on a message, a notice or a leader not being lost.
"""

import threading
import time
from datetime import timedelta

import psycopg
import redis
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import SQLAlchemyError

from core import clock, db, logs, queue
from core.settings import settings
from services import outbox, upkeep, waking
from services.backups import planning as backups
from services.bulletin import building
from services.delivery import claiming, figures
from services.tallies import keeping
from workers.feeding import feed

_LOCK = 7_166_178  # any number that nothing else locks
_STANDBY_SECONDS = 3
_UPKEEP_SECONDS = 3600
_AGAIN_SECONDS = 60
_LONGEST_PAUSE = 30.0
_SOON, _SHORTEST = 0.05, 0.5
_RESCUE_SECONDS = 1.0
_LOST = (psycopg.Error, SQLAlchemyError, redis.RedisError)
_CONNECT_SECONDS = 5
PLANS = (upkeep.plan, building.plan, backups.plan)
"""What looks whether something is owed that comes round by itself."""
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
        scan_at = upkeep_at = rescue_at = beat_at = 0.0
        while not self._stopping.is_set():
            now = time.monotonic()
            if now >= beat_at:
                queue.beat("scheduler", "leader")
                beat_at = now + queue.BEAT_SECONDS
            if now >= upkeep_at:
                upkeep_at = now + (_UPKEEP_SECONDS if plan() else _AGAIN_SECONDS)
            if now >= max(scan_at, rescue_at):
                rescue()
                keeping.plan()
                rescue_at = now + _RESCUE_SECONDS
            if now >= scan_at:
                scan_at = time.monotonic() + (_pause() if feed() else _SOON)
            if _notified(connection, scan_at):
                scan_at = min(scan_at, now + _SOON)


def plan() -> bool:
    """Owe what comes round by itself; a look that fails keeps neither the others nor reminders from being made.

    Returns:
        Whether none failed; else all look again soon.
    """
    whole = True
    for look in PLANS:
        try:
            look()
        except Exception as problem:  # noqa: BLE001 - whatever it was, it must not end the scheduler after each start
            _log.error("plan_failed", plan=look.__module__, exc_info=problem)
            whole = False
    return whole


def rescue() -> None:
    """Plan rows again whose claims ran out: their workers died, or the queue lost them."""
    for work in (claiming.REMINDERS, claiming.DELIVERIES):
        if found := claiming.rescue(work):
            _log.warning("claims_rescued", table=work.table.name, count=found)


def _pause() -> float:
    """Return how many seconds there is nothing to do, unless somebody notifies the scheduler."""
    moments = [each for each in (outbox.next_moment(), figures.next_moment()) if each is not None]
    longest = settings().scan_seconds
    if not moments:
        return longest
    wait: timedelta = min(moments) - clock.now()
    return min(max(wait.total_seconds(), _SHORTEST), longest)


def _notified(connection: psycopg.Connection, until: float) -> bool:
    """Wait for a notice until then, but not so long that a beat is late."""
    seconds = min(max(until - time.monotonic(), 0.0), 1.0)
    return bool(list(connection.notifies(timeout=seconds, stop_after=1)))


def _connection_info() -> str:
    """Return where to connect: a connection that breaks silently must not hold leadership for long."""
    given: dict[str, str | int] = {**db.KEEPALIVE, "connect_timeout": _CONNECT_SECONDS, "options": db.options()}
    return make_conninfo(settings().database_url, **given)


def _lock(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
    return row is not None and bool(row[0])
