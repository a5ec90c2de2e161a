"""What the recording page remembers between its runs."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import randbelow, token_hex

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common.mirror import OFFLINE_NOTE, with_note
from pages.common.ui import flash
from services.actor import Actor
from services.visits import drafts
from services.visits.checking import Rules, find_problems
from services.visits.content import Content, FileEntry, IssueEntry, PromiseEntry
from services.visits.drafts import Draft
from services.visits.recording import Sheet

TEXTS = ("met_person", "met_phone", "summary")


@dataclass
class Entry:
    """One visit being recorded in one tab.

    Fields begin with what `start` holds. To put other content into them a new generation of widgets is begun.
    """

    visit_id: int
    assignment: int
    """Which time the visit was given to this person: another day for it leaves what is being typed alone."""
    start: Content
    saved_at: datetime | None
    stored: Content
    """What the server's draft holds, to save only what changed."""
    run: str = field(default_factory=lambda: token_hex(4))
    generation: int = field(default_factory=lambda: randbelow(10**9))
    """Begins anywhere: after a reconnection the browser still holds the fields of the session before."""
    renewed: bool = False
    files: dict[str, list[FileEntry]] = field(default_factory=dict)
    """Name of a file field → its files: kept at once, for a tap elsewhere may cut a run short before it saves."""
    taken: dict[str, str] = field(default_factory=dict)
    """Field name → text last taken over from the device after the connection was lost."""
    other: Draft | None = None
    """What another device had entered and this one replaced."""
    problems: dict[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """Return the key of a widget of the present generation."""
        return f"{self.stem}{self.generation}_{name}"

    @property
    def stem(self) -> str:
        """What the keys of every generation's widgets begin with."""
        return f"rec{self.visit_id}g"

    def renew(self, content: Content) -> None:
        """Put other content into the fields at the next run."""
        self.start, self.generation, self.renewed = content, self.generation + 1, True
        self.files.clear()


def open_entry(sheet: Sheet) -> Entry:
    """Return what this tab has of the visit; when it comes to the page anew, the draft or the record to begin with."""
    name = f"visit_entry_{sheet.visit_id}"
    entry = st.session_state.get(name)
    if isinstance(entry, Entry) and entry.assignment == sheet.assignment and _on_page(entry):
        entry.renewed = False
        return entry
    start = sheet.draft.content if sheet.draft else sheet.start
    entry = Entry(sheet.visit_id, sheet.assignment, start, sheet.draft.saved_at if sheet.draft else None, start)
    st.session_state[name] = entry
    if sheet.draft:
        message = _("Your draft of {moment} has been restored.").format(moment=format_moment(sheet.draft.saved_at))
        st.toast(message, icon=":material/restore_page:")
    return entry


def close_entry(visit_id: int) -> None:
    """Forget what this tab has of a visit."""
    st.session_state.pop(f"visit_entry_{visit_id}", None)


def _on_page(entry: Entry) -> bool:
    """Return whether the fields are still there: Streamlit forgets them while another page is shown."""
    return entry.renewed or entry.key("mode") in st.session_state


def save(actor: Actor, entry: Entry, content: Content) -> bool:
    """Store the draft if anything changed since it was last stored, and return whether it replaced another device's.

    That is said at once wherever on the page the person is; the other draft is offered at the form's end, which
    nobody passes by.
    """
    if _essence(content) == _essence(entry.stored):
        return False
    entry.saved_at, other = drafts.save_draft(actor, entry.visit_id, content, entry.saved_at)
    entry.stored, entry.other = content, other or entry.other
    if other is not None:
        flash(told_other(other), icon=":material/devices:")
    return other is not None


def told_other(other: Draft) -> str:
    """Return the sentence that another device had entered something else."""
    message = _("Another device saved this record at {moment}; this one is newer and was kept.")
    return message.format(moment=format_moment(other.saved_at))


def rearranged(entry: Entry, before: Content, content: Content) -> bool:
    """Return whether lines or files came or went, or another outcome hid fields: the page is drawn again.

    The first outcome hides none; its fields are there already, and drawing them anew would lose what is typed at once.
    """
    if content.outcome != before.outcome and before.outcome is not None:
        entry.renew(content)
        return True
    return _shape(content) != _shape(before)


def put_right(entry: Entry, content: Content, rules: Rules) -> bool:
    """Forget the messages of fields that have been put right and return whether there were any."""
    if not entry.problems:
        return False
    present = find_problems(content, rules)
    left = {key: present[key] for key in entry.problems if key in present}
    changed = left != entry.problems
    entry.problems = left
    return changed


def take_lost_text(entry: Entry, content: Content, lost: dict[str, str]) -> None:
    """Put text that the connection had swallowed into its fields."""
    entry.taken |= lost
    renewed = content.model_copy(deep=True)
    for name, text in lost.items():
        _put(renewed, name, text)
    renewed.summary = with_note(renewed.summary, entry.taken.get(OFFLINE_NOTE, ""))
    entry.renew(renewed)
    flash(_("What you typed without a connection has been restored."), icon=":material/restore_page:")


def known_texts(content: Content, text_questions: set[str]) -> dict[str, str]:
    """Return the text fields of the page by their names, with what the server has of them."""
    known = {name: str(getattr(content, name)) for name in TEXTS}
    known |= {f"answers_{key}": str(content.answers.get(key) or "") for key in text_questions}
    for issue in content.issues:
        known |= {f"issue_{issue.uid}_text": issue.text, f"issue_{issue.uid}_solution": issue.solution}
    known |= {f"promise_{promise.uid}_text": promise.text for promise in content.promises}
    return known


def _essence(content: Content) -> dict[str, object]:
    """Return what was entered, without what merely stands empty."""
    document = content.model_dump(mode="json")
    for part in ("answers", "extra", "files"):
        document[part] = {key: value for key, value in document[part].items() if value not in (None, "", [], False)}
    return document


def _shape(content: Content) -> list[list[str]]:
    lines = [[line.uid for line in content.issues], [line.uid for line in content.promises]]
    files = [content.photos, *(content.files[key] for key in sorted(content.files) if content.files[key])]
    return lines + [[each.sha256 for each in part] for part in files]


def _put(content: Content, name: str, text: str) -> None:
    if name in TEXTS:
        setattr(content, name, text)
    elif name.startswith("answers_"):
        content.answers[name.removeprefix("answers_")] = text
    elif name != OFFLINE_NOTE:
        kind, uid, part = name.split("_", 2)
        lines: list[IssueEntry] | list[PromiseEntry] = content.issues if kind == "issue" else content.promises
        for line in lines:
            if line.uid == uid:
                setattr(line, part, text)


def next_uid(lines: list[IssueEntry] | list[PromiseEntry]) -> str:
    """Return a name for one more line that no line had before."""
    return str(max((int(line.uid) for line in lines), default=0) + 1)


def without(files: list[FileEntry], sha256: str) -> list[FileEntry]:
    """Return a list of files without one."""
    return [each for each in files if each.sha256 != sha256]
