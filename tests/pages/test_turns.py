"""Page runs take turns; nobody waits for ever, and who waits for something else lends their turn."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from pages.shell.turns import Turns

_LONG, _SHORT = 30.0, 0.05


def _begun(run: Callable[[], None]) -> Thread:
    thread = Thread(target=run)
    thread.start()
    return thread


def _held(turns: Turns, until: Event) -> Thread:
    """Let a thread take a turn and keep it."""
    taken = Event()

    def run() -> None:
        with turns.turn():
            taken.set()
            until.wait(_LONG)

    thread = _begun(run)
    assert taken.wait(_LONG)
    return thread


def test_the_next_page_is_drawn_when_one_before_it_is_done() -> None:
    turns, done, drawn = Turns(2, _LONG), Event(), Event()
    others = [_held(turns, done), _held(turns, done)]

    def run() -> None:
        with turns.turn():
            drawn.set()

    mine = _begun(run)

    assert not drawn.wait(_SHORT)
    done.set()
    assert drawn.wait(_LONG)
    for each in (*others, mine):
        each.join(_LONG)


def test_a_page_goes_on_without_a_turn_that_does_not_come_and_frees_none() -> None:
    turns, done = Turns(1, _SHORT), Event()
    other = _held(turns, done)
    with turns.turn(), turns.given_back():
        pass

    waiting = Event()

    def run() -> None:
        with turns.turn():
            waiting.set()

    begun = _begun(run)
    assert waiting.wait(_LONG)
    done.set()
    for each in (other, begun):
        each.join(_LONG)
    free = [turns._free.acquire(blocking=False) for _each in range(2)]
    assert free == [True, False]


def test_who_waits_for_something_else_lends_their_turn() -> None:
    turns, done = Turns(1, _LONG), Event()
    with turns.turn():
        with turns.given_back():
            other = _held(turns, done)
            done.set()
            other.join(_LONG)
        assert not turns._free.acquire(blocking=False)
    assert turns._free.acquire(blocking=False)


def test_a_page_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1, _LONG)
    with suppress(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    assert turns._free.acquire(blocking=False)
