"""How far the running campaigns are."""

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.campaigns.parts import period
from pages.common import ui
from pages.common.links import go
from services.actor import Actor
from services.campaigns.standing import Standing
from services.overview import Round
from services.permissions import Action, allows


def rounds(actor: Actor, running: list[Round]) -> None:
    """Show each running campaign with its progress among the enterprises the person answers for."""
    st.subheader(_("Running campaigns"), anchor=False)
    if not running:
        hint = _("Set one up and start it.") if allows(actor, Action.CAMPAIGN_EDIT) else _("A coordinator starts one.")
        with ui.empty(_("No campaign is running"), hint, icon="campaign"):
            if allows(actor, Action.CAMPAIGN_EDIT) and st.button(_("Campaigns"), key="campaigns"):
                go("campaigns/list.py")
    for each in running:
        with st.container(border=True):
            _round(each)


def _round(each: Round) -> None:
    made = each.progress
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{ui.plain(each.campaign.name)}**  \n:small[:gray[{period(each.campaign)}]]", width="content")
        if st.button(_("Open it"), key=f"campaign_{each.campaign.pk}", icon=":material/arrow_forward:"):
            go("campaigns/campaign.py", campaign=each.campaign.pk)
    text = _("{visited} of {aim} enterprises visited")
    st.progress(made.share(), text.format(visited=format_number(made.visited), aim=format_number(made.targets)))
    parts = [
        (made[Standing.OPEN], _("{count} open"), "gray"),
        (made.overdue, _("{count} overdue"), "red"),
        (made[Standing.RETURNED], _("returned for completion: {count}"), "gray"),
        (made.unreached, _("{count} not reached"), "gray"),
    ]
    shown = [f":{colour}[{text.format(count=format_number(count))}]" for count, text, colour in parts if count]
    if shown:
        st.markdown(f":small[{' · '.join(shown)}]")
