"""Steps 3 and 4 while a worker has the run in hand."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import format_number, set_locale
from core.i18n import gettext as _
from models.importing import AT_WORK, ImportRun, ImportState
from pages.common import ui
from pages.shell.session import current_actor
from services.importing import runs

_PATIENCE = timedelta(seconds=30)


def show_progress(run: ImportRun) -> None:
    """Show how far the worker is, until it is done."""
    _poll(run.pk, run.state)
    if st.button(_("Stop"), key="stop", icon=":material/stop_circle:"):
        with ui.told():
            runs.cancel(current_actor(), run.pk)
            st.rerun()


@st.fragment(run_every="2s")
def _poll(run_id: int, state: ImportState) -> None:
    actor = current_actor()
    set_locale(actor.locale)  # a fragment runs without the script around it
    run = runs.get(actor, run_id)
    if run.state is not state or run.state not in AT_WORK:
        st.rerun()
    verb = _("Checking the rows") if state is ImportState.CHECKING else _("Importing the rows")
    told = _("{verb}: {done} of {total}").format(
        verb=verb, done=format_number(run.rows_read), total=format_number(run.rows_total)
    )
    share = min(run.rows_read / run.rows_total, 1.0) if run.rows_total else 0.0
    st.progress(share, told if run.rows_total else verb)
    if run.attempts == 0 and clock.now() - run.updated_at > _PATIENCE:
        st.warning(
            _("No worker has begun yet. It will begin as soon as one runs; if this stays, tell your administrator."),
            icon=":material/hourglass_disabled:",
        )
    else:
        st.caption(_("You may leave this page; the work goes on and you find it under “Earlier imports”."))
