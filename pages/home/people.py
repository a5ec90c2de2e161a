"""The load of a team's members."""

import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.common import sheets
from services import overview
from services.actor import Actor


def people(actor: Actor) -> None:
    """Show the members with their open visits and who is away today."""
    members = overview.team(actor)
    if not members:
        st.subheader(_("My team"), anchor=False)
        st.caption(_("Nobody belongs to your team yet. An administrator adds members."))
        return
    most = max((each.open_visits for each in members), default=0)
    columns = {
        "name": _("Member"), "open": _("Open visits"), "week": _("This week"), "grid": _("Grid"), "today": _("Today"),
    }  # fmt: skip
    rows = [
        {
            "name": each.name, "open": each.open_visits, "week": each.this_week, "grid": each.grid,
            "today": _("On leave") if each.is_away(clock.today()) else "",
        }
        for each in members
    ]  # fmt: skip
    sheets.heading("people", _("My team"), columns, rows)
    bar = st.column_config.ProgressColumn(_("Open visits"), format="%d", min_value=0, max_value=max(most, 1))
    st.dataframe(rows, hide_index=True, height="content", column_config={**columns, "open": bar}, key="people")
