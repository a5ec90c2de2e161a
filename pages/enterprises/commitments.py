"""What an enterprise undertook when it was approved, on its profile."""

import streamlit as st

from core.i18n import gettext as _
from pages.commitments.parts import act, badge, days, made_good
from pages.common import ui
from services.actor import Actor
from services.commitments import Commitment
from services.enterprises.profile import Profile

_FIRST = 4


def card(actor: Actor, shown: Profile) -> None:
    """Show an enterprise's commitments, what is open first; nothing where it has none."""
    if not shown.commitments:
        return
    with st.container(border=True):
        st.markdown(f"**:material/verified: {_('Commitments')}**")
        for each in shown.commitments[:_FIRST]:
            _commitment(actor, each)
        if more := shown.commitments[_FIRST:]:
            with st.expander(_("{count} more").format(count=len(more))):
                for each in more:
                    _commitment(actor, each)


def _commitment(actor: Actor, each: Commitment) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        about = made_good(each) if each.fulfilled_at else days(each)
        st.markdown(
            f"{badge(each)} **{ui.plain(each.matter)}** · {ui.plain(each.text)}  \n:small[:gray[{about}]]",
            width="content",
        )
        if each.fulfilled_at is None:
            act(actor, each)
