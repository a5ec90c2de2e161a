"""What the last hand-in registered, at the top of the day: each need with its number, and what it may repeat."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.i18n import gettext as _
from pages.issues.parts.alike import issue_link, reasons
from services.actor import Actor
from services.issues.similar import Similar, similar
from services.visits.recording import Registered

_NAME, _CLOSE = "visit_registered", "visit_registered_close"


@dataclass
class _Told:
    enterprise: str
    issues: list[tuple[Registered, list[Similar]]]
    shown: bool = False


def remember(actor: Actor, enterprise: str, registered: Sequence[Registered]) -> None:
    """Keep what was registered until the person has seen it on the next page."""
    found = [(each, similar(actor, each.id)) for each in registered]
    st.session_state[_NAME] = _Told(enterprise, found) if found else None


def show_registered() -> None:
    """Show it until it is closed or another page is opened."""
    told: _Told | None = st.session_state.get(_NAME)
    if told is None:
        return
    if told.shown and _CLOSE not in st.session_state:
        st.session_state[_NAME] = None
        return
    told.shown = True
    with st.container(border=True, gap="small"):
        st.markdown(f":material/check_circle: **{_('Needs registered')}** · {told.enterprise}")
        for issue, alike in told.issues:
            issue_link(issue.id, issue.number)
            for each in alike:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(f":small[:gray[{_('Similar to')}]]", width="content")
                    issue_link(each.id, each.number, key=f"like_{issue.id}")
                    st.markdown(f":orange-badge[{reasons(each)}]", width="content")
        if st.button(_("All right"), key=_CLOSE, type="tertiary"):
            st.session_state[_NAME] = None
            st.rerun()
