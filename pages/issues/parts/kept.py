"""What was typed into the forms of an issue's steps, kept on the device until it is of no use any more.

A form tells the server nothing before it is sent: the text would be gone with another page, a reload or the end of
the session. It is forgotten once the step is taken or the issue has moved on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldKind
from models.lifecycle import Verb
from pages.common.mirror import lost_text
from pages.common.ui import flash
from pages.issues.parts import pressed
from pages.issues.parts.forms import FORMS
from pages.issues.parts.pressed import Values
from services.actor import Actor
from services.issues.reading import Shown

_KEPT = "issue_kept"
_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT)


@dataclass
class Kept:
    """One form in one tab, since it last came to the page."""

    run: str = field(default_factory=lambda: token_hex(4))
    start: Values = field(default_factory=dict)
    """What its fields begin with instead of what they usually do."""
    taken: dict[str, str] = field(default_factory=dict)
    """Field → text last taken over from the device."""
    renewed: bool = False


def begin(shown: Shown, verb: Verb) -> Values:
    """Return what the fields of a form begin with; one that comes to the page anew looks for text that was lost."""
    forms: dict[tuple[int, Verb], Kept] = st.session_state.setdefault(_KEPT, {})
    kept = forms.get((shown.id, verb))
    if kept is None or not (kept.renewed or pressed.held(shown.id, verb)):
        kept = forms[shown.id, verb] = Kept()
    kept.renewed = False
    return FORMS[verb].begin(shown) | kept.start


def watch(actor: Actor, shown: Shown) -> None:
    """Keep what is typed into the forms on the page, and put in again what was lost; once, at the page's end."""
    open_verb = pressed.opened(shown.id)
    for verb in _watched(shown, open_verb):
        _watch(actor, shown, verb, on_page=verb in (open_verb, Verb.COMMENT))


def _watched(shown: Shown, open_verb: Verb | None) -> Iterator[Verb]:
    """Yield the forms on the page, and the step just taken, whose text the device is to forget."""
    done = pressed.done_of(shown.id)
    if open_verb is not None:
        yield open_verb
    if Verb.COMMENT in shown.allowed:
        yield Verb.COMMENT
    if done is not None and done not in (open_verb, Verb.COMMENT):
        yield done


def _watch(actor: Actor, shown: Shown, verb: Verb, *, on_page: bool) -> None:
    kept = st.session_state.get(_KEPT, {}).get((shown.id, verb)) or Kept(run="")
    start = FORMS[verb].begin(shown) | kept.start
    texts = [spec.key for spec in FORMS[verb].specs(shown) if on_page and spec.kind in _TEXTS]
    lost = lost_text(
        form=f"step-{shown.id}-{verb.value}", keys=pressed.stem(shown.id, verb), account_id=actor.pk,
        version=_version(actor, shown, verb), run=kept.run, known={key: str(start.get(key) or "") for key in texts},
        taken=kept.taken, keep=True,
    )  # fmt: skip
    if not lost:
        return
    kept.taken |= lost
    kept.start, kept.renewed = pressed.held(shown.id, verb) | lost, True
    pressed.renew(shown.id, verb)
    flash(_("What you had typed has been restored."), icon=":material/restore_page:")
    st.rerun()


def _version(actor: Actor, shown: Shown, verb: Verb) -> int:
    """Return the place in the log from which on the text counts: the issue moved then, or the person took the step."""
    ends = (
        event.seq
        for event in shown.events
        if "state" in event.after or (event.verb is verb and event.actor_id == actor.account_id)
    )
    return max(ends, default=0)
