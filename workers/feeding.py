"""Feeding the queue: claim what is due and enqueue its ids, never more than can be worked off before claims run out."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import redis

from core import queue
from core.settings import settings
from services import outbox
from services.delivery import choosing, claiming
from services.delivery.choosing import LineBatch
from services.delivery.claiming import DELIVERIES, REMINDERS, Batch
from workers.actors import work
from workers.broker import broker
from workers.delivering import TELL, send, tell

_OUTBOX_BATCH = 200
_OUTBOX_LIMIT = 1000
_TELL_LIMIT = 16
_CAPACITY_SECONDS = 5
_T = TypeVar("_T")


def feed() -> bool:
    """Enqueue what is due, as long as the queues are not full.

    Returns:
        Whether that was all; otherwise the next time should follow soon.
    """
    return all([_feed_outbox(), _feed_reminders(), _feed_deliveries()])


def _feed_outbox() -> bool:
    while (room := min(_OUTBOX_LIMIT - _queued(work.queue_name), _OUTBOX_BATCH)) > 0:
        claims = outbox.claim(room)
        _enqueue(claims, lambda each: work.send(each.id, each.until.isoformat()), outbox.release)
        if len(claims) < room:
            return True
    return False


def _feed_reminders() -> bool:
    while _queued(TELL) < _TELL_LIMIT:
        batches = choosing.claim_reminders()
        _enqueue(batches, lambda each: tell.send(list(each.ids), each.until.isoformat()), _release_reminders)
        if not batches:
            return True
    return False


def _feed_deliveries() -> bool:
    """What is due beyond the lines' room waits for a batch to end, whose worker wakes the scheduler."""
    _enqueue(choosing.claim_deliveries(_room_for_sending()), _send, _release_deliveries)
    return True


def _send(each: LineBatch) -> None:
    send.send(each.line.kind.value, each.line.channel_id, list(each.batch.ids), each.batch.until.isoformat())


def _enqueue(claims: Sequence[_T], enqueue: Callable[[_T], object], release: Callable[[list[_T]], None]) -> None:
    """Enqueue claims, and give those back that the queue does not take."""
    for index, each in enumerate(claims):
        try:
            enqueue(each)
        except redis.RedisError:
            release(list(claims[index:]))
            raise


def _release_reminders(batches: list[Batch]) -> None:
    for each in batches:
        claiming.release(REMINDERS, each)


def _release_deliveries(batches: list[LineBatch]) -> None:
    for each in batches:
        claiming.release(DELIVERIES, each.batch)


def _queued(name: str) -> int:
    return int(broker.client.llen(f"{broker.namespace}:{name}"))


class _Room:
    """How many batches may be sent at a time: half of all threads, so that slow receivers never hold up the rest."""

    def __init__(self) -> None:
        self._known = 0
        self._until = 0.0

    def __call__(self) -> int:
        """Count the workers anew now and then."""
        if time.monotonic() >= self._until:
            workers = sum(each.kind == "worker" for each in queue.alive())
            self._known = max(workers * settings().worker_threads // 2, 1)
            self._until = time.monotonic() + _CAPACITY_SECONDS
        return self._known


_room_for_sending = _Room()
