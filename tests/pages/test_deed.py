"""What a press stores is stored once, and what follows it is not lost to another press."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import ConflictError
from pages.common import deed
from pages.shell.turns import Turns

_LONG = 30.0


class Rows:
    """Stands for a service that stores a row with each call."""

    def __init__(self) -> None:
        self.count, self.begun, self.may_end = 0, Event(), Event()

    def add(self) -> int:
        """Store another row, as slowly as told, and return its number."""
        self.begun.set()
        assert self.may_end.wait(_LONG)
        self.count += 1
        return self.count


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one tab knows of its deeds: the threads of its page runs share it."""
    kept = deed._Kept()
    monkeypatch.setattr(deed, "_kept", lambda: kept)


def _run(what: str, rows: Rows, told: list[int]) -> Callable[[], None]:
    return lambda: deed.once(what, rows.add, told.append, deed.nothing)


def _begun(run: Callable[[], object]) -> Thread:
    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


@pytest.mark.usefixtures("tab")
def test_a_run_that_begins_during_a_deed_waits_for_it() -> None:
    """Given a deed under way, when the next run of its page begins, then it does so after the deed was told."""
    rows, told, drawn = Rows(), list[int](), Event()
    first = _begun(_run("add", rows, told))
    assert rows.begun.wait(_LONG)

    second = _begun(lambda: (deed.resume(""), drawn.set()))

    assert not drawn.wait(0.1)
    rows.may_end.set()
    first.join(_LONG)
    second.join(_LONG)
    assert drawn.is_set()
    assert told == [1]


@pytest.mark.usefixtures("tab")
def test_another_page_does_not_wait_for_a_deed() -> None:
    rows, told = Rows(), list[int]()
    first = _begun(_run("add", rows, told))
    assert rows.begun.wait(_LONG)

    deed.resume("another_page")

    assert not rows.count
    rows.may_end.set()
    first.join(_LONG)
    assert told == [1]


def _cut_short(_done: object) -> None:
    raise KeyboardInterrupt  # like what Streamlit ends a run with, it is no Exception


@pytest.mark.usefixtures("tab")
def test_the_same_press_after_a_run_was_cut_short_is_not_done_again_and_another_one_is() -> None:
    """Given a deed whose run was cut short, when presses follow, then the first is told and only others are done."""
    rows, told, stops = Rows(), list[str](), [_cut_short]
    rows.may_end.set()

    def press(what: str) -> None:
        def then(number: int) -> None:
            for stop in stops:
                stop(number)
            told.append(f"{what} {number}")

        deed.once(what, rows.add, then, deed.nothing)

    with pytest.raises(KeyboardInterrupt):
        press("comment")
    stops.clear()

    press("comment")
    assert told == ["comment 1"]
    press("comment")
    press("acknowledge")
    assert told == ["comment 1", "comment 2", "acknowledge 3"]


@pytest.mark.usefixtures("tab")
def test_what_fails_after_a_deed_fails_once() -> None:
    """Given something wrong in what follows a deed, when the next run begins, then it begins as ever."""
    rows = Rows()
    rows.may_end.set()

    with pytest.raises(ZeroDivisionError):
        deed.once("add", rows.add, lambda _done: 1 // 0)

    deed.resume("")
    assert rows.count == 1


@pytest.mark.usefixtures("tab")
def test_a_refused_deed_can_be_tried_again() -> None:
    """Given a deed that was refused, when it is pressed again, then it is done."""

    def refused() -> int:
        raise ConflictError("Somebody was quicker")

    rows, told = Rows(), list[int]()
    rows.may_end.set()
    with pytest.raises(ConflictError):
        deed.once("add", refused, told.append, deed.nothing)

    _run("add", rows, told)()

    assert told == [1]


def _adding() -> None:
    import streamlit as st

    from pages.common import deed, ui

    deed.resume("a_page")
    ui.show_flash()
    if st.button("Add", key="add"):
        deed.once("add", lambda: 7, lambda number: ui.flash(f"Added: {number}"))
    if st.button("Anything else", key="other"):
        st.caption("Pressed")


def test_a_deed_is_told_and_the_page_goes_on() -> None:
    app = AppTest.from_function(_adding).run()

    app.button(key="add").click().run()

    assert [toast.value for toast in app.toast] == ["Added: 7"]
    app.button(key="other").click().run()
    assert [caption.value for caption in app.caption] == ["Pressed"]
    assert not app.toast


@pytest.mark.usefixtures("tab")
def test_a_run_that_waits_for_a_deed_holds_up_no_other_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a deed that takes long and one turn for all, when a run waits for it, then another page has the turn."""
    own, rows, in_turn = Turns(1, 5), Rows(), Event()
    monkeypatch.setattr(deed, "turns", own)
    first = _begun(_run("add", rows, []))
    assert rows.begun.wait(_LONG)

    def waits() -> None:
        with own.turn():
            in_turn.set()
            deed.resume("")

    second = _begun(waits)
    assert in_turn.wait(_LONG)

    with own.turn():
        assert own._mine.held

    rows.may_end.set()
    first.join(_LONG)
    second.join(_LONG)
    assert not second.is_alive()
