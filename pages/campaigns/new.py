from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import gettext as _
from models.campaign import VisitMode
from pages.campaigns.campaign_form import campaign_fields
from pages.common import ui
from pages.common.fields import Slots
from pages.common.links import go, number_asked, page_path
from pages.common.options import apart
from pages.shell.session import current_actor
from services.actor import Actor
from services.campaigns import progress, setup

_COPIED = ("name", "starts_on", "ends_on")


def page() -> None:
    """Set up a campaign: from nothing, or with the form, settings and filters of an earlier one."""
    actor = current_actor()
    st.page_link(page_path("campaigns/list.py"), label=_("Campaigns"), icon=":material/arrow_back:")
    ui.header(_("New campaign"), _("It begins as a draft: enterprises and the form come next, then you start it."))
    with st.container(border=True, key="new_campaign", width=760):
        source = _source(actor)
        slots: Slots = {}
        today = clock.today()
        start = {
            "starts_on": today, "ends_on": today + timedelta(days=30), "goal": 0, "revisit_days": 14,
            "modes": list(VisitMode),
        }  # fmt: skip
        entered = campaign_fields(start, prefix="new", slots=slots, only=_COPIED if source else ())
        same = bool(source) and st.toggle(_("Visit the same enterprises again"), key="same_targets")
        if not st.button(_("Create the draft"), key="create", type="primary", icon=":material/check:"):
            return
        with ui.told(slots):
            if source is None:
                made = setup.save(actor, entered)
            else:
                made = setup.copy(actor, source, raw=entered, with_targets=same)
            ui.flash(_("The draft is ready. Choose the enterprises next."))
            go("campaigns/campaign.py", campaign=made, tab="targets")


def _source(actor: Actor) -> int | None:
    names = {campaign.pk: campaign.name for campaign, _made in progress.campaigns(actor)}
    if not names:
        return None
    asked = number_asked("copy")
    index = list(names).index(asked) if asked in names else None
    return st.selectbox(
        _("Begin with the settings, form and filters of"),
        list(names),
        index,
        apart(names),
        key="source",
        placeholder=_("Nothing: an empty campaign"),
    )


page()
