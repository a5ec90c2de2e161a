"""The needs of enterprises that have waited longest."""

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from services.overview import Overview


def needs(shown: Overview) -> None:
    """Show what enterprises need from us, the oldest first; each leads to the enterprise's profile."""
    total = shown.waiting.open_needs
    if total is None:
        return
    st.subheader(_("What enterprises need from us"), anchor=False)
    if not shown.needs:
        st.caption(_("No need is open."))
    for each in shown.needs:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            since = _("since {day}").format(day=format_date(each.since.date()))
            about = f"{_(each.kind.label)} · {each.number} · {since}"
            st.markdown(
                f"**{ui.plain(each.enterprise)}**  \n{ui.plain(each.text)}  \n:small[:gray[{about}]]", width="content"
            )
            if st.button(_("Open it"), key=f"need_{each.number}", icon=":material/arrow_forward:"):
                go("enterprises/profile.py", enterprise=each.enterprise_id)
    if total > len(shown.needs):
        st.caption(_("{count} are open in all, suggestions included.").format(count=total))
