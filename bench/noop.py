"""What Dramatiq can do at most: an actor that does nothing, on a broker as Dramatiq makes it."""

import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

broker = RedisBroker(url=os.environ["QIANQI_REDIS_URL"])  # type: ignore[no-untyped-call]
dramatiq.set_broker(broker)
QUEUE = "nothing"


@dramatiq.actor(queue_name=QUEUE)
def nothing(_number: int) -> None:
    """Do nothing."""
