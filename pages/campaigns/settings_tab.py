"""A campaign's own settings, and copying it."""

import streamlit as st

from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from pages.campaigns.campaign_form import campaign_fields
from pages.common import ui
from pages.common.fields import Slots
from pages.common.links import go
from services.actor import Actor
from services.campaigns import setup


def settings_tab(actor: Actor, campaign: Campaign) -> None:
    """Show a campaign's fields to be changed; a finished one is only shown."""
    finished = campaign.state is CampaignState.FINISHED
    if finished:
        st.info(_("This campaign is finished. Reopen it to change it."), icon=":material/lock:")
    with st.container(border=True, width=760):
        slots: Slots = {}
        entered = campaign_fields(campaign.model_dump(), prefix=f"set_{campaign.pk}", slots=slots)
        if st.button(_("Save"), key="save_settings", type="primary", icon=":material/save:", disabled=finished):
            with ui.told(slots):
                setup.save(actor, entered, campaign.pk)
                ui.flash(_("Saved."))
                st.rerun()
    st.subheader(_("Use it again"), anchor=False)
    st.caption(_("A copy has the same settings, form and filters, and none of the visits."))
    if st.button(_("Copy this campaign"), key="copy", icon=":material/content_copy:"):
        go("campaigns/new.py", copy=campaign.pk)
