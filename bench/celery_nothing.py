"""A Celery application whose one task does nothing; Celery is only there where somebody has installed it."""

import os

from celery import Celery

app = Celery("nothing", broker=os.environ["QIANQI_REDIS_URL"])


@app.task(ignore_result=True)  # type: ignore[untyped-decorator]
def nothing() -> None:
    """Do nothing."""
