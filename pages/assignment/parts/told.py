"""After a batch was assigned: telling what became of it, and beginning anew."""

import streamlit as st

from core.i18n import gettext as _
from pages.common.choosing import choose_none
from pages.common.ui import flash, plain
from services.assignment import Outcome

TARGETS, PEOPLE = "targets", "people"
"""The tables in which enterprises and members are chosen."""
_TAKEN = "assign_taken"


def tell_outcome(outcome: Outcome) -> None:
    """Say at the next run how many were assigned and which ones somebody else had first; choose nothing any more."""
    if outcome.visit_ids:
        flash(_("{count} assigned.").format(count=len(outcome.visit_ids)))
    st.session_state[_TAKEN] = outcome.taken
    choose_none(TARGETS)
    choose_none(PEOPLE)


def show_taken() -> None:
    """Show which enterprises somebody else was quicker with."""
    if taken := st.session_state.pop(_TAKEN, []):
        line = _("{enterprise}: already with {name}")
        lines = [line.format(enterprise=plain(each.enterprise), name=plain(each.assignee)) for each in taken]
        intro = _("Somebody else was quicker; these stay as they are:")
        st.warning("\n".join([intro, "", *(f"- {each}" for each in lines)]), icon=":material/group:")
