"""Other queues, measured beside where they are installed (`pip install celery rq`): how fast each does nothing."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from bench.machine import Machine, wait_until

_LONGEST = 600
_NOTHING = "time.monotonic"  # RQ imports it anew for each task


def measured(made: Machine, count: int) -> dict[str, float]:
    """Return name → tasks a second of two worker processes, for those that are installed."""
    peers: dict[str, Callable[[Machine, int], float]] = {"Celery": _celery, "RQ": _rq}
    return {name: measure(made, count) for name, measure in peers.items() if find_spec(name.lower()) is not None}


def _celery(made: Machine, count: int) -> float:
    from bench.celery_nothing import nothing as task

    workers = ["--concurrency", "2", "--loglevel", "ERROR"]
    process = made.run("celery", "-m", "celery", "--app", "bench.celery_nothing", "worker", *workers)
    task.delay()
    _until_empty(made, "celery", "unacked")
    process.hold()
    for _number in range(count):
        task.delay()
    process.go_on()
    seconds = _until_empty(made, "celery", "unacked")
    process.kill()
    return count / seconds


def _rq(made: Machine, count: int) -> float:
    queue = import_module("rq").Queue("nothing", connection=made.redis)
    process = made.run("rq", "-m", "rq.cli", "worker-pool", "nothing", "--num-workers", "2", "--url", made.valkey.url)
    queue.enqueue(_NOTHING)
    _until_empty(made, "rq:queue:nothing", "rq:wip:nothing")
    process.hold()
    for _number in range(count):
        queue.enqueue(_NOTHING)
    process.go_on()
    seconds = _until_empty(made, "rq:queue:nothing", "rq:wip:nothing")
    process.kill()
    return count / seconds


def _until_empty(made: Machine, *keys: str) -> float:
    with made.redis as client:
        return wait_until(lambda: not client.exists(*keys), _LONGEST, f"{keys} to be empty")
