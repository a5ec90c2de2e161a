"""After a batch was assigned: telling what became of it, and beginning anew."""

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common.choosing import choose_none
from pages.common.ui import flash, plain
from services.assignment import Outcome

TARGETS, PEOPLE = "targets", "people"
"""The tables in which enterprises and members are chosen."""
_LEFT = "assign_left"


def tell_outcome(outcome: Outcome) -> None:
    """Say at the next run how many were assigned and which ones were left as they are; choose nothing any more."""
    if outcome.visit_ids:
        flash(_("{count} assigned.").format(count=len(outcome.visit_ids)))
    st.session_state[_LEFT] = outcome
    choose_none(TARGETS)
    choose_none(PEOPLE)


def show_left() -> None:
    """Show which enterprises somebody else was quicker with, and which need no visit any more."""
    outcome: Outcome | None = st.session_state.pop(_LEFT, None)
    if outcome is None:
        return
    if outcome.taken:
        line = _("{enterprise}: already with {name}")
        lines = [line.format(enterprise=plain(each.enterprise), name=plain(each.assignee)) for each in outcome.taken]
        _warn(_("Somebody else was quicker; these stay as they are:"), lines, icon=":material/group:")
    if outcome.settled:
        intro = _("Visited, taken out of the campaign, closed or moved away meanwhile; not assigned:")
        _warn(intro, [plain(each) for each in outcome.settled], icon=":material/event_available:")


def tell_cut(shown: int, total: int) -> None:
    """Say below a list that it shows the first of more rows; nothing if it shows all."""
    if total > shown:
        text = _("The first {count} are shown; search or choose an area to see others.")
        st.caption(text.format(count=format_number(shown)))


def _warn(intro: str, lines: list[str], *, icon: str) -> None:
    st.warning("\n".join([intro, "", *(f"- {each}" for each in lines)]), icon=icon)
