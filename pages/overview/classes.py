"""The page of the classes of issues."""

from functools import partial

import streamlit as st

from core.i18n import format_number, in_locale, ngettext
from core.i18n import gettext as _
from models.issue_class import RULED_STATES, ClassState
from pages.common import address, paging, ui
from pages.common.links import go
from pages.overview.parts.class_cards import card, counted, suggestion
from pages.shell.session import current_actor
from services import classes, exporting
from services.actor import Actor
from services.classes import Shown
from services.permissions import Action, allows

_PAGE_SIZE, _PAGE = 10, "class_page"
_ALL = "all"
_FIRST = 3
"""How many suggestions are shown at once."""


def page() -> None:
    """Show which needs many enterprises share, what was changed against each, and what that has brought."""
    actor = current_actor()
    with ui.header(_("Classes of issues"), _("From one need to its kind: one measure for all who have it.")):
        _buttons(actor)
    if allows(actor, Action.CLASS_EDIT):
        _suggestions(actor)
    _confirmed(classes.every(actor, *RULED_STATES))
    if allows(actor, Action.CLASS_EDIT):
        _dismissed(classes.every(actor, ClassState.DISMISSED))


def _confirmed(found: list[Shown]) -> None:
    if not found:
        ui.empty(_("No class is confirmed yet"), _("A coordinator confirms what is suggested."), icon="category")
        return
    _figures(found)
    chosen = _chosen(found)
    _cards([each for each in found if chosen in {_ALL, each.row.state.value}])


def _buttons(actor: Actor) -> None:
    st.download_button(
        _("Export as Excel"), partial(_file, actor), key="export", icon=":material/download:",
        file_name=f"{_('Classes of issues')}.xlsx", mime=exporting.XLSX_TYPE, on_click="ignore",
    )  # fmt: skip
    if allows(actor, Action.CLASS_EDIT) and st.button(
        _("Look for classes"), key="suggest", icon=":material/manage_search:",
        help=_("Done every night too: looks for needs that several enterprises have worded alike"),
    ):  # fmt: skip
        with ui.told(), st.spinner(_("Comparing what enterprises said…")):
            count = classes.suggest(actor)
            new = ngettext("{count} new suggestion.", "{count} new suggestions.", count)
            ui.flash(new.format(count=count) if count else _("Nothing new to suggest."))
            st.rerun()


def _suggestions(actor: Actor) -> None:
    found = classes.every(actor, ClassState.SUGGESTED)
    if not found:
        return
    st.subheader(_("Suggested: is this one class?"), anchor=False)
    _suggested(actor, found[:_FIRST])
    if others := found[_FIRST:]:
        with st.expander(_("{count} more suggestions").format(count=len(others))):
            _suggested(actor, others)
    st.subheader(_("Confirmed classes"), anchor=False)


def _suggested(actor: Actor, found: list[Shown]) -> None:
    with st.grid(columns=3, min_column_width=300):
        for shown in found:
            suggestion(actor, shown)


def _dismissed(found: list[Shown]) -> None:
    """Show what was said to be no class, for whoever thinks better of it."""
    if not found:
        return
    with st.expander(f"{_(ClassState.DISMISSED.label)} {format_number(len(found))}"):
        for shown in found:
            label = ui.plain(f"{shown.row.title} · {counted(shown)}")
            if st.button(label, key=f"class_{shown.row.pk}", type="tertiary"):
                go("overview/one_class.py", id=shown.row.pk)


def _figures(found: list[Shown]) -> None:
    in_force = [each for each in found if each.row.in_force_on]
    fewer = [each for each in in_force if each.effect and each.effect.verdict is classes.Verdict.FELL]
    ui.figures([
        ui.Figure(_("Classes"), format_number(len(found))),
        ui.Figure(_("Measures in force"), format_number(len(in_force))),
        ui.Figure(
            _("Shown to work"), format_number(len(fewer)), _("Fewer issues since, by more than chance explains")
        ),
        ui.Figure(_("Issues in them"), format_number(sum(each.issues for each in found))),
    ])  # fmt: skip


def _chosen(found: list[Shown]) -> str:
    counts = {state: sum(each.row.state is state for each in found) for state in RULED_STATES}
    options = {_ALL: f"{_('All')} {len(found)}"} | {
        state.value: f"{_(state.label)} {count}" for state, count in counts.items() if count
    }
    return address.switch("show", options, _("Which classes"))


def _cards(found: list[Shown]) -> None:
    number = paging.page_of(_PAGE, len(found), _PAGE_SIZE)
    with st.grid(columns=2, min_column_width=320):
        for shown in found[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]:
            card(shown)
    paging.turn(_PAGE, len(found), _PAGE_SIZE)


def _file(actor: Actor) -> bytes:
    with in_locale(actor.locale):  # Streamlit asks for the file outside the page's run
        return classes.workbook(actor)


page()
