"""The load of a team's members."""

import streamlit as st

from core import clock
from core.i18n import gettext as _
from services import overview
from services.actor import Actor


def people(actor: Actor) -> None:
    """Show the members with their open visits and who is away today."""
    members = overview.team(actor)
    st.subheader(_("My team"), anchor=False)
    if not members:
        st.caption(_("Nobody belongs to your team yet. An administrator adds members."))
        return
    most = max((each.open_visits for each in members), default=0)
    rows = [
        {
            _("Member"): each.name,
            _("Open visits"): each.open_visits,
            _("This week"): each.this_week,
            _("Grid"): each.grid,
            _("Today"): _("On leave") if each.is_away(clock.today()) else "",
        }
        for each in members
    ]
    bar = st.column_config.ProgressColumn(format="%d", min_value=0, max_value=max(most, 1))
    st.dataframe(rows, hide_index=True, height="content", column_config={_("Open visits"): bar}, key="people")
