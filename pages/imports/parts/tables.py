"""Tables of an import: what is wrong, what will change."""

from pathlib import PurePath

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.importing import ImportRun
from services.actor import Actor
from services.exporting import XLSX_TYPE
from services.importing import runs
from services.importing.findings import SHOWN_PROBLEMS


def offer_problems(actor: Actor, run: ImportRun) -> None:
    """Offer the workbook of the bad rows."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        told = _("{count} rows cannot be imported. Download them, correct the marked cells, upload the file as it is.")
        st.markdown(told.format(count=format_number(run.rows_bad)), width="stretch")
        st.download_button(
            _("Download rows to correct"), lambda: runs.problems_file(actor, run.pk), key="problems_file",
            file_name=_("{name} to correct.xlsx").format(name=PurePath(run.file_name).stem), mime=XLSX_TYPE,
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def show_problems(actor: Actor, run: ImportRun) -> None:
    """Show each problem with row, column, value and reason."""
    found = runs.problems(actor, run.pk)
    st.dataframe(
        [
            {
                _("Row"): each.row_number,
                _("Column"): each.column,
                _("Cell"): each.value,
                _("What is wrong"): each.reason,
            }
            for each in found
        ],
        hide_index=True,
        column_config={
            _("Row"): st.column_config.NumberColumn(width=70, format="%d"),
            _("What is wrong"): st.column_config.TextColumn(width=520),
        },
    )
    if len(found) >= SHOWN_PROBLEMS:
        st.caption(_("These are the first {count}; the file to correct holds all.").format(count=len(found)))


def show_preview(run: ImportRun) -> None:
    """Show the first rows that will be added or changed, with the fields that change."""
    kinds = {"new": _("New"), "changed": _("Changed")}
    rows = [
        {
            _("Row"): each["number"],
            _("What happens"): kinds[each["kind"]],
            _("Entry"): each["name"],
            _("Fields"): _("; ").join(_told(*field) for field in each["fields"]),
        }
        for each in sorted(run.preview, key=lambda each: (each["kind"], each["number"]))
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            _("Row"): st.column_config.NumberColumn(width=70, format="%d"),
            _("What happens"): st.column_config.TextColumn(width=80),
            _("Fields"): st.column_config.TextColumn(width="large"),
        },
    )
    if run.rows_new + run.rows_changed > len(rows):
        st.caption(_("The first {count} are shown.").format(count=len(rows)))


def _told(label: str, before: str, after: str) -> str:
    template = _("{field}: {before} → {after}") if before else _("{field}: {after}")
    return template.format(field=label, before=before, after=after or _("(empty)"))
