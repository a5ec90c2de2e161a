"""A campaign's own settings, and copying it."""

import streamlit as st

from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from models.entity import specs_of
from pages.campaigns.campaign_form import campaign_fields
from pages.common import ui
from pages.common.began import Began
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
        began = Began(f"set_{campaign.pk}", campaign.model_dump(), first="name")
        entered = campaign_fields(began.values, prefix=began.prefix, slots=slots)
        pressed = st.button(
            _("Save"), key="save_settings", type="primary", icon=":material/save:", disabled=finished
        )  # fmt: skip
        if began.insisted() or pressed:
            with ui.told(slots), began.saving():
                setup.save(actor, entered, campaign.pk, seen=began.values)
                began.renew()
                ui.flash(_("Saved."))
                st.rerun()
        began.notice(specs_of(Campaign))
    st.subheader(_("Use it again"), anchor=False)
    st.caption(_("A copy has the same settings, form and filters, and none of the visits."))
    if st.button(_("Copy this campaign"), key="copy", icon=":material/content_copy:"):
        go("campaigns/new.py", copy=campaign.pk)
