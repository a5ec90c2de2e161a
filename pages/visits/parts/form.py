"""The form on which a visit is recorded."""

from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from models.visit import Outcome
from pages.common.fields import field_input, marked, required
from pages.common.options import apart
from pages.visits.parts import lines
from pages.visits.parts.files import file_field
from pages.visits.parts.problems import problem
from pages.visits.parts.state import Entry
from services.actor import Actor
from services.visits.content import Content, FileEntry
from services.visits.recording import Sheet


def form(actor: Actor, sheet: Sheet, entry: Entry) -> Content:
    """Show every field and return what they hold now."""
    content = entry.stored.model_copy(deep=True)
    _how(sheet, entry, content)
    if content.outcome is None:
        st.caption(_("Choose what came of the visit; the rest of the form follows."))
        return content
    if content.outcome == Outcome.MET:
        _who(sheet, entry, content)
        _questions(actor, sheet, entry, content)
        st.subheader(_("What the enterprise needs"), anchor=False)
        content.issues = lines.issues(entry, content.issues, sheet.categories, sheet.issue_extra)
        st.subheader(_("Promises"), anchor=False)
        content.promises = lines.promises(entry, content.promises)
    st.subheader(_("Photos and summary"), anchor=False)
    content.photos = file_field(actor, entry, "photos", _("Photos"), content.photos, photos_only=True)
    problem(entry, "photos")
    _summary(entry, content)
    return content


def text_questions(sheet: Sheet) -> set[str]:
    """Return the keys of the questions that are answered by typing text."""
    return {spec.key for spec in sheet.questions if spec.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)}


def _how(sheet: Sheet, entry: Entry, content: Content) -> None:
    modes = {mode.value: _(mode.label) for mode in sheet.modes}
    default = entry.start.mode if entry.start.mode in modes else None
    content.mode = st.pills(
        required(_("Mode")), list(modes), default=default, format_func=apart(modes), key=entry.key("mode")
    )
    problem(entry, "mode")
    outcomes = {outcome.value: _(outcome.label) for outcome in Outcome}
    content.outcome = st.pills(
        required(_("Outcome")),
        list(outcomes),
        default=entry.start.outcome,
        format_func=apart(outcomes),
        key=entry.key("outcome"),
    )
    problem(entry, "outcome")


def _who(sheet: Sheet, entry: Entry, content: Content) -> None:
    st.subheader(_("Who was met"), anchor=False)
    names = {person.contact_id: " ".join(p for p in (person.name, person.title) if p) for person in sheet.people}
    if names:
        content.met = st.pills(
            _("Known contacts"),
            list(names),
            selection_mode="multi",
            default=[each for each in entry.start.met if each in names],
            format_func=apart(names),
            key=entry.key("met"),
        )
    content.met_person = st.text_input(
        _("Somebody else"), entry.start.met_person, key=entry.key("met_person"), max_chars=50
    )
    problem(entry, "met_person")
    if not content.met_person:
        content.met_phone = ""
        return
    content.met_phone = st.text_input(
        _("Their phone number"), entry.start.met_phone, key=entry.key("met_phone"), max_chars=30
    )
    problem(entry, "met_phone")
    content.save_contact = st.checkbox(
        _("Save as a contact of the enterprise"), entry.start.save_contact, key=entry.key("save_contact")
    )


def _questions(actor: Actor, sheet: Sheet, entry: Entry, content: Content) -> None:
    if sheet.questions or sheet.extra:
        st.subheader(_("Questions of the campaign"), anchor=False)
    content.answers = _fields(actor, entry, sheet.questions, "answers", content, {})
    content.extra = _fields(actor, entry, sheet.extra, "extra", content, content.how())


def _fields(  # noqa: PLR0917 - what is asked, and what it may depend on
    actor: Actor, entry: Entry, specs: list[FieldSpec], part: str, content: Content, known: dict[str, Any]
) -> dict[str, Any]:
    start: dict[str, Any] = getattr(entry.start, part)
    given: dict[str, Any] = {}
    for spec in specs:
        if not spec.is_asked(known | given):
            continue
        if spec.kind is FieldKind.ATTACHMENT:
            content.files[spec.key] = _attachment(actor, entry, spec, content.files.get(spec.key, []))
        else:
            given[spec.key] = field_input(spec, start.get(spec.key), key=entry.key(f"{part}_{spec.key}"))
        problem(entry, f"{part}.{spec.key}")
    return given


def _attachment(actor: Actor, entry: Entry, spec: FieldSpec, present: list[FileEntry]) -> list[FileEntry]:
    label = marked(_(spec.label), spec)
    return file_field(actor, entry, f"q_{spec.key}", label, present, photos_only=False)


def _summary(entry: Entry, content: Content) -> None:
    met = content.outcome == Outcome.MET
    label = _("Summary") if met else required(_("What happened"))
    content.summary = st.text_area(label, entry.start.summary, key=entry.key("summary"), height=110, max_chars=4000)
    problem(entry, "summary")
    if content.outcome == Outcome.MOVED_AWAY:
        st.caption(_("Your team lead confirms that the enterprise moved away before it leaves the lists."))
