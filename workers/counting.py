"""Counting finished work for everybody's metrics; a queue that is away only costs the count."""

import redis

from core import logs, queue

_log = logs.get(__name__)


def count(topic: str, outcome: str, seconds: float, number: int = 1) -> None:
    """Add so many finished pieces of work, which took so long together."""
    if not number:
        return
    try:
        queue.count_task(topic, outcome, seconds, number)
    except redis.RedisError as problem:
        _log.warning("task_not_counted", error=str(problem))
