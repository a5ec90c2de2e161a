"""Keeping a claim alive while the work on it takes long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from core import logs

_log = logs.get(__name__)


@contextmanager
def renewed(renew: Callable[[], bool], every: float, name: str) -> Iterator[None]:
    """Call `renew` now and then while the block runs.

    Args:
        renew: lengthens the claim; false means that it is lost, and is not called again.
        every: seconds from one call to the next.
        name: what the thread and its log lines are called.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_until, args=(ended, renew, every, name), name=f"renew-{name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _until(ended: threading.Event, renew: Callable[[], bool], every: float, name: str) -> None:
    while not ended.wait(every):
        try:
            if not renew():
                _log.warning("claim_lost", claim=name)
                return
        except SQLAlchemyError as problem:
            _log.warning("claim_not_renewed", claim=name, error=str(problem))
