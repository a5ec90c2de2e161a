"""What a press stores is stored once and told, however often it is pressed and whatever is pressed meanwhile.

Streamlit ends a page run as soon as something else was pressed: at the next thing the run shows, or reads or writes in
`st.session_state`. A run that was storing something would never come to remember it, and a second press of the same
button would store it again. So what follows a deed is kept on an object that is merely changed, which ends no run, and
the run that comes next begins with it. That run may have begun already; it waits for the deed.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TypeVar

import streamlit as st

from pages.shell.turns import turns

T = TypeVar("T")
_NAME = "_deed"


def draw_again(_done: object) -> None:
    """Draw the page anew, without what was pressed."""
    st.rerun()


def nothing(_done: object) -> None:
    """Do nothing: what follows a deed, or how the page is left, where there is no need of it."""


@dataclass(frozen=True)
class _Rest:
    what: Hashable
    then: Callable[[], object]
    leave: Callable[[], object]


@dataclass
class _Kept:
    """What a tab knows of its deeds.

    Args:
        here: the page that is shown.
        at: the page the last deed was done on.
        rest: what is left to do after it.
    """

    lock: Lock = field(default_factory=Lock)
    here: str = ""
    at: str = ""
    rest: _Rest | None = None

    def finish(self) -> Callable[[], object] | None:
        """Do what is left of the last deed, and return how to leave the page then, if anything was left."""
        rest = self.rest
        if rest is None:
            return None
        try:
            rest.then()
        except Exception:
            self.rest = None  # it would fail again with every run
            raise
        self.rest = None
        return rest.leave


def once(
    what: Hashable,
    do: Callable[[], T],
    then: Callable[[T], object] = nothing,
    leave: Callable[[T], object] = draw_again,
) -> None:
    """Store what was pressed, tell of it and leave: for a press that would store something a second time.

    Args:
        what: names the deed; the same again while it is done is the same press.
        do: calls the service. It must touch neither the page nor `st.session_state`.
        then: remembers and flashes what came of it; done again where it was cut short.
        leave: ends the run; not done once the person has gone to another page. In a callback: `nothing`.

    Raises:
        UserError: whatever `do` raises.
    """
    kept = _kept()
    with _alone(kept):
        if kept.rest is None or kept.rest.what != what:
            kept.finish()
            kept.at = kept.here
            done = do()
            kept.rest = _Rest(what, partial(then, done), partial(leave, done))
    resume(kept.here)


def resume(page: str) -> None:
    """Begin a page run with what is left of the deed before it, if it was cut short.

    Args:
        page: the page that is shown now; a deed still under way on another one is not waited for.
    """
    kept = _kept()  # ends this run here if something was pressed during the deed: the next one comes to the rest
    kept.here = page
    if kept.at != page and kept.lock.locked():
        return
    with _alone(kept):
        leave = kept.finish()
    if leave is not None and kept.at == page:
        leave()


@contextmanager
def _alone(kept: _Kept) -> Iterator[None]:
    """Wait for a deed that is under way; others have this run's turn meanwhile, for it may take an outage long."""
    if not kept.lock.acquire(blocking=False):
        with turns.given_back():
            kept.lock.acquire()
    try:
        yield
    finally:
        kept.lock.release()


def _kept() -> _Kept:
    kept: _Kept = st.session_state.setdefault(_NAME, _Kept())
    return kept
