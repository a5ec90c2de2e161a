"""Everybody at work, in a process of its own: `python -m bench.load.crowd`.

It reads one JSON line for each order and answers each with one: `{"grow": [[username, password, steps], …]}` signs
people in and lets each open a first page; `{"work": seconds, "every": seconds, "stay": seconds}` lets all of them work.
A person opens the next page at set moments, whether the machine is slow or not; a moment that passes while they still
wait is counted as missed. Who has stayed long enough closes the tab and opens another.
"""

import json
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.tab import Tab, sign_in


@dataclass
class Found:
    """What one person met.

    Args:
        pages: page → seconds each opening took.
        sizes: page → bytes received by the last opening.
        errors: what went wrong, in a few words each.
        missed: moments that passed while the person still waited.
        tabs: how many tabs were opened.
    """

    pages: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    missed: int = 0
    tabs: int = 1


class Person:
    """One person with one tab.

    Args:
        url: the server's.
        username: who signs in; empty where nobody has to.
        password: theirs.
        steps: page and query of what they open in turn.
    """

    def __init__(self, url: str, username: str, password: str, steps: list[tuple[str, str]]) -> None:
        self._url, self._steps, self._place = url, steps, random.randrange(len(steps))  # noqa: S311 - no secret
        self._cookies = sign_in(url, username, password) if username else ""
        self._tab = Tab(url, self._cookies)
        self.found = Found()
        self._tab.open(*self._steps[self._place])

    def work(self, until: float, every: float, stay: float) -> None:
        """Open a page at every moment that comes, until the end.

        People come and go at any time: were all tabs closed together, the server's memory would go up and down with
        them.
        """
        at = time.monotonic() + random.uniform(0, every)  # noqa: S311 - no secret
        leaves = time.monotonic() + random.uniform(0, stay)  # noqa: S311 - likewise
        while at < until:
            time.sleep(max(at - time.monotonic(), 0))
            self._open()
            if time.monotonic() > leaves:
                self._reopen()
                leaves = time.monotonic() + random.uniform(stay / 2, stay * 3 / 2)  # noqa: S311 - likewise
            at += every
            while at < time.monotonic():
                at += every
                self.found.missed += 1

    def _open(self) -> None:
        self._place = (self._place + 1) % len(self._steps)
        page, query = self._steps[self._place]
        try:
            shown = self._tab.open(page, query)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is counted and told
            self.found.errors.append(f"{page}: {type(problem).__name__}: {problem}"[:200])
            self._reopen()
            return
        self.found.pages.setdefault(page, []).append(shown.seconds)
        self.found.sizes[page] = shown.size

    def _reopen(self) -> None:
        self._tab.close()
        try:
            self._tab = Tab(self._url, self._cookies)
            self.found.tabs += 1
        except Exception as problem:  # noqa: BLE001 - likewise
            self.found.errors.append(f"tab: {type(problem).__name__}: {problem}"[:200])


def main() -> None:
    """Carry out orders until there are no more."""
    url, people = sys.argv[1], list[Person]()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _grow(url, people, order) if "grow" in order else _work(people, order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _grow(url: str, people: list[Person], order: dict[str, Any]) -> dict[str, Any]:
    for username, password, steps in order["grow"]:
        people.append(Person(url, username, password, [tuple(step) for step in steps]))
    return {"people": len(people)}


def _work(people: list[Person], order: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + order["work"]
    threads = [threading.Thread(target=each.work, args=(until, order["every"], order["stay"])) for each in people]
    began = time.process_time()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return {"found": [asdict(each.found) for each in people], "cpu": time.process_time() - began}


if __name__ == "__main__":
    main()
