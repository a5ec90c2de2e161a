import streamlit as st

from core.i18n import gettext as _
from models.campaign import Campaign
from pages.campaigns.answers_tab import answers_tab
from pages.campaigns.form_tab import form_tab
from pages.campaigns.overview_tab import overview_tab
from pages.campaigns.parts import asked_campaign, period, state_badge
from pages.campaigns.settings_tab import settings_tab
from pages.campaigns.steps import step_buttons
from pages.campaigns.targets_tab import targets_tab
from pages.common import ui
from pages.common.links import page_path
from pages.shell.session import current_actor
from services.actor import Actor
from services.permissions import Action, allows


def page() -> None:
    """Show one campaign: how far it is, whom it visits, what it asks, what came back, how it is set up."""
    actor = current_actor()
    st.page_link(page_path("campaigns/list.py"), label=_("Campaigns"), icon=":material/arrow_back:")
    campaign = asked_campaign(actor)
    may_edit = allows(actor, Action.CAMPAIGN_EDIT)
    with ui.header(campaign.name):
        if may_edit:
            step_buttons(actor, campaign)
    st.markdown(f"{state_badge(campaign)} &nbsp; :small[:gray[{period(campaign)}]]")
    _tabs(actor, campaign, may_edit=may_edit)


def _tabs(actor: Actor, campaign: Campaign, *, may_edit: bool) -> None:
    shown = {
        "overview": (_("Progress"), overview_tab),
        "targets": (_("Enterprises"), targets_tab),
        "form": (_("Visit form"), form_tab),
        "answers": (_("Results"), answers_tab),
    }
    if may_edit:
        shown["settings"] = (_("Settings"), settings_tab)
    asked = st.query_params.get("tab", "overview")
    labels = {key: label for key, (label, _show) in shown.items()}
    tabs = st.tabs(
        list(labels.values()),
        default=labels.get(asked, labels["overview"]),
        key=f"tabs_{campaign.pk}_{asked}",
        on_change="rerun",
    )
    for place, (_label, show) in zip(tabs, shown.values(), strict=True):
        if place.open:
            with place:
                show(actor, campaign)


page()
