"""Ruling on a class: confirming a suggestion, editing, the day the measure took effect, closing."""

from typing import Any

import streamlit as st

from core import clock
from core.i18n import format_date
from core.i18n import gettext as _
from models.issue_class import ClassState, Standing
from pages.common import entity_form, fields, ui
from pages.common.links import go
from pages.overview.parts.class_cards import counted, dismissal
from pages.overview.parts.class_issues import hidden
from services import classes, entities
from services.actor import Actor
from services.classes import CLASSES, Shown

_FORM, _SHOWN = "class_form", "class_issues_shown"


def controls(actor: Actor, shown: Shown) -> None:
    """Show what can be done with a class in its state."""
    state = shown.row.state
    if state in (ClassState.SUGGESTED, ClassState.CONFIRMED):
        dismissal(actor, shown)
    if state in (ClassState.CONFIRMED, ClassState.IN_FORCE):
        st.button(
            _("Edit"), key="class_edit", icon=":material/edit:", on_click=entity_form.open_row, args=(shown.row.pk,)
        )
        _take_effect(actor, shown)
    if state is ClassState.IN_FORCE:
        _close(actor, shown)
    if state is ClassState.CLOSED and st.button(_("Reopen"), key="reopen", icon=":material/undo:"):
        with ui.told():
            classes.reopen(actor, shown.row.pk)
            st.rerun()
    if state is ClassState.DISMISSED and st.button(_("Suggest again"), key="again", icon=":material/undo:"):
        with ui.told():
            classes.reconsider(actor, shown.row.pk)
            st.rerun()


def confirm_form(actor: Actor, shown: Shown) -> None:
    """Show a suggestion's issues to be ticked, and what a class needs to be confirmed."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{_('Do these have one cause?')}** &nbsp; :small[:gray[{counted(shown)}]]")
        found = classes.of_class(actor, shown.row.pk, Standing.OFFERED)
        hidden(found)
        ticked = {each.id: _tick(each) for each in found.rows}
    with right, st.container(border=True):
        slots: fields.Slots = {}
        entered = _inputs(actor, shown, slots)
        if st.button(
            _("Confirm as a class"), key="confirm", type="primary", width="stretch", icon=":material/check:",
            on_click=_press, args=tuple(ticked),
        ):  # fmt: skip
            ruled = {each: ticked[each] for each in st.session_state[_SHOWN] if each in ticked}
            with ui.told(slots), st.spinner(_("Looking through the ledger of the past year…")):
                classes.confirm(actor, shown.row.pk, entered, ruled)
                ui.flash(_("Confirmed."))
                st.rerun()


def _press(*issue_ids: int) -> None:
    """Remember which issues were shown when the button was pressed: nobody has ruled on what was offered since."""
    st.session_state[_SHOWN] = issue_ids


def _tick(each: classes.Member) -> bool:
    about = f"{each.number} · {each.enterprise} · {format_date(each.registered_at.date())}"
    label = f"{ui.plain(each.text)}  \n:small[:gray[{ui.plain(about)}]]"
    return st.checkbox(label, value=True, key=f"belongs_{each.id}")


def _inputs(actor: Actor, shown: Shown, slots: fields.Slots) -> dict[str, Any]:
    values = shown.row.model_dump()
    described = entities.name_held(actor, CLASSES, entities.describe(actor, CLASSES), values)
    specs = [spec for spec in described.specs if spec.editable]
    prefix = f"{_FORM}_{shown.row.pk}"
    return fields.inputs(specs, values, prefix=prefix, references=described.references, slots=slots)


def _take_effect(actor: Actor, shown: Shown) -> None:
    known = shown.row.in_force_on
    label = _("Correct the day") if known else _("Measure took effect")
    with st.popover(label, icon=":material/flag:", key="effect", type="secondary" if known else "primary"):
        slots: fields.Slots = {}
        today = clock.today()
        day = st.date_input(_("On which day?"), known or today, max_value=today, key="effect_day", format="YYYY-MM-DD")
        slots["day"] = st.empty()
        if st.button(_("Record"), key="effect_yes", type="primary", width="stretch"):
            with ui.told(slots):
                classes.take_effect(actor, shown.row.pk, day)
                ui.flash(_("Recorded. From this day on its effect is measured."))
                st.rerun()


def _close(actor: Actor, shown: Shown) -> None:
    with st.popover(_("Close the class"), icon=":material/task_alt:", key="close"):
        slots: fields.Slots = {}
        conclusion = st.text_area(_("What came of it?"), key="conclusion", max_chars=1000)
        slots["conclusion"] = st.empty()
        if st.button(_("Close the class"), key="close_yes", type="primary", width="stretch"):
            with ui.told(slots):
                classes.close(actor, shown.row.pk, conclusion)
                ui.flash(_("Closed. Its effect goes on being measured."))
                go("overview/one_class.py", id=shown.row.pk)
