"""Two people at once, the second while the first is not quite done: what a race comes to when it is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TypeVar

import pytest

from core.db import joined, transaction
from services.actor import SYSTEM

T = TypeVar("T")


def meanwhile(first: Callable[[], object], second: Callable[[], T]) -> T:
    """Do one thing, begin another before the first commits, see that it waits for it, and return what it returns.

    Raises:
        UserError: of the second.
    """
    with ThreadPoolExecutor(1) as thread:
        with transaction(actor=SYSTEM) as session, joined(session):
            first()
            waiting = thread.submit(second)
            with pytest.raises(FutureTimeoutError):
                waiting.result(timeout=0.5)
        return waiting.result(timeout=30)
