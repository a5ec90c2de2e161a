"""Values that are costly to find out and may be a few seconds old."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Brief(Generic[K, V]):
    """Keeps what was found out for a short while, for everybody in this process: never anything that is one person's.

    While one thread finds a value out anew, the others are given the old one, so that a server that hangs holds up
    one page and not all of them.

    Args:
        kept: how long a value counts as new.
        strictly: whether nobody is given an older one: the others wait too, and what has grown old is forgotten.
    """

    def __init__(self, kept: timedelta, *, strictly: bool = False) -> None:
        self._kept = kept.total_seconds()
        self._strictly = strictly
        self._found: dict[K, tuple[float, V]] = {}
        self._locks: dict[K, threading.Lock] = {}

    def get(self, key: K, find_out: Callable[[], V]) -> V:
        """Return the value kept under `key`, found out anew if it has grown old."""
        known = self._found.get(key)
        if known is not None and self._is_new(known):
            return known[1]
        lock = self._locks.setdefault(key, threading.Lock())
        if not lock.acquire(blocking=self._strictly or known is None):
            assert known is not None  # noqa: S101 - a lock that is waited for is acquired
            return known[1]
        try:
            return self._renew(key, known, find_out)
        finally:
            lock.release()

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()

    def _renew(self, key: K, known: tuple[float, V] | None, find_out: Callable[[], V]) -> V:
        present = self._found.get(key)
        if present is not None and present is not known:  # somebody else was quicker while this thread waited
            return present[1]
        if self._strictly:
            self._forget_old()
        began = time.monotonic()
        value = find_out()
        self._found[key] = began, value
        return value

    def _is_new(self, known: tuple[float, V]) -> bool:
        return time.monotonic() - known[0] < self._kept

    def _forget_old(self) -> None:
        for key, known in list(self._found.items()):
            if not self._is_new(known):
                self._found.pop(key, None)
                self._locks.pop(key, None)  # who still waits for it at worst finds out the same once more
