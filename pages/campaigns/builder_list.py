"""The questions in the form builder: one card each, one of them open, tools to move, copy and delete."""

import streamlit as st

from core.i18n import gettext as _
from models import forms as rules
from models.campaign import Campaign
from models.forms import Question
from pages.campaigns.builder_add import add_question, nothing_yet
from pages.campaigns.builder_question import edit_question
from pages.campaigns.builder_state import BuilderState, Deleted
from pages.campaigns.question_text import kind_icon, rule_text
from pages.common import deed, ui
from pages.common.fields import marked
from services.actor import Actor
from services.campaigns import forms
from services.campaigns.forms import Change, Draft


def question_list(actor: Actor, campaign: Campaign, draft: Draft) -> None:
    """Show the questions and the ways to add one; whatever is done is kept at once."""
    state = BuilderState(campaign.pk)
    if not draft.questions:
        nothing_yet(actor, campaign, state)
    for place, question in enumerate(draft.questions):
        _undo(actor, campaign.pk, state, place)
        opened = question.key == state.opened
        key = f"open_question_{question.key}" if opened else f"question_{question.key}"
        with st.container(border=True, key=key, gap="xsmall"):
            if opened:
                edit_question(actor, campaign.pk, draft, question, state)
                _tools(actor, campaign.pk, draft, place, state)
                continue
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"line_{question.key}"):
                _head(draft, place, state)
                _tools(actor, campaign.pk, draft, place, state)
            _details(draft, question)
    _undo(actor, campaign.pk, state, len(draft.questions))
    add_question(actor, campaign.pk, draft, state)


def _head(draft: Draft, place: int, state: BuilderState) -> None:
    question = draft.questions[place]
    text = ui.plain(question.label) or f":gray[{_('(no text yet)')}]"
    label = f":gray[{place + 1}.] {kind_icon(question.kind)} {marked(text, question)}"
    if st.button(label, key=f"edit_{question.key}", type="tertiary", width="stretch"):
        state.opened, state.deleted = question.key, None
        st.rerun()


def _details(draft: Draft, question: Question) -> None:
    if rule := rule_text(question, draft.questions):
        st.caption(rule)
    for message in draft.problems.get(question.key, []):
        st.markdown(f":red[:material/error: {message}]")


def _tools(actor: Actor, campaign_id: int, draft: Draft, place: int, state: BuilderState) -> None:
    question, last = draft.questions[place], len(draft.questions) - 1
    key = question.key
    with st.container(
        horizontal=True,
        horizontal_alignment="right",
        key=f"tools_{key}",
        gap=None,
        width="stretch" if state.opened == key else "content",
    ):
        if _tool("up", key, "arrow_upward", _("Move up"), disabled=place == 0):
            _change(actor, campaign_id, state, lambda form, _taken: rules.move(form, key, -1))
        if _tool("down", key, "arrow_downward", _("Move down"), disabled=place == last):
            _change(actor, campaign_id, state, lambda form, _taken: rules.move(form, key, 1))
        if _tool("copy", key, "content_copy", _("Duplicate")):
            _change(actor, campaign_id, state, lambda form, taken: rules.duplicate(form, key, taken=taken))
        if _tool("delete", key, "delete", _("Delete")):
            _delete(actor, campaign_id, state, question, place)
        if state.opened == key and st.button(_("Close"), key=f"done_{key}", icon=":material/check:"):
            state.opened = ""
            st.rerun()


def _tool(name: str, key: str, icon: str, text: str, *, disabled: bool = False) -> bool:
    return st.button(
        "", key=f"{name}_{key}", icon=f":material/{icon}:", help=text, type="tertiary", disabled=disabled
    )  # fmt: skip


def _change(actor: Actor, campaign_id: int, state: BuilderState, change: Change) -> None:
    with ui.told():
        deed.once("change", lambda: forms.edit(actor, campaign_id, change), lambda _done: _changed(state))


def _changed(state: BuilderState) -> None:
    state.deleted = None


def _delete(actor: Actor, campaign_id: int, state: BuilderState, question: Question, place: int) -> None:
    with ui.told():
        forms.edit(actor, campaign_id, lambda form, _taken: rules.remove(form, question.key))
        state.deleted = Deleted(question, place)
        st.rerun()


def _undo(actor: Actor, campaign_id: int, state: BuilderState, place: int) -> None:
    """Where a question has just been deleted, offer to bring it back."""
    deleted = state.deleted
    if deleted is None or deleted.place != place:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo_line"):
        st.markdown(_("Deleted: {question}").format(question=ui.plain(deleted.question.label)), width="content")
        if st.button(_("Undo"), key="undo_delete", icon=":material/undo:", type="tertiary"):
            _change(
                actor, campaign_id, state,
                lambda form, _taken: [*form[:place], deleted.question, *form[place:]],
            )  # fmt: skip
