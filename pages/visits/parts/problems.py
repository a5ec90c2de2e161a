"""Messages at the fields they are about."""

import streamlit as st

from core.i18n import gettext as _
from pages.common.ui import plain
from pages.visits.parts.state import Entry


def problem(entry: Entry, field: str) -> None:
    """Show what the last hand-in found wrong with a field, right below it."""
    if message := entry.problems.get(field):
        st.markdown(f":red[:material/error: {plain(message)}]")


def problem_summary(entry: Entry) -> None:
    """Say how many fields need attention, at the button that was pressed."""
    if entry.problems:
        count = _("Not handed in yet: {count} fields are marked in red above.").format(count=len(entry.problems))
        st.error(count, icon=":material/error:")
