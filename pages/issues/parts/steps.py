"""The one button of an issue in a list: it does what needs no words, and leads to the issue's page for the rest."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.i18n import N_, ngettext
from core.i18n import gettext as _
from models.issue import Issue
from models.lifecycle import Verb
from pages.common import deed, ui
from pages.common.links import go
from pages.issues.parts import pressed
from services import issues
from services.actor import Actor
from services.issues.todo import Line

ISSUE_PAGE = "issues/issue.py"


@dataclass(frozen=True)
class Press:
    """A step that a press and one confirmation take.

    Args:
        take: takes it, given who, the issue's id and `seen`, the version of it the person sees.
        question: what is asked before.
        done: what is said afterwards, with the issue's `{number}`.
    """

    take: Callable[..., object]
    question: Callable[[Issue], str]
    done: str


def _asked(text: str) -> Callable[[Issue], str]:
    return lambda _issue: _(text)


def _more_time(issue: Issue) -> str:
    text = ngettext("Grant {count} working day more?", "Grant {count} working days more?", issue.extension_days)
    return text.format(count=issue.extension_days)


PRESSES: dict[Verb, Press] = {
    Verb.ACCEPT: Press(
        issues.accept,
        _asked(N_("Accept this need, to be dispatched to a department?")), N_("{number} is accepted."),
    ),
    Verb.ACKNOWLEDGE: Press(
        issues.acknowledge,
        _asked(N_("Acknowledge it for your department? You are its handler from then on.")),
        N_("{number} is acknowledged."),
    ),
    Verb.APPROVE_EXTENSION: Press(
        issues.approve_extension,
        _more_time, N_("The extension of {number} is granted."),
    ),
    Verb.PASS_REVIEW: Press(
        issues.pass_review,
        _asked(N_("Is the result good? The enterprise is told next.")), N_("{number} has passed its review."),
    ),
    Verb.CLOSE: Press(
        issues.close,
        _asked(N_("Strike it off the ledger? It can be reopened if the need comes up again.")),
        N_("{number} is closed."),
    ),
    Verb.URGE: Press(
        issues.urge,
        _asked(N_("Urge whoever is to act? It leaves your list until tomorrow.")), N_("{number} was urged."),
    ),
}  # fmt: skip
"""Steps that need no words; refusing any of them does, and is done on the issue's page."""


def step_button(actor: Actor, line: Line, verb: Verb | None, *, key: str, primary: bool = True) -> None:
    """Show what the actor does next with an issue.

    Args:
        actor: who looks.
        line: the issue.
        verb: the step; `None`: there is none, the issue is only opened.
        key: makes the button unique on the page.
        primary: whether it is the page's main action.
    """
    press = PRESSES.get(verb) if verb else None
    kind = "primary" if primary else "secondary"
    if verb is None or press is None:
        label = _(verb.label) if verb else _("Open it")
        icon = ":material/arrow_forward:"
        if st.button(label, key=key, icon=icon, type=kind if verb else "secondary"):  # type: ignore[arg-type]  # a literal
            if verb:
                pressed.open_form(line.issue.pk, verb)
            go(ISSUE_PAGE, issue=line.issue.pk)
        return
    question = f"**{ui.plain(line.enterprise)}**  \n{press.question(line.issue)}"
    ui.confirm(_(verb.label), question, key=key, kind=kind, on_yes=_take, args=(actor, line.issue, press))


def _take(actor: Actor, issue: Issue, press: Press) -> None:
    """Take a step with the issue as the person saw it: the page that runs next would know it newer."""
    with ui.told():
        deed.once(
            (issue.pk, press.done, issue.version),
            lambda: press.take(actor, issue.pk, seen=issue.version),
            lambda _taken: ui.flash(_(press.done).format(number=issue.number)),
            deed.nothing,
        )
