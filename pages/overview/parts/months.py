"""The months a page of figures is about, chosen at its top and kept in its address."""

from datetime import date

import streamlit as st

from core.i18n import gettext as _
from pages.common import asked
from services.progress_overview import Period
from services.progress_overview.question import OF_CAMPAIGN, months_of

_NAME = "period"
_KEY = "two_way_period"


def period() -> tuple[date | None, date | None]:
    """Let the person choose, and return the first days of the first and the last month; `None` for no bound."""
    chosen = asked.member(_NAME, Period.ALL)
    st.session_state[_KEY] = chosen
    st.segmented_control(
        _("Months"), [each for each in Period if each not in OF_CAMPAIGN], format_func=lambda each: _(each.label),
        key=_KEY, required=True, label_visibility="collapsed", on_change=_changed,
    )  # fmt: skip
    found = months_of(chosen)
    return found.since, found.until


def _changed() -> None:
    st.query_params[_NAME] = st.session_state[_KEY].value
