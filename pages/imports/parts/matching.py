"""Step 2: which column of the file feeds which field."""

import streamlit as st

from core.i18n import gettext as _
from models.importing import ImportRun
from pages.common import ui
from services.actor import Actor
from services.importing import header, runs
from services.importing.runs import Layout


def show_matching(actor: Actor, run: ImportRun) -> None:
    """Show the titles of the file with samples below, each beside the field it feeds."""
    with ui.told():
        _match(actor, run)


def _match(actor: Actor, run: ImportRun) -> None:
    with st.spinner(_("Reading the file …")):
        found = _layout(actor, run)
    if not found.titles:
        st.warning(_("No titles were found. Say in which row they are."), icon=":material/table_rows:")
        return
    if found.remembered:
        st.caption(_(":material/bookmark: A file with these titles was imported before; its matches are taken over."))
    mapping = _choices(run, found)
    _warn_of_missing(found, mapping)
    clear = st.checkbox(
        _("An empty cell empties the field"), run.clear_empty, key=f"clear_{run.pk}",
        help=_("Otherwise the value that is there already stays."),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(_("Check the file"), key="check", type="primary", icon=":material/fact_check:"):
            runs.check(
                actor, run.pk, sheet=found.sheet, header_row=found.header_row, mapping=mapping, clear_empty=clear
            )
            st.session_state.pop(f"rematch_{run.pk}", None)
            st.rerun()
        if st.button(_("Cancel"), key="cancel", type="tertiary"):
            runs.cancel(actor, run.pk)
            st.rerun()


def _layout(actor: Actor, run: ImportRun) -> Layout:
    first = runs.layout(actor, run.pk)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sheet = first.sheet
        if len(first.sheets) > 1:
            sheet = st.selectbox(
                _("Sheet"), first.sheets, first.sheets.index(first.sheet), key=f"sheet_{run.pk}", width=280
            )
        found = first if sheet == first.sheet else runs.layout(actor, run.pk, sheet=sheet, header_row=0)
        line = st.number_input(
            _("The titles are in row"), 1, header.SAMPLE_ROWS, max(found.header_row, 1), width=180,
            key=f"line_{run.pk}_{sheet}",
        )  # fmt: skip
    return found if line == found.header_row else runs.layout(actor, run.pk, sheet=sheet, header_row=int(line))


def _choices(run: ImportRun, found: Layout) -> dict[str, str]:
    labels = {spec.key: _(spec.label) + (" *" if spec.required else "") for spec in found.specs}
    options = ["", *labels]
    chosen: dict[str, str] = {}
    with st.grid(columns=3, min_column_width=240):
        for place, title in enumerate(found.titles):
            if not title or header.is_ours(title):
                continue
            present = found.mapping.get(title, "")
            with st.container(border=True, gap="small"):
                key = st.selectbox(
                    f"**{ui.plain(title)}**", options, options.index(present),
                    lambda each: labels.get(each, _("— not imported —")),
                    key=f"map_{run.pk}_{found.sheet}_{found.header_row}_{place}",
                )  # fmt: skip
                st.caption(ui.plain(_(", ").join(sample[:24] for sample in found.sample[title][:2]) or _("(empty)")))
            if key:
                chosen[title] = key
    return chosen


def _warn_of_missing(found: Layout, mapping: dict[str, str]) -> None:
    if missing := found.missing(mapping):
        names = _(", ").join(_(spec.label) for spec in missing)
        told = _("No column is matched with: {fields}. Entries that are there can be changed, but none can be added.")
        st.warning(told.format(fields=names), icon=":material/warning:")
