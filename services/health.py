"""How the running product is: for load balancers, monitoring and `qianqi doctor`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import redis
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import migrate, queue
from core.db import transaction
from core.errors import UserError
from services import delivery, outbox
from services.backups import planning as backups

_KNOWN = (("scheduler", "leader"), ("scheduler", "standby"), ("worker", "ready"))
"""What processes say of themselves: counted also when none is heard, or no alarm could compare it with 1."""


@dataclass(frozen=True)
class Readiness:
    """Whether this process can serve people, and what is wrong if not all is well."""

    ready: bool
    problems: dict[str, str]


def readiness() -> Readiness:
    """Check what pages need. Without the queue they still work: owed work waits in the outbox."""
    problems = {}
    try:
        with transaction() as session:
            session.execute(text("SELECT 1"))
        _require_migrated()
    except (SQLAlchemyError, UserError, ValueError, LookupError) as problem:
        problems["database"] = _first_line(problem)
    ready = not problems
    try:
        queue.client().ping()
    except redis.RedisError as problem:
        problems["queue"] = _first_line(problem)
    return Readiness(ready, problems)


def metrics() -> Iterator[Metric]:
    """Yield the product's own measurements; those whose server does not answer are left out."""
    try:
        yield from _outbox_metrics()
        yield from _reminder_metrics()
        yield from _backup_metrics()
    except SQLAlchemyError:
        yield GaugeMetricFamily("qianqi_database_up", "Whether the database answers", value=0)
    else:
        yield GaugeMetricFamily("qianqi_database_up", "Whether the database answers", value=1)
    try:
        yield from _queue_metrics()
    except redis.RedisError:
        yield GaugeMetricFamily("qianqi_queue_up", "Whether the queue answers", value=0)
    else:
        yield GaugeMetricFamily("qianqi_queue_up", "Whether the queue answers", value=1)


def forget() -> None:
    """Check again whether migrations are missing, after another database was chosen."""
    _require_migrated.cache_clear()


def _outbox_metrics() -> list[Metric]:
    backlog = outbox.backlog()
    messages = GaugeMetricFamily("qianqi_outbox_messages", "Owed work by state", labels=["state"])
    for state in ("due", "planned", "parked"):
        messages.add_metric([state], getattr(backlog, state))
    age = GaugeMetricFamily("qianqi_outbox_oldest_due_seconds", "Age of the oldest due work")
    age.add_metric([], backlog.oldest_due_seconds)
    return [messages, age]


def _reminder_metrics() -> list[Metric]:
    backlog = delivery.backlog()
    reminders = GaugeMetricFamily("qianqi_reminders", "Reminders by state", labels=["state"])
    for state in ("due", "planned", "claimed", "failed"):
        reminders.add_metric([state], getattr(backlog, state))
    deliveries = GaugeMetricFamily("qianqi_deliveries", "Messages to be sent by a channel, by state", labels=["state"])
    for state in ("due", "failed"):
        deliveries.add_metric([state], getattr(backlog, f"deliveries_{state}"))
    age = GaugeMetricFamily("qianqi_reminders_oldest_due_seconds", "Age of the oldest due reminder")
    age.add_metric([], backlog.oldest_due_seconds)
    sending = GaugeMetricFamily("qianqi_deliveries_oldest_due_seconds", "Age of the oldest due message of a channel")
    sending.add_metric([], backlog.oldest_delivery_seconds)
    return [reminders, deliveries, age, sending]


def _backup_metrics() -> list[Metric]:
    """Nothing where no backups are wanted; no moment before the first."""
    found = backups.standing()
    if found is None:
        return []
    well = GaugeMetricFamily("qianqi_backup_well", "Whether the latest backup was made and is not too old")
    well.add_metric([], found.well)
    last = GaugeMetricFamily("qianqi_backup_last_timestamp_seconds", "When the last backup was made and checked")
    if found.last:
        last.add_metric([], found.last.timestamp())
    return [well, last]


def _queue_metrics() -> list[Metric]:
    alive = GaugeMetricFamily("qianqi_processes_alive", "Processes heard lately", labels=["kind", "state"])
    heard = [(each.kind, each.state) for each in queue.alive()]
    for kind_and_state in sorted({*_KNOWN, *heard}):
        alive.add_metric(kind_and_state, heard.count(kind_and_state))
    waiting = GaugeMetricFamily("qianqi_queue_messages", "Messages in the queue that no worker has taken yet")
    waiting.add_metric([], queue.waiting())
    count = CounterMetricFamily("qianqi_tasks", "Finished tasks", labels=["topic", "outcome"])
    seconds = CounterMetricFamily("qianqi_task_seconds", "Time tasks took", labels=["topic", "outcome"])
    for labels, (number, duration) in sorted(queue.task_counts().items()):
        count.add_metric(labels, number)
        seconds.add_metric(labels, duration)
    return [alive, waiting, count, seconds]


@cache
def _require_migrated() -> None:
    """Fail while migrations are missing; once none are, they stay applied as long as this process lives."""
    missing = migrate.pending()
    if missing:
        raise LookupError(f"{len(missing)} migrations are missing")


def _first_line(problem: Exception) -> str:
    return str(getattr(problem, "orig", None) or problem).strip().split("\n")[0]
