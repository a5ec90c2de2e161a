"""What people see in the seconds in which the demonstration is still being made: a line that goes by itself."""

import streamlit as st

from core.i18n import gettext as _
from core.instance import is_filling


@st.fragment(run_every=1)
def show() -> None:
    """Say what is still missing, and draw the whole page again once it is there."""
    if not is_filling():
        st.rerun()
    st.info(
        _("The demonstration is still being made: issues, reminders and bulletins appear here by themselves in a few "
          "seconds. What you save until then waits for them."),
        icon=":material/hourglass_top:",
    )  # fmt: skip
