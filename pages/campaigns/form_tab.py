"""The visit form of a campaign as it is saved."""

import streamlit as st

from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from models.fields import FieldSpec
from pages.campaigns.question_text import kind_icon, rule_text
from pages.common import ui
from pages.common.fields import marked
from pages.common.links import go
from services.actor import Actor
from services.campaigns import forms
from services.permissions import Action, allows


def form_tab(actor: Actor, campaign: Campaign) -> None:
    """List the questions of the form that is in force, and lead to the form builder."""
    version, specs = forms.in_force(actor, campaign.pk)
    may_edit = allows(actor, Action.CAMPAIGN_EDIT) and campaign.state is not CampaignState.FINISHED
    if not specs:
        hint = _("Without one, a visit records who was met, what was said and what was promised.")
        with ui.empty(_("This campaign asks no questions of its own"), hint, icon="dynamic_form"):
            _edit_button(campaign, _("Build the form"), may_edit=may_edit)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("Version {version}, {count} questions").format(version=version, count=len(specs)), width="content")
        _edit_button(campaign, _("Edit the form"), may_edit=may_edit)
    with st.container(border=True, gap="small"):
        for number, spec in enumerate(specs, start=1):
            _line(number, spec, specs)


def _edit_button(campaign: Campaign, label: str, *, may_edit: bool) -> None:
    if may_edit and st.button(label, key="edit_form", type="primary", icon=":material/edit_note:"):
        go("campaigns/form_builder.py", campaign=campaign.pk)


def _line(number: int, spec: FieldSpec, specs: list[FieldSpec]) -> None:
    st.markdown(f":gray[{number}.] {kind_icon(spec.kind)} {marked(ui.plain(spec.label), spec)}")
    if rule := rule_text(spec, specs):
        st.caption(rule)
