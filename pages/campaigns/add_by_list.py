"""Adding targets by a pasted list: what each line names is shown before it is added."""

import streamlit as st

from core.i18n import gettext as _
from core.i18n import ngettext
from models.campaign import Campaign
from pages.common import ui
from pages.common.pasted import bad_lines, first_names
from services.actor import Actor
from services.campaigns import pasting, targets
from services.campaigns.pasting import Matched


def add_by_list(actor: Actor, campaign: Campaign) -> None:
    """Take a pasted list, show which lines name an enterprise and which do not, and add those found."""
    key = f"paste_{campaign.pk}_{st.session_state.get('pasted', 0)}"
    text = st.text_area(
        _("Names or credit codes, one a line"), key=key, height=160,
        placeholder=_("Copy a column from Excel and paste it here"),
    )  # fmt: skip
    if not text.strip():
        return
    with ui.told():
        found = pasting.match_list(actor, campaign.pk, text)
        _show(found)
        count = len(found.fresh)
        label = ngettext("Add {count} enterprise", "Add {count} enterprises", count).format(count=count)
        if st.button(label, key="add_listed", type="primary", icon=":material/add:", disabled=not count):
            added = targets.add(actor, campaign.pk, found.fresh)
            st.session_state["pasted"] = st.session_state.get("pasted", 0) + 1
            ui.flash(ngettext("{count} enterprise added.", "{count} enterprises added.", added).format(count=added))
            st.rerun()


def _show(found: Matched) -> None:
    text = ngettext("**{count}** enterprise found", "**{count}** enterprises found", len(found.fresh))
    parts = [text.format(count=len(found.fresh))]
    if found.already:
        parts.append(_("{count} are chosen already").format(count=found.already))
    st.markdown(" · ".join(parts))
    first_names(found.fresh.values())
    bad_lines(found.bad)
