import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from pages.campaigns.parts import period, progress_bar, state_badge
from pages.common import ui
from pages.common.links import go
from pages.shell.session import current_actor
from services.campaigns import progress
from services.campaigns.progress import Progress
from services.campaigns.standing import Standing
from services.permissions import Action, allows


def page() -> None:
    """Show every campaign with its state, period and progress."""
    actor = current_actor()
    found = progress.campaigns(actor)
    may_edit = allows(actor, Action.CAMPAIGN_EDIT)
    with ui.header(_("Campaigns"), _("What is visited, when, and how far it is")):
        if may_edit and st.button(_("New campaign"), key="new", type="primary", icon=":material/add:"):
            go("campaigns/new.py")
    if not found:
        hint = _("Begin with “New campaign”.") if may_edit else _("A coordinator sets them up.")
        ui.empty(_("There is no campaign yet"), hint, icon="campaign")
        return
    chosen = _state_filter(found)
    with st.grid(columns=2, min_column_width=320):
        for campaign, made in found:
            if chosen is None or campaign.state is chosen:
                _card(campaign, made)


def _state_filter(found: list[tuple[Campaign, Progress]]) -> CampaignState | None:
    counts = {state: sum(campaign.state is state for campaign, _made in found) for state in CampaignState}
    present = [state for state in CampaignState if counts[state]]
    if len(present) < 2:
        return None
    return st.pills(
        _("State"),
        present,
        format_func=lambda state: f"{_(state.label)} {counts[state]}",
        key="state",
        label_visibility="collapsed",
    )


def _card(campaign: Campaign, made: Progress) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"{state_badge(campaign)} &nbsp; :small[:gray[{period(campaign)}]]")
        st.markdown(f"#### {ui.plain(campaign.name)}", help=ui.inline(campaign.purpose) or None)
        progress_bar(campaign, made)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_standing(made), width="content")
            if st.button(_("View"), key=f"open_{campaign.pk}", icon=":material/arrow_forward:", icon_position="right"):
                go("campaigns/campaign.py", campaign=campaign.pk)


def _standing(made: Progress) -> str:
    parts = [_("{count} enterprises").format(count=format_number(made.targets))]
    if made[Standing.OPEN]:
        parts.append(_("{count} open").format(count=format_number(made[Standing.OPEN])))
    if made.overdue:
        parts.append(f":red[{_('{count} overdue').format(count=format_number(made.overdue))}]")
    if made[Standing.RETURNED]:
        text = _("returned for completion: {count}")
        parts.append(text.format(count=format_number(made[Standing.RETURNED])))
    return f":small[{' · '.join(parts)}]"


page()
