"""The Dramatiq broker. It only carries ids: the outbox rows are what guarantees that work gets done."""

import threading
from typing import Any

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, CurrentMessage, Middleware, ShutdownNotifications, TimeLimit

from core import logs, queue
from workers.draining import Draining

_log = logs.get(__name__)

# Dramatiq gives a dead worker's messages back only in maintenance passes, by default in 0.1 % of its commands: with
# few commands that may take many minutes. Half of all commands costs little and means about a second.
_MAINTENANCE_PER_MILLION = 500_000
_HEARTBEAT_MS = 10_000
_LONGEST_TASK_MS = 3_600_000
_OLDEST_MESSAGE_MS = 600_000  # by then its claim has run out, and the scan has enqueued it again


class TaskContext(Middleware):
    """Binds the task's id to every line logged while it runs."""

    def after_process_boot(self, _broker: dramatiq.Broker) -> None:
        """Log as the rest of the product does; Dramatiq has set up a format of its own."""
        logs.configure()

    def before_process_message(self, _broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        """Bind."""
        structlog.contextvars.bind_contextvars(task_id=message.message_id[:8])

    def after_process_message(self, *_args: Any, **_more: Any) -> None:
        """Unbind; threads are used again."""
        structlog.contextvars.clear_contextvars()

    def after_skip_message(self, *_args: Any) -> None:
        """Unbind."""
        structlog.contextvars.clear_contextvars()


class Heartbeat(Middleware):
    """Tells `qianqi doctor` and the health pages that this worker is alive."""

    def __init__(self) -> None:
        self._stopping = threading.Event()

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin to beat."""
        self._stopping = threading.Event()
        threading.Thread(target=self._beat, args=(self._stopping,), name="heartbeat", daemon=True).start()

    def before_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Say good-bye."""
        self._stopping.set()

    def _beat(self, stopping: threading.Event) -> None:
        while True:
            try:
                queue.beat("worker")
            except redis.RedisError as problem:
                _log.warning("heartbeat_failed", error=str(problem))
            if stopping.wait(queue.BEAT_SECONDS):
                break
        try:
            queue.leave("worker")
        except redis.RedisError as problem:
            _log.debug("queue_gone", error=str(problem))  # the beat fades by itself


broker = RedisBroker(  # type: ignore[no-untyped-call]
    client=queue.connect(),
    middleware=[
        AgeLimit(max_age=_OLDEST_MESSAGE_MS),
        TimeLimit(time_limit=_LONGEST_TASK_MS),
        ShutdownNotifications(),
        CurrentMessage(),
        TaskContext(),
        Heartbeat(),
        Draining(),
    ],
    maintenance_chance=_MAINTENANCE_PER_MILLION,
    heartbeat_timeout=_HEARTBEAT_MS,
)
dramatiq.set_broker(broker)
