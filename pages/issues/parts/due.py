"""The deadline of an issue: what is to be done by when, how much of the time is used, and how it was counted."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common.deadline import bar, explain
from services.issues.reading import Shown


def deadline(shown: Shown) -> None:
    """Show the running deadline; nothing when none runs."""
    running = shown.running
    if running is None:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        started = _("counted from {moment}").format(moment=format_moment(running.clock.started_at))
        st.markdown(f"**{_(running.stage.label)}** :small[:gray[{started}]]", width="content")
        with st.popover(_("How it is counted"), icon=":material/event_note:", type="tertiary", key="issue_counted"):
            explain(running.deadline)
    bar(running.deadline, running.left)
