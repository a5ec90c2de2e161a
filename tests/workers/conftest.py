"""A broker on the test's own queue."""

from collections.abc import Iterator

import pytest
import redis
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker


@pytest.fixture
def broker(queue: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisBroker]:
    """The product's broker, pointed at the test's empty queue."""
    import workers

    pool = redis.ConnectionPool.from_url(queue)
    monkeypatch.setattr(workers.broker.client, "connection_pool", pool)
    yield workers.broker
    pool.disconnect()


@pytest.fixture
def worker(broker: RedisBroker) -> Iterator[Worker]:
    """A running worker of two threads."""
    worker = Worker(broker, worker_timeout=100, worker_threads=2)
    worker.start()
    yield worker
    worker.stop()
    broker.middleware.remove(next(each for each in broker.middleware if type(each).__name__ == "_WorkerMiddleware"))
