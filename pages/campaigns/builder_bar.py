"""The bar above the form builder: saved or not, what is wrong, save and discard."""

import streamlit as st

from core.errors import ConflictError
from core.i18n import gettext as _
from core.i18n import ngettext
from pages.campaigns.builder_state import BuilderState
from pages.common import ui
from services.actor import Actor
from services.campaigns import forms
from services.campaigns.forms import Draft


def bar(actor: Actor, campaign_id: int, draft: Draft) -> None:
    """Show how the draft stands and the buttons that save or discard it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(_standing(draft), width="content")
        with st.container(horizontal=True, width="content", horizontal_alignment="right"):
            question = _("Your changes are dropped and the saved form is shown again.")
            if draft.changed and ui.confirm(_("Discard"), question, key="discard", icon=":material/undo:"):
                with ui.told():
                    _begin_anew(actor, campaign_id)
                    st.rerun()
            if st.button(
                _("Save the form"),
                key="save_form",
                type="primary",
                icon=":material/save:",
                disabled=not draft.changed or bool(draft.problems),
            ):
                _save(actor, campaign_id)
    for message in draft.problems.get("", []):
        st.error(message, icon=":material/error:")
    if draft.in_use and draft.changed:
        text = _("Visits were recorded on version {version}; saving makes version {next}. Old records keep theirs.")
        st.caption(text.format(version=draft.version, next=draft.version + 1))


def overtaken(actor: Actor, campaign_id: int) -> None:
    """Say that somebody saved the form in between, and let the person decide whose stays."""
    with st.container(border=True, key="overtaken"):
        text = _("Somebody else saved this form while you were editing it. What you see is yours and is not saved yet.")
        st.warning(text, icon=":material/group:")
        with st.container(horizontal=True):
            if st.button(_("Drop mine, show theirs"), key="take_theirs", icon=":material/visibility:"):
                with ui.told():
                    _begin_anew(actor, campaign_id)
                    st.rerun()
            if st.button(_("Save mine in its place"), key="keep_mine", icon=":material/save:"):
                _save(actor, campaign_id, over_theirs=True)


def _standing(draft: Draft) -> str:
    wrong = len([key for key in draft.problems if key])
    if wrong:
        text = ngettext("{count} question needs attention", "{count} questions need attention", wrong)
        return f":red[:material/error: {text.format(count=wrong)}]"
    if draft.changed:
        return f":orange[:material/edit: {_('Kept as your draft, not in force yet')}]"
    if draft.version:
        return f":green[:material/check_circle: {_('Version {version} is in force').format(version=draft.version)}]"
    return f":gray[{_('No form yet')}]"


def _save(actor: Actor, campaign_id: int, *, over_theirs: bool = False) -> None:
    with ui.told():
        try:
            version = forms.save(actor, campaign_id, over_theirs=over_theirs)
        except ConflictError as problem:
            ui.flash(str(problem), icon=":material/group:")
            st.rerun()
        ui.flash(_("Version {version} is in force").format(version=version))
        BuilderState(campaign_id).opened = ""
        st.rerun()


def _begin_anew(actor: Actor, campaign_id: int) -> None:
    forms.discard(actor, campaign_id)
    BuilderState(campaign_id).renew()
