"""The thin actor: from a claimed outbox row to the service that does its work."""

import time
from datetime import datetime

import dramatiq
from dramatiq.middleware import TimeLimitExceeded
from structlog.contextvars import bound_contextvars

from core import logs
from services import outbox, texts
from services.renewing import renewed
from workers import broker as _broker  # noqa: F401 - the broker must be set before an actor is declared
from workers.counting import count
from workers.handlers import HANDLERS, Handler

TOO_LONG = "it took longer than any work may, an hour, and would again"
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
        count(held.topic, outcome, time.monotonic() - started)


def _attempt(held: outbox.Held) -> Exception | None:
    """Do the work and return what went wrong, if anything did."""
    try:
        with renewed(lambda: outbox.renew(held), _RENEW_SECONDS, f"outbox-{held.id}"):
            _handler(held.topic)(held.payload)
    except TimeLimitExceeded:  # no Exception of Python's: nothing on the way here is to swallow it
        return outbox.PermanentError(TOO_LONG)
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
