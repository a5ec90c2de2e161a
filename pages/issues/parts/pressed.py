"""Taking a step from its form: what was typed outlives every refusal, and what happened meanwhile is told.

A button's callback notes the version the person was looking at when they pressed; the page takes the step before it
reads the issue anew, so that a press never counts for a state nobody has seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InvalidError, NotSignedInError, UserError
from models.lifecycle import Verb
from pages.common import deed, ui
from services.actor import Actor

Values = dict[str, Any]
Take = Callable[[Actor, int, Values, int], str]
"""Takes a step with what was entered, for the version seen, and returns what to say when it is done."""
_PRESSED, _OPEN, _PROBLEM = "issue_pressed", "issue_open", "issue_problem"
_TURNS, _DONE = "issue_turns", "issue_done"


@dataclass(frozen=True)
class Pressed:
    """A press that the next page run carries out."""

    issue_id: int
    verb: Verb
    seen: int
    values: Values

    @property
    def step(self) -> tuple[int, Verb, int]:
        """Return which step is meant, whatever was entered: two presses of one button mean the same."""
        return self.issue_id, self.verb, self.seen


def prefix(issue_id: int, verb: Verb) -> str:
    """Return what the keys of a form's fields begin with; another once its step is taken, so that it begins empty."""
    return f"{stem(issue_id, verb)}{_turns().get((issue_id, verb), 0)}"


def stem(issue_id: int, verb: Verb) -> str:
    """Return what the keys of a form's fields begin with however often it was begun anew."""
    return f"step_{issue_id}_{verb.value}_"


def renew(issue_id: int, verb: Verb) -> None:
    """Begin a form anew: its fields take what they begin with."""
    turn = (issue_id, verb)
    _turns()[turn] = _turns().get(turn, 0) + 1


def _turns() -> dict[tuple[int, Verb], int]:
    """Return how often the form of each step was sent: another form that stands open keeps what was typed."""
    turns: dict[tuple[int, Verb], int] = st.session_state.setdefault(_TURNS, {})
    return turns


def press(issue_id: int, verb: Verb, seen: int) -> None:
    """Note a press with what its form holds; a callback."""
    st.session_state[_PRESSED] = Pressed(issue_id, verb, seen, held(issue_id, verb))


def held(issue_id: int, verb: Verb) -> Values:
    """Return what the fields of a form hold, as far as the server knows it."""
    own = f"{prefix(issue_id, verb)}_"
    return {str(key).removeprefix(own): st.session_state[key] for key in st.session_state if str(key).startswith(own)}


def take(actor: Actor, issue_id: int, takes: Callable[[Verb], Take]) -> None:
    """Carry out what was pressed, if anything was; what refuses it is kept for its form.

    A button pressed twice in a hurry sends the same step again after it was taken: that is passed over.
    """
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    if pressed is None or pressed.issue_id != issue_id or pressed.step == st.session_state.get(_DONE):
        return
    st.session_state.pop(_PROBLEM, None)
    try:
        deed.once(
            pressed.step,
            lambda: takes(pressed.verb)(actor, issue_id, pressed.values, pressed.seen),
            lambda done: _remember(pressed, done),
        )
    except NotSignedInError:
        raise
    except UserError as problem:
        st.session_state[_PROBLEM] = (pressed, problem)
        if pressed.verb is not Verb.COMMENT:
            open_form(issue_id, pressed.verb)


def _remember(pressed: Pressed, done: str) -> None:
    if pressed.verb is not Verb.COMMENT:
        close_form()
    st.session_state[_DONE] = pressed.step
    renew(pressed.issue_id, pressed.verb)
    ui.flash(done)


def problem_of(issue_id: int, verb: Verb) -> UserError | None:
    """Return why the last press of a form was refused, without what has been put right since."""
    pressed, problem = _refused()
    if pressed is None or (pressed.issue_id, pressed.verb) != (issue_id, verb):
        return None
    if not isinstance(problem, InvalidError):
        return problem
    now = held(issue_id, verb)
    left = {key: told for key, told in problem.problems.items() if now.get(key) == pressed.values.get(key)}
    return InvalidError(left) if left else None


def typed(issue_id: int) -> list[str]:
    """Return the texts of the last press if it was refused; for an issue that can no longer be shown."""
    pressed, _problem = _refused()
    if pressed is None or pressed.issue_id != issue_id:
        return []
    return [value for value in pressed.values.values() if isinstance(value, str) and value.strip()]


def _refused() -> tuple[Pressed, UserError] | tuple[None, None]:
    found: tuple[Pressed, UserError] | None = st.session_state.get(_PROBLEM)
    return found or (None, None)


def done_of(issue_id: int) -> Verb | None:
    """Return the last step taken in this tab if it was one of this issue."""
    done: tuple[int, Verb, int] | None = st.session_state.get(_DONE)
    return done[1] if done and done[0] == issue_id else None


def opened(issue_id: int) -> Verb | None:
    """Return which form is open."""
    found = st.session_state.get(_OPEN)
    return found[1] if found and found[0] == issue_id else None


def open_form(issue_id: int, verb: Verb) -> None:
    """Open the form of a step; a callback."""
    st.session_state[_OPEN] = (issue_id, verb)


def close_form() -> None:
    """Close the open form; a callback."""
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_PROBLEM, None)
