"""The thin actor: from a claimed outbox row to the service that does its work."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import dramatiq
import redis
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from core import logs, queue
from services import outbox, texts
from workers import broker as _broker  # noqa: F401 - the broker must be set before an actor is declared
from workers.handlers import HANDLERS, Handler

_log = logs.get(__name__)
_RENEW_SECONDS = outbox.CLAIM.total_seconds() / 3


@dramatiq.actor
def work(message_id: int, claimed_until: str) -> None:
    """Do the work of one outbox message, unless the claim it was enqueued under no longer holds."""
    held = outbox.begin(outbox.Claimed(message_id, datetime.fromisoformat(claimed_until)))
    if held is None:
        return
    with bound_contextvars(outbox_id=held.id, topic=held.topic):
        texts.refresh()
        started = time.monotonic()
        outcome = _record(held, _attempt(held))
        _count(held.topic, outcome, time.monotonic() - started)


def _attempt(held: outbox.Held) -> Exception | None:
    """Do the work and return what went wrong, if anything did."""
    try:
        with _renewed(held):
            _handler(held.topic)(held.payload)
    except Exception as problem:  # noqa: BLE001 - whatever went wrong is recorded and decided on in one place
        return problem
    return None


def _handler(topic: str) -> Handler:
    if topic not in HANDLERS:
        raise LookupError(f"no handler for the topic {topic}; perhaps another machine runs a newer version")
    return HANDLERS[topic]


def _record(held: outbox.Held, problem: Exception | None) -> str:
    """Write down how it went; the claim is no longer being renewed by now."""
    if problem is None:
        outbox.finish(held)
        return "done"
    parked = outbox.fail(held, problem)
    _log.error("task_parked" if parked else "task_failed", attempts=held.attempts, exc_info=problem)
    return "parked" if parked else "failed"


@contextmanager
def _renewed(held: outbox.Held) -> Iterator[None]:
    """Keep the claim of a long task alive while the block runs."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(ended, held), name=f"renew-{held.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew_until(ended: threading.Event, held: outbox.Held) -> None:
    while not ended.wait(_RENEW_SECONDS):
        try:
            if not outbox.renew(held):
                _log.warning("claim_lost", outbox_id=held.id)
                return
        except SQLAlchemyError as problem:
            _log.warning("claim_not_renewed", outbox_id=held.id, error=str(problem))


def _count(topic: str, outcome: str, seconds: float) -> None:
    try:
        queue.count_task(topic, outcome, seconds)
    except redis.RedisError as problem:
        _log.warning("task_not_counted", error=str(problem))
