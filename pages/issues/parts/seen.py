"""What others did to an issue while somebody had its page open."""

import streamlit as st

from core.i18n import gettext as _
from pages.issues.parts import log
from services.actor import Actor
from services.issues import reading
from services.issues.reading import Shown

_SEEN = "issue_seen"


def tell_news(actor: Actor, shown: Shown) -> None:
    """Say what happened since the page was last drawn, and remember the version drawn now."""
    issue_id, version = st.session_state.get(_SEEN, (None, 0))
    st.session_state[_SEEN] = (shown.id, shown.issue.version)
    if issue_id != shown.id:
        return
    news = reading.since(shown, version, actor)
    if not news:
        return
    with st.container(border=True, gap="small", key="issue_news"):
        st.markdown(f":material/group: **{_('While you had this page open')}**")
        for event in news:
            log.line(event, shown.names)
