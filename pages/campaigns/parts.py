"""What several campaign pages show alike: the state, the period, the progress bar, the campaign asked for."""

import streamlit as st

from core import clock
from core.i18n import format_date, format_number, ngettext
from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from pages.common import ui
from pages.common.links import number_asked
from services.actor import Actor
from services.campaigns import setup
from services.campaigns.progress import Progress

_COLORS = {
    CampaignState.DRAFT: "gray",
    CampaignState.RUNNING: "green",
    CampaignState.PAUSED: "orange",
    CampaignState.FINISHED: "blue",
}


def asked_campaign(actor: Actor) -> Campaign:
    """Return the campaign the page's address names; without one the page says so and ends."""
    campaign_id = number_asked("campaign")
    if campaign_id is None:
        ui.empty(_("No campaign chosen"), _("Choose one from the list of campaigns."), icon="campaign")
        st.stop()
    return setup.fetch(actor, campaign_id)


def state_badge(campaign: Campaign) -> str:
    """Return the state as Markdown."""
    return f":{_COLORS[campaign.state]}-badge[{_(campaign.state.label)}]"


def period(campaign: Campaign) -> str:
    """Return the first and last day and, while it matters, how many days are left."""
    days = f"{format_date(campaign.starts_on)} – {format_date(campaign.ends_on)}"
    left = (campaign.ends_on - clock.today()).days
    if campaign.state in (CampaignState.FINISHED, CampaignState.DRAFT):
        return days
    if left < 0:
        return days + " · " + ngettext("{count} day over", "{count} days over", -left).format(count=-left)
    return days + " · " + ngettext("{count} day left", "{count} days left", left).format(count=left)


def progress_bar(campaign: Campaign, progress: Progress) -> None:
    """Show how much of the goal, or without one of the targets, has been visited."""
    aim = campaign.goal or progress.targets
    text = _("{visited} of {aim} visited") if campaign.goal else _("{visited} of {aim} enterprises visited")
    st.progress(
        progress.share(campaign.goal),
        text.format(visited=format_number(progress.visited), aim=format_number(aim)),
    )
