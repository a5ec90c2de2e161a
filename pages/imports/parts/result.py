"""Step 3: what the check found, and what is to be done about it."""

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.importing import ImportRun
from pages.common import ui
from pages.imports.parts.questions import show_questions
from pages.imports.parts.tables import offer_problems, show_preview, show_problems
from services.actor import Actor
from services.importing import runs


def show_result(actor: Actor, run: ImportRun) -> None:
    """Show the counts, what is wrong, what will change, and the button that imports."""
    show_counts(run)
    if run.rows_bad:
        offer_problems(actor, run)
    _buttons(actor, run)
    titles = [
        title
        for title, count in (
            (_("To be corrected"), run.rows_bad),
            (_("Perhaps there already"), run.rows_asked or len(runs.questions(actor, run.pk))),
            (_("What will change"), run.rows_new + run.rows_changed),
        )
        if count
    ]
    for title, tab in zip(titles, st.tabs(titles) if titles else [], strict=True):
        with tab:
            if title == _("To be corrected"):
                show_problems(actor, run)
            elif title == _("Perhaps there already"):
                show_questions(actor, run)
            else:
                show_preview(run)


def show_counts(run: ImportRun) -> None:
    """Show how many rows there are of each kind."""
    ui.figures(
        [
            ui.Figure(_("New"), format_number(run.rows_new)),
            ui.Figure(_("Changed"), format_number(run.rows_changed)),
            ui.Figure(_("Unchanged"), format_number(run.rows_same)),
            ui.Figure(_("With errors"), format_number(run.rows_bad)),
            *([ui.Figure(_("To be decided"), format_number(run.rows_asked))] if run.rows_asked else []),
            *([ui.Figure(_("Left out"), format_number(run.rows_left_out))] if run.rows_left_out else []),
        ]
    )


def _buttons(actor: Actor, run: ImportRun) -> None:
    partial = bool(run.rows_bad or run.rows_asked)
    good = format_number(run.rows_new + run.rows_changed)
    label = _("Import the {count} good rows only") if partial else _("Import {count} rows")
    with st.container(horizontal=True):
        wanted = st.button(
            label.format(count=good), key="import", type="primary", icon=":material/upload:",
            disabled=not (run.rows_new or run.rows_changed),
        )  # fmt: skip
        if wanted:
            with ui.told():
                runs.confirm(actor, run.pk, good_rows_only=partial)
                st.rerun()
        if st.button(_("Match the columns again"), key="rematch", icon=":material/view_column:"):
            st.session_state[f"rematch_{run.pk}"] = True
            st.rerun()
        if st.button(_("Cancel"), key="cancel", type="tertiary"):
            with ui.told():
                runs.cancel(actor, run.pk)
                st.rerun()
    if partial:
        st.caption(_("All rows or none: correct the file first. Otherwise rows with errors are left out."))
