import streamlit as st

from core.i18n import gettext as _
from core.settings import settings
from pages.common import deed, ui
from pages.common.links import go
from pages.imports.parts.steps import show_steps
from pages.shell.session import current_actor
from services.actor import Actor
from services.exporting import XLSX_TYPE
from services.importing import runs
from services.importing.importer import Importer
from services.importing.registry import importable
from services.importing.templates import template

_ENDINGS = ["xlsx", "xls", "xlsb", "xlsm", "ods", "csv", "txt"]


def page() -> None:
    """Ask what is to be imported and take the file."""
    actor = current_actor()
    with ui.header(_("Import"), _("From Excel or CSV; nothing is stored before you have seen what will change.")):
        if st.button(_("Earlier imports"), key="history", icon=":material/history:"):
            go("imports/history.py")
    show_steps(1)
    importers = {importer.entity.key: importer for importer in importable(actor)}
    key = st.pills(
        _("What does the file hold?"), list(importers), default=next(iter(importers)), key="entity",
        format_func=lambda each: _(importers[each].entity.labels),
    )  # fmt: skip
    if key is None:
        st.caption(_("Choose what the file holds."))
        return
    with st.container(border=True):
        _take(actor, key)
    _offer_template(actor, importers[key])


def _take(actor: Actor, key: str) -> None:
    label = _("The file: .xlsx, .xls, .xlsb, .ods or .csv, up to {limit} MB").format(limit=settings().max_upload_mb)
    uploaded = st.file_uploader(label, type=_ENDINGS, key=f"file_{key}", max_upload_size=settings().max_upload_mb)
    if uploaded is None:
        return
    with ui.told(), st.spinner(_("Reading the file …")):
        deed.once(
            uploaded.file_id,
            lambda: runs.upload(actor, key, uploaded.name, uploaded),
            leave=lambda run_id: go("imports/run.py", run=run_id),
        )


def _offer_template(actor: Actor, importer: Importer) -> None:
    name = _(importer.entity.labels)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download the template"), lambda: template(actor, importer.entity.key), key="template",
            file_name=_("{name} template.xlsx").format(name=name), mime=XLSX_TYPE, icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
        st.caption(
            _("Any table will do: titles are recognised below title rows, and you match what is not recognised."),
            width="stretch",
        )


page()
