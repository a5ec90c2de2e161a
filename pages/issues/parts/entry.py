"""What the page that registers an issue remembers between its runs, also while another page is shown."""

from dataclasses import dataclass, field
from secrets import randbelow, token_hex

import streamlit as st

from core.i18n import gettext as _
from pages.common.mirror import OFFLINE_NOTE, lost_text, with_note
from pages.common.ui import flash, plain
from services.actor import Actor
from services.issues.by_hand import Entered

FORM = 0
"""The number of this form among those whose text is kept on the device; visits have their own."""
_NAME = "issue_entry"
_STEM = f"rec{FORM}g"


@dataclass
class Entry:
    """What is being entered in one tab; fields begin with what `start` holds."""

    start: Entered
    stored: Entered
    asked: int | None = None
    """The enterprise the page's address named."""
    run: str = field(default_factory=lambda: token_hex(4))
    generation: int = field(default_factory=lambda: randbelow(10**9))
    """Begins anywhere: after a reconnection the browser still holds the fields of the session before."""
    renewed: bool = True
    taken: dict[str, str] = field(default_factory=dict)
    """Field → text last taken over from the device after the connection was lost."""
    problems: dict[str, str] = field(default_factory=dict)
    links: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Issue to be linked with → its number, and how."""

    def key(self, name: str) -> str:
        """Return the key of a widget of the present generation."""
        return f"{_STEM}{self.generation}_{name}"

    def renew(self, entered: Entered) -> None:
        """Put other content into the fields at the next run."""
        self.start, self.stored, self.generation, self.renewed = entered, entered, self.generation + 1, True

    def problem(self, name: str) -> None:
        """Show what the last try found wrong with a field, right below it."""
        if message := self.problems.get(name):
            st.markdown(f":red[:material/error: {plain(message)}]")

    def put_right(self, present: dict[str, str]) -> None:
        """Forget the messages of fields that have been put right, and draw the page again if there were any."""
        left = {name: present[name] for name in self.problems if name in present}
        if left != self.problems:
            self.problems = left
            st.rerun()


def open_entry(asked: int | None) -> Entry:
    """Return what this tab has entered; `asked` is the enterprise the page's address names."""
    entry = st.session_state.get(_NAME)
    if not isinstance(entry, Entry):
        entry = st.session_state[_NAME] = Entry(Entered(), Entered())
    if not entry.renewed and entry.key("kind") not in st.session_state:  # another page was shown meanwhile
        entry.renew(entry.stored)
    if asked is not None and asked != entry.asked:
        entry.asked = asked
        entry.renew(entry.stored.model_copy(update={"enterprise_id": asked}))
    entry.renewed = False
    return entry


def close_entry() -> None:
    """Forget what was entered."""
    st.session_state.pop(_NAME, None)


def take_lost_text(actor: Actor, entry: Entry, last_id: int) -> None:
    """Watch the text fields and put in again what this device typed and a lost connection swallowed."""
    known = {"text": entry.stored.text, "solution": entry.stored.solution}
    lost = lost_text(
        form=FORM, keys=_STEM, account_id=actor.pk, version=last_id, run=entry.run, known=known, taken=entry.taken,
        note_field="text", keep=True,
    )  # fmt: skip
    if not lost:
        return
    entry.taken |= lost
    given = {name: text for name, text in lost.items() if name != OFFLINE_NOTE}
    renewed = entry.stored.model_copy(update=given)
    renewed.text = with_note(renewed.text, entry.taken.get(OFFLINE_NOTE, ""))
    entry.renew(renewed)
    flash(_("What you typed without a connection has been restored."), icon=":material/restore_page:")
    st.rerun()
