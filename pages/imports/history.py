import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from services.importing import runs
from services.importing.registry import importer_of
from services.importing.runs import Entry

_OPENED = "opened_run"


def page() -> None:
    """Show the imports one may see, the newest first."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("imports/run.py", run=opened)
    with ui.header(_("Earlier imports"), _("Select one to see what came of it.")):
        if st.button(_("Import a file"), key="start", type="primary", icon=":material/upload_file:"):
            go("imports/start.py")
    found = runs.history(actor)
    if not found:
        ui.empty(_("Nothing has been imported yet"), _("Begin with “Import a file”."), icon="upload_file")
        return
    columns = {
        "file": _("File name"), "content": _("Content"), "state": _("State"), "new": _("New"), "changed": _("Changed"),
        "bad": _("With errors"), "starter": _("Started by"), "started": _("Started at"),
    }  # fmt: skip
    plain_list("runs", columns, [_row(entry) for entry in found], on_open=_open, export=_("Earlier imports"))


def _row(entry: Entry) -> dict[str, object]:
    run = entry.run
    return {
        "id": run.pk,
        "file": run.file_name,
        "content": _(importer_of(run.entity).entity.labels),
        "state": _(run.state.label),
        "new": run.rows_new,
        "changed": run.rows_changed,
        "bad": run.rows_bad,
        "starter": entry.starter,
        "started": format_moment(run.created_at),
    }


def _open(run_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = run_id


page()
