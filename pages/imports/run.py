import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from models.importing import AT_WORK, ImportRun, ImportState
from pages.common import ui
from pages.common.links import go, number_asked
from pages.imports.parts.ended import show_ended
from pages.imports.parts.matching import show_matching
from pages.imports.parts.progress import show_progress
from pages.imports.parts.result import show_result
from pages.imports.parts.steps import show_steps, step_of
from pages.shell.session import current_actor
from services.actor import Actor
from services.importing import runs
from services.importing.registry import importer_of


def page() -> None:
    """Show one import, whichever step it has reached."""
    actor = current_actor()
    run = _asked(actor)
    if run is None:
        return
    rematch = bool(st.session_state.get(f"rematch_{run.pk}")) and run.state not in AT_WORK
    name = _(importer_of(run.entity).entity.labels)
    with ui.header(_("Import {name}").format(name=name), run.file_name):
        if st.button(_("Earlier imports"), key="history", icon=":material/history:"):
            go("imports/history.py")
    show_steps(2 if rematch else step_of(run))
    if run.state is ImportState.MAPPING or rematch:
        show_matching(actor, run)
    elif run.state in AT_WORK:
        show_progress(run)
    elif run.state is ImportState.READY:
        show_result(actor, run)
    else:
        show_ended(actor, run)


def _asked(actor: Actor) -> ImportRun | None:
    run_id = number_asked("run")
    try:
        return runs.get(actor, run_id or 0)
    except NotFoundError:
        ui.header(_("Import"))
        with ui.empty(_("This import was not found"), _("It may be somebody else’s."), icon="search_off"):
            if st.button(_("Import a file"), key="start", type="primary"):
                go("imports/start.py")
        return None


page()
