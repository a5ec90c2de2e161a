"""Memory and processor time of processes while others are at work."""

import threading
import time
from dataclasses import dataclass, field
from statistics import linear_regression, mean
from types import TracebackType
from typing import Self

import psutil

_MB = 1024 * 1024
_CONFIDENT = 1.96
"""Standard errors on either side of an estimate within which 95 of 100 true values lie."""
_PAIRS = 3
"""Fewer points have no slope whose error could be told."""


def memory(pid: int) -> float:
    """Return the megabytes a process and its children have for themselves (USS): what would be free without them."""
    own = psutil.Process(pid)
    return sum(each.memory_full_info().uss for each in (own, *own.children(recursive=True))) / _MB


def processor(pid: int) -> float:
    """Return the seconds of processor time a process and its living children have used."""
    own = psutil.Process(pid)
    times = [each.cpu_times() for each in (own, *own.children(recursive=True))]
    return sum(each.user + each.system for each in times)


@dataclass(frozen=True)
class Slope:
    """How memory grows.

    Args:
        mb_per_hour: megabytes an hour.
        least: the least that is likely (95 %).
        most: the most that is likely.
    """

    mb_per_hour: float
    least: float
    most: float


@dataclass
class Watch:
    """Reads the memory of a process again and again, in a thread, while it is open.

    Args:
        pid: the process.
        every: seconds from one reading to the next.
        read: seconds since the beginning, and megabytes then.
    """

    pid: int
    every: float = 5.0
    read: list[tuple[float, float]] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Begin to read."""
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Read no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.read.append((time.monotonic() - self._began, memory(self.pid)))
            self._stop.wait(self.every)

    def averages(self, span: float) -> tuple[float, ...]:
        """Return the average megabytes of each full or begun span of so many seconds."""
        spans: dict[int, list[float]] = {}
        for seconds, size in self.read:
            spans.setdefault(int(seconds // span), []).append(size)
        return tuple(mean(sizes) for sizes in spans.values())

    def slope(self, after: float) -> Slope | None:
        """Return how memory grows from so many seconds on; `None` where there is too little to tell.

        By least squares; the error of the slope is that of independent readings, so slow waves make it look smaller
        than it is.
        """
        return slope([point for point in self.read if point[0] >= after])


def slope(points: list[tuple[float, float]]) -> Slope | None:
    """Return the slope of seconds → megabytes with its 95 % interval, or `None` for fewer than three points."""
    if len(points) < _PAIRS:
        return None
    hours, sizes = [seconds / 3600 for seconds, _size in points], [size for _seconds, size in points]
    line = linear_regression(hours, sizes)
    rest = sum((size - line.intercept - line.slope * hour) ** 2 for hour, size in zip(hours, sizes, strict=True))
    spread = sum((hour - mean(hours)) ** 2 for hour in hours)
    error = _CONFIDENT * (rest / (len(points) - 2) / spread) ** 0.5
    return Slope(line.slope, line.slope - error, line.slope + error)
