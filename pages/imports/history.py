import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import sheets, ui
from pages.common.links import go
from pages.shell.session import current_actor
from services.importing import runs
from services.importing.registry import importer_of
from services.importing.runs import Entry


def page() -> None:
    """Show the imports one may see, the newest first."""
    actor = current_actor()
    with ui.header(_("Earlier imports"), _("Select one to see what came of it.")):
        if st.button(_("Import a file"), key="start", type="primary", icon=":material/upload_file:"):
            go("imports/start.py")
    found = runs.history(actor)
    if not found:
        ui.empty(_("Nothing has been imported yet"), _("Begin with “Import a file”."), icon="upload_file")
        return
    rows = [_row(entry) for entry in found]
    sheets.excel_button("runs", _("Earlier imports"), {name: name for name in rows[0]}, rows)
    chosen = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="runs"
    ).selection.rows
    if chosen:
        go("imports/run.py", run=found[chosen[0]].run.pk)


def _row(entry: Entry) -> dict[str, object]:
    run = entry.run
    return {
        _("File name"): run.file_name,
        _("Content"): _(importer_of(run.entity).entity.labels),
        _("State"): _(run.state.label),
        _("New"): run.rows_new,
        _("Changed"): run.rows_changed,
        _("With errors"): run.rows_bad,
        _("Started by"): entry.starter,
        _("Started at"): format_moment(run.created_at),
    }


page()
