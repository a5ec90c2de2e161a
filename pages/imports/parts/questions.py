"""Rows that may be entries which are there already: each is for a person to decide."""

import streamlit as st

from core.i18n import gettext as _
from models.importing import Decision, ImportQuestion, ImportRun
from pages.common import ui
from pages.common.options import apart
from services.actor import Actor
from services.importing import runs

_SHOWN = 30


def show_questions(actor: Actor, run: ImportRun) -> None:
    """Show the rows with the entries they may be, and a decision for each or for all at once."""
    found = runs.questions(actor, run.pk)
    st.caption(_("Their names differ in spelling only. Nothing is put together unless you say so."))
    if any(question.decision is Decision.OPEN for question in found):
        with st.container(horizontal=True):
            for decision, label in (
                (Decision.NEW, _("All others are new entries")),
                (Decision.SKIP, _("Do not import the others")),
            ):
                if st.button(label, key=f"all_{decision}"):
                    _decide(actor, run, decision)
    for question in found[:_SHOWN]:
        _one(actor, run, question)
    if len(found) > _SHOWN:
        st.caption(_("And {count} more: decide them all at once.").format(count=len(found) - _SHOWN))


def _one(actor: Actor, run: ImportRun, question: ImportQuestion) -> None:
    options: dict[str, str] = {Decision.NEW.value: _("A new entry"), Decision.SKIP.value: _("Do not import")}
    for each in question.candidates:
        if each["id"] is not None:
            options[f"same:{each['id']}"] = _("Is {name}").format(name=each["text"])
    present = f"same:{question.same_id}" if question.decision is Decision.SAME else question.decision.value
    with st.container(border=True, gap="small"):
        others = _(", ").join(ui.plain(each["text"]) for each in question.candidates)
        st.markdown(
            _("Row {row}: **{name}**  \n:small[:gray[like {others}]]").format(
                row=question.row_number, name=ui.plain(question.name), others=others
            )
        )
        chosen = st.pills(
            _("Decision"), list(options), format_func=apart(options), label_visibility="collapsed",
            default=present if present in options else None, key=f"question_{run.pk}_{question.row_number}_{present}",
        )  # fmt: skip
    if chosen and chosen != present:
        kind, _colon, same = chosen.partition(":")
        _decide(actor, run, Decision(kind), [question.row_number], int(same) if same else None)  # type: ignore[call-arg]  # a member by its value


def _decide(
    actor: Actor, run: ImportRun, decision: Decision, rows: list[int] | None = None, same_id: int | None = None
) -> None:
    with ui.told():
        runs.decide(actor, run.pk, decision, rows=rows, same_id=same_id)
        st.rerun()
