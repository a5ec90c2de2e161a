"""The page of one class of issues."""

import streamlit as st

from core.errors import NotFoundError
from core.i18n import format_number
from core.i18n import gettext as _
from models.issue_class import ClassState, Standing
from pages.common import entity_form, ui
from pages.common.links import number_asked, page_path
from pages.overview.parts import class_cards as cards
from pages.overview.parts.class_effect import effect
from pages.overview.parts.class_issues import issues, offered
from pages.overview.parts.class_rule import confirm_form, controls
from pages.overview.parts.class_tell import tell
from pages.shell.session import current_actor
from services import classes, entities
from services.actor import Actor
from services.classes import CLASSES, Shown
from services.permissions import Action, allows


def page() -> None:
    """Show one class: its issues, the measure against it and who answers for that, and what it has changed."""
    actor = current_actor()
    st.page_link(page_path("overview/classes.py"), label=_("Classes of issues"), icon=":material/arrow_back:")
    shown = _asked(actor)
    if shown is None:
        return
    may_edit = allows(actor, Action.CLASS_EDIT)
    with ui.header(shown.row.title):
        if may_edit:
            controls(actor, shown)
    st.markdown(f"{cards.badges(shown)} &nbsp; :small[:gray[{cards.in_charge(shown)}]]")
    if shown.row.state is ClassState.SUGGESTED:
        confirm_form(actor, shown)
        return
    _measure(shown)
    _figures(shown)
    effect(actor, shown)
    _lists(actor, shown, may_edit=may_edit)
    entity_form.drawer(actor, CLASSES, entities.describe(actor, CLASSES))


def _asked(actor: Actor) -> Shown | None:
    try:
        return classes.get(actor, number_asked("id") or 0)
    except NotFoundError as problem:
        ui.empty(str(problem), _("Choose one from the list."), icon="search_off")
        return None


def _measure(shown: Shown) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f":small[:gray[{_('Reform measure')}]]")
        st.markdown(ui.plain(shown.row.measure) or f":gray[{_('No measure is named yet.')}]")
        if shown.row.conclusion:
            st.markdown(f":small[:gray[{_('Conclusion')}]]  \n{ui.plain(shown.row.conclusion)}")


def _figures(shown: Shown) -> None:
    ui.figures([
        ui.Figure(_("Issues it holds"), format_number(shown.issues), _("All that belong to it, listed below")),
        ui.Figure(_("Enterprises"), format_number(shown.enterprises), _("Who raised them")),
        ui.Figure(_("Not closed yet"), format_number(shown.unsolved)),
        ui.Figure(_("Offered"), format_number(shown.offered), _("Issues as like it that nobody has ruled on")),
    ])  # fmt: skip


def _lists(actor: Actor, shown: Shown, *, may_edit: bool) -> None:
    names = [f"{_('Issues it holds')} {shown.issues}", f"{_('Offered')} {shown.offered}"]
    if shown.row.in_force_on:
        names.append(_("Telling enterprises"))
    tabs = st.tabs(names, key="class_lists")
    with tabs[0]:
        issues(actor, shown, may_edit=may_edit)
    with tabs[1]:
        offered(actor, shown, classes.of_class(actor, shown.row.pk, Standing.OFFERED), may_edit=may_edit)
    for tab in tabs[2:]:
        with tab:
            tell(actor, shown)


page()
