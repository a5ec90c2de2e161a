"""Thin actors of reminders: from a claimed batch to the service that tells or sends it."""

import time
from collections.abc import Callable
from datetime import datetime

import dramatiq
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from core import logs
from models.channel import ChannelKind
from services import texts
from services.delivery import sending, telling
from services.delivery.choosing import Line, LineBatch
from services.delivery.claiming import Batch
from workers import broker as _broker  # noqa: F401 - the broker must be set before an actor is declared
from workers.counting import count
from workers.draining import stopping

TELL, SEND = "tell", "send"
_log = logs.get(__name__)


@dramatiq.actor(queue_name=TELL, priority=0)
def tell(ids: list[int], claimed_until: str) -> None:
    """Tell the reminders of a batch, unless the claim it was enqueued under no longer holds."""
    batch = _batch(ids, claimed_until)
    _work(TELL, ids, lambda: {"done": telling.tell(batch)})


@dramatiq.actor(queue_name=SEND, priority=20)
def send(kind: str, channel_id: int | None, ids: list[int], claimed_until: str) -> None:
    """Send the deliveries of a batch, unless the claim it was enqueued under no longer holds."""
    work = LineBatch(Line(ChannelKind.of(kind), channel_id), _batch(ids, claimed_until))
    _work(SEND, ids, lambda: sending.send(work, stopping.is_set).outcomes())


def _work(topic: str, ids: list[int], do: Callable[[], dict[str, int]]) -> None:
    """Do a batch's work; when the database is away its claim runs out, and it is claimed again."""
    with bound_contextvars(topic=topic, first=ids[0], size=len(ids)):
        texts.refresh()
        started = time.monotonic()
        try:
            outcomes = do()
        except SQLAlchemyError:
            _log.exception("batch_not_done")
            return
        for outcome, number in outcomes.items():
            count(topic, outcome, time.monotonic() - started, number)


def _batch(ids: list[int], claimed_until: str) -> Batch:
    return Batch(tuple(ids), datetime.fromisoformat(claimed_until))
