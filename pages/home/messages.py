"""Unread messages on the start page: one line that leads to them."""

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common.links import go
from services.actor import Actor
from services.inbox import listing


def messages(actor: Actor) -> None:
    """Say how many messages are unread; nothing if none is."""
    counts = listing.unread(actor)
    if not counts.unread:
        return
    text = _("{count} unread, {urgent} of them urgent") if counts.urgent else _("{count} unread")
    told = text.format(count=format_number(counts.unread), urgent=format_number(counts.urgent))
    colour = "red" if counts.urgent else "blue"
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="unread"):
        st.markdown(f":{colour}[:material/inbox: **{_('Messages')}**] {told}", width="content")
        if st.button(_("Read them"), key="messages", icon=":material/arrow_forward:", type="tertiary"):
            go("inbox/messages.py")
