"""One run under load: the product's own processes, a crowd in another, memory and time read meanwhile."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import quantiles
from typing import Any

from bench.load import watching
from bench.load.journeys import journeys
from bench.load.watching import Slope, Watch
from bench.machine import Machine, machine, wait_until
from bench.processes import Process
from bench.tab import is_up
from core.embedded.process import free_port
from core.supervisor import ROOT
from services import demo
from services.tallies import keeping

STAY = 300
"""Seconds, on average, until somebody closes the tab and opens another."""
WARM = 600
"""Seconds of a long run that do not count for the growth of memory: until as many closed tabs are kept as later on."""
SPAN = 300
"""Seconds over which memory is averaged."""
_BOOT_SECONDS = 120
_STEPS = (1, 10, 25, 50, 100, 200, 400)


@dataclass(frozen=True)
class PageTimes:
    """How long a page took.

    Args:
        page: its address.
        count: how often it was opened.
        p50: half the openings took no longer, in milliseconds.
        p95: 95 of 100 did not.
        p99: 99 of 100 did not.
        size: kilobytes sent by its last opening, the largest of all people.
    """

    page: str
    count: int
    p50: float
    p95: float
    p99: float
    size: float


@dataclass(frozen=True)
class LoadReport:
    """All of one run.

    Args:
        sessions: people at once.
        seconds: how long they worked.
        every: seconds from one page to the next, for each of them.
        whole: all pages together.
        pages: page by page, the slowest first.
        errors: what went wrong.
        missed: moments at which somebody still waited for the page before.
        tabs: how many tabs were opened.
        memory: sessions → megabytes of the web process.
        peer_memory: likewise of Streamlit alone with a table.
        course: the average megabytes of the web process in each span of `SPAN` seconds.
        slope: how the web process grew after the first minutes of a long run.
        processors: process → processors it kept busy on average (1.0 = one core).
    """

    sessions: int
    seconds: int
    every: float
    whole: PageTimes
    pages: tuple[PageTimes, ...]
    errors: tuple[str, ...]
    missed: int
    tabs: int
    memory: dict[int, float]
    peer_memory: dict[int, float]
    course: tuple[float, ...]
    slope: Slope | None
    processors: dict[str, float]

    @property
    def per_session(self) -> float:
        """Megabytes of each session after the first ten, or after the first where there are fewer."""
        return _per_session(self.memory)

    @property
    def peer_per_session(self) -> float:
        """Likewise of Streamlit alone with a table."""
        return _per_session(self.peer_memory)


def measure(sessions: int, seconds: int, every: float) -> LoadReport:
    """Let people work on a machine of its own and return what they waited for.

    Args:
        sessions: people at once.
        seconds: how long they work.
        every: seconds from one page to the next, for each of them.
    """
    with machine() as made:
        demo.load()
        keeping.rebuild()
        people = [[each.username, demo.PASSWORD, each.steps] for each in journeys(sessions)]
        table = [["", "", (("", ""),)] for _each in people]
        peer_memory = _peer(made, table)
        web, url = _serve(made, "-m", "cli", "web")
        parts = {"web": web, "worker": made.qianqi("worker"), "scheduler": made.qianqi("scheduler")}
        with _crowd(url) as crowd:
            memory = _grow(crowd, web, people)
            used = {name: watching.processor(each.pid) for name, each in parts.items()}
            with Watch(web.pid) as watch:
                answer = crowd.ask({"work": seconds, "every": every, "stay": STAY})
            busy = {name: (watching.processor(each.pid) - used[name]) / seconds for name, each in parts.items()}
        return LoadReport(
            sessions=sessions, seconds=seconds, every=every, **_waited(answer["found"]), memory=memory,
            peer_memory=peer_memory, course=watch.averages(SPAN), slope=watch.slope(WARM),
            processors={**busy, "crowd": answer["cpu"] / seconds},
        )  # fmt: skip


class Crowd:
    """The process that speaks for everybody."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        self._popen = popen

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Give an order and return the answer.

        Raises:
            RuntimeError: the process has ended.
        """
        assert self._popen.stdin and self._popen.stdout  # noqa: S101, PT018 - both are pipes
        self._popen.stdin.write(json.dumps(order) + "\n")
        self._popen.stdin.flush()
        line = self._popen.stdout.readline()
        if not line:
            raise RuntimeError(f"the crowd has ended: {self._popen.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def _crowd(url: str) -> Iterator[Crowd]:
    command = [sys.executable, "-m", "bench.load.crowd", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as popen:  # noqa: S603 - our own command
        try:
            yield Crowd(popen)
        finally:
            popen.kill()


def _peer(made: Machine, people: list[list[Any]]) -> dict[int, float]:
    alone, url = _serve(made, "-m", "uvicorn", "bench.served.table:app", "--log-level", "warning")
    with _crowd(url) as crowd:
        found = _grow(crowd, alone, people)
    alone.kill()
    return found


def _serve(made: Machine, *arguments: str) -> tuple[Process, str]:
    port = free_port()
    more = () if "cli" in arguments else ("--host", "127.0.0.1", "--port", str(port))
    process = made.run(arguments[-1].split(".")[0], *arguments, *more, QIANQI_PORT=str(port))
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: is_up(url), _BOOT_SECONDS, f"{arguments} to answer", every=0.2)
    return process, url


def _grow(crowd: Crowd, served: Process, people: list[list[Any]]) -> dict[int, float]:
    """Let more and more people come, each to a first page, and return the megabytes of the server at each step."""
    steps = [0, *(step for step in _STEPS if step < len(people)), len(people)]
    memory: dict[int, float] = {}
    for before, now in pairwise(steps):
        crowd.ask({"grow": people[before:now]})
        memory[now] = watching.memory(served.pid)
    return memory


def _waited(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what everybody waited for, as `LoadReport` names it."""
    times: dict[str, list[float]] = {}
    for each in found:
        for page, taken in each["pages"].items():
            times.setdefault(page, []).extend(taken)
    sizes = {page: max(each["sizes"].get(page, 0) for each in found) for page in times}
    pages = [_times(page, taken, sizes[page]) for page, taken in times.items()]
    return {
        "whole": _times("", list(chain(*times.values())), max(sizes.values(), default=0)),
        "pages": tuple(sorted(pages, key=lambda each: -each.p95)),
        "errors": tuple(chain(*(each["errors"] for each in found))),
        "missed": sum(each["missed"] for each in found),
        "tabs": sum(each["tabs"] for each in found),
    }


def _times(page: str, taken: list[float], size: int) -> PageTimes:
    cuts = quantiles([*taken, *taken] or [0.0, 0.0], n=100, method="inclusive")  # twice: it wants two at least
    return PageTimes(page, len(taken), cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000, size / 1024)


def _per_session(memory: dict[int, float]) -> float:
    counts = sorted(memory)
    first = next((count for count in reversed(counts[:-1]) if count <= 10), counts[0])
    more = counts[-1] - first
    return (memory[counts[-1]] - memory[first]) / more if more else 0.0
