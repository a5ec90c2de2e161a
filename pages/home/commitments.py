"""Commitments of enterprises that press, for whoever follows them."""

import streamlit as st

from core import clock
from core.i18n import gettext as _
from core.i18n import ngettext
from pages.common import figure_links, ui
from pages.common.links import go
from services import commitments as services
from services.actor import Actor
from services.commitments import SOON, Shown


def commitments(actor: Actor) -> None:
    """Show a line that leads to the list where some that the person follows are due; nothing otherwise."""
    found = services.due(actor)
    if not found.overdue and not found.soon:
        return
    late = ngettext("{count} overdue commitment", "{count} overdue commitments", found.overdue)
    soon = ngettext("{count} due within 7 days", "{count} due within 7 days", found.soon)
    parts = [f":red[**{late.format(count=found.overdue)}**]"] if found.overdue else []
    parts += [soon.format(count=found.soon)] if found.soon else []
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="commitments_due"):
        told = ui.labelled(_("Commitments you follow"), " · ".join(parts))
        st.markdown(f":material/verified: {told}", width="content")
        if st.button(_("See them"), key="commitments", icon=":material/arrow_forward:", type="tertiary"):
            go(
                "commitments/list.py",
                show=Shown.OPEN.value,
                mine="yes",
                due_on=figure_links.days(None, clock.today() + SOON),
            )
