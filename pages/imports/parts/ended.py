"""Step 4: how it ended, and what to do next."""

import streamlit as st

from core.i18n import gettext as _
from models.importing import ImportRun, ImportState
from pages.common import ui
from pages.common.links import go
from pages.imports.parts.result import show_counts
from pages.imports.parts.tables import offer_problems, show_problems
from services.actor import Actor
from services.importing import runs

_LISTS = {"enterprise": "enterprises/list.py", "contact": "enterprises/list.py", "commitment": "commitments/list.py"}


def show_ended(actor: Actor, run: ImportRun) -> None:
    """Show what came of a run that is over."""
    if run.state is ImportState.DONE:
        _done(actor, run)
    elif run.state is ImportState.FAILED:
        st.error(run.message, icon=":material/error:")
        _again(actor, run)
    else:
        st.info(_("This import was cancelled. Nothing of it was stored."), icon=":material/block:")
    with st.container(horizontal=True):
        if (
            run.state is ImportState.DONE
            and run.entity in _LISTS
            and st.button(_("Show the list"), key="list", icon=":material/list:")
        ):
            go(_LISTS[run.entity])
        if st.button(_("Import another file"), key="another", icon=":material/upload_file:"):
            go("imports/start.py")


def _done(actor: Actor, run: ImportRun) -> None:
    if run.message:
        st.info(run.message, icon=":material/check_circle:")
    else:
        told = _("Imported: {new} new, {changed} changed.").format(new=run.rows_new, changed=run.rows_changed)
        st.success(told, icon=":material/check_circle:")
    show_counts(run)
    if run.rows_bad:
        offer_problems(actor, run)
        show_problems(actor, run)


def _again(actor: Actor, run: ImportRun) -> None:
    with st.container(horizontal=True):
        if run.mapping and st.button(_("Check again"), key="again", type="primary", icon=":material/refresh:"):
            with ui.told():
                runs.check_again(actor, run.pk)
                st.rerun()
        if st.button(_("Match the columns again"), key="rematch", icon=":material/view_column:"):
            st.session_state[f"rematch_{run.pk}"] = True
            st.rerun()
