"""Page runs take turns: a few are drawn at a time, so that a crowd slows everybody down no more than it must.

Python runs one thread at a time. A hundred page runs at once would all end late, and the threads that wait for their
time slice would cost more of it than the pages; in turns most people have their page long before the last one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore, local

AT_ONCE = 3
"""How many pages are drawn at a time: one computes while others wait for the database."""
LONGEST_SECONDS = 2.0
"""After so long a page goes on without a turn: a few that wait for a slow answer must not hold up all others."""


class Turns:
    """What page runs take turns at.

    Args:
        at_once: how many have a turn at a time.
        longest: seconds after which one goes on without.
    """

    def __init__(self, at_once: int, longest: float) -> None:
        self._free, self._longest, self._mine = Semaphore(at_once), longest, local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and give it back at the end."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Let others have this thread's turn for as long as the block waits for something else."""
        had = self._give_back()
        try:
            yield
        finally:
            if had:
                self._take()

    def _take(self) -> None:
        self._mine.held = self._free.acquire(timeout=self._longest)

    def _give_back(self) -> bool:
        held = getattr(self._mine, "held", False)
        self._mine.held = False
        if held:
            self._free.release()
        return held


turns = Turns(AT_ONCE, LONGEST_SECONDS)
