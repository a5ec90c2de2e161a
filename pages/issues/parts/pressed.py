"""Taking a step from its form: what was typed outlives every refusal, and what happened meanwhile is told.

A button's callback notes the version the person was looking at when they pressed; the page takes the step before it
reads the issue anew, so that a press never counts for a state nobody has seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import NotSignedInError, UserError
from models.lifecycle import Verb
from pages.common import ui
from services.actor import Actor
from services.issues import StaleError

Values = dict[str, Any]
Take = Callable[[Actor, int, Values, int], str]
"""Takes a step with what was entered, for the version seen, and returns what to say when it is done."""
_PRESSED, _OPEN, _PROBLEM, _TURN = "issue_pressed", "issue_open", "issue_problem", "issue_turn"


@dataclass(frozen=True)
class Pressed:
    """A press that the next page run carries out."""

    issue_id: int
    verb: Verb
    seen: int
    values: Values


def prefix(issue_id: int, verb: Verb) -> str:
    """Return what the keys of a form's fields begin with; another after each step taken, so that forms begin empty."""
    return f"step_{issue_id}_{verb.value}_{st.session_state.get(_TURN, 0)}"


def press(issue_id: int, verb: Verb, seen: int) -> None:
    """Note a press with what its form holds; a callback."""
    own = f"{prefix(issue_id, verb)}_"
    values = {str(key).removeprefix(own): st.session_state[key] for key in st.session_state if str(key).startswith(own)}
    st.session_state[_PRESSED] = Pressed(issue_id, verb, seen, values)


def take(actor: Actor, issue_id: int, takes: Callable[[Verb], Take]) -> None:
    """Carry out what was pressed, if anything was; what refuses it is kept for its form."""
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    if pressed is None or pressed.issue_id != issue_id:
        return
    st.session_state.pop(_PROBLEM, None)
    try:
        done = takes(pressed.verb)(actor, issue_id, pressed.values, pressed.seen)
    except NotSignedInError:
        raise
    except UserError as problem:
        if _twice(actor, pressed.verb, problem):
            return
        st.session_state[_PROBLEM] = (issue_id, pressed.verb, problem)
        if pressed.verb is not Verb.COMMENT:
            open_form(issue_id, pressed.verb)
        return
    if pressed.verb is not Verb.COMMENT:
        close_form()
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    ui.flash(done)
    st.rerun()


def _twice(actor: Actor, verb: Verb, problem: UserError) -> bool:
    """Return whether a button was pressed twice: what happened meanwhile is that very step by that very person."""
    if not isinstance(problem, StaleError):
        return False
    return all(event.actor_id == actor.account_id and event.verb is verb for event in problem.events)


def problem_of(issue_id: int, verb: Verb) -> UserError | None:
    """Return why the last press of a form was refused."""
    found = st.session_state.get(_PROBLEM)
    return found[2] if found and found[:2] == (issue_id, verb) else None


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
