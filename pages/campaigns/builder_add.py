"""Adding a question to the form, or beginning with the form of another campaign."""

import streamlit as st

from core.i18n import gettext as _
from models import forms as rules
from models.campaign import Campaign
from models.fields import KIND_LABELS, FieldKind
from pages.campaigns.builder_state import BuilderState
from pages.campaigns.question_text import kind_icon
from pages.common import deed, ui
from pages.common.options import apart
from services.actor import Actor
from services.campaigns import forms, progress
from services.campaigns.forms import Draft


def add_question(actor: Actor, campaign_id: int, draft: Draft, state: BuilderState) -> None:
    """Offer the kinds of questions; a new one comes below the open question, or else at the end, and is opened."""
    keys = [question.key for question in draft.questions]
    place = keys.index(state.opened) + 1 if state.opened in keys else len(keys)
    # A key of its own for each length of the form: the popover closes once a question has been added.
    with st.popover(
        _("Add a question"), icon=":material/add:", type="primary", key=f"add_{len(keys)}", width="stretch"
    ):
        if place < len(keys):
            st.caption(_("It comes below question {number}, which is open.").format(number=place))
        with st.grid(columns=2, min_column_width=130, gap="xsmall"):
            for kind in rules.QUESTION_KINDS:
                label = f"{kind_icon(kind)} {_(KIND_LABELS[kind])}"
                if st.button(label, key=f"add_{kind}", width="stretch"):
                    _add(actor, campaign_id, state, kind, place)


def nothing_yet(actor: Actor, campaign: Campaign, state: BuilderState) -> None:
    """Say how to begin, and offer the forms of other campaigns."""
    others = {each.pk: each.name for each, _made in progress.campaigns(actor) if each.pk != campaign.pk}
    hint = _("Add the first one below, or begin with the form of another campaign.")
    with ui.empty(_("No question yet"), hint, icon="dynamic_form"), st.container(width=420):
        chosen = st.selectbox(
            _("Form of"), list(others), None, apart(others), key="other_form", placeholder=_("Choose a campaign")
        )
        if st.button(_("Use this form"), key="use_other", icon=":material/content_copy:", disabled=chosen is None):
            with ui.told():
                forms.take_from(actor, campaign.pk, chosen or 0)
                state.renew()
                st.rerun()


def _add(actor: Actor, campaign_id: int, state: BuilderState, kind: FieldKind, place: int) -> None:
    with ui.told():
        deed.once("add", lambda: _added(actor, campaign_id, kind, place), lambda key: _open(state, key))


def _added(actor: Actor, campaign_id: int, kind: FieldKind, place: int) -> str:
    forms.edit(actor, campaign_id, lambda form, taken: rules.add(form, kind, taken=taken, at=place))
    return forms.draft(actor, campaign_id).questions[place].key


def _open(state: BuilderState, key: str) -> None:
    state.opened, state.deleted = key, None
