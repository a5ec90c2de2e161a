"""The person's saved views of the ledger: open, save, rename, delete."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldSpec
from pages.common import ui
from pages.issues.parts import ledger_address
from pages.shell.errors import told
from services.actor import Actor
from services.issues import ledger_views
from services.issues.ledger_views import NAME_LENGTH, SavedView

_EDITING = "ledger_view_editing"


def saved_views(actor: Actor, specs: Sequence[FieldSpec]) -> None:
    """Show the menu of saved views; its button names the one that is open."""
    views = ledger_views.saved(actor)
    stands = ledger_address.standing(specs)
    opened = next((view for view in views if view.query == stands), None)
    label = ui.plain(opened.name) if opened else _("My views")
    with st.popover(label, icon=":material/bookmark:", type="tertiary", key="ledger_views"):
        if not views:
            st.caption(_("Search and filter, then keep what you ask under a name. Only you see your views."))
        for view in views:
            _line(view)
            if st.session_state.get(_EDITING) == view.view_id:
                _edit(actor, view)
        _save(actor, specs)


def _line(view: SavedView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            ui.plain(view.name), key=f"ledger_view_{view.view_id}", width="stretch", type="tertiary",
            icon=":material/bookmark:", on_click=ledger_address.ask, args=(view.query,),
        )  # fmt: skip
        st.button(
            _("Change"), key=f"ledger_view_edit_{view.view_id}", type="tertiary", icon=":material/edit:",
            on_click=_edit_or_not, args=(view.view_id,),
        )  # fmt: skip


def _edit_or_not(view_id: int) -> None:
    """Show or hide what changes a view: in place, for a dialog would lie below the open menu."""
    present = st.session_state.pop(_EDITING, None)
    if present != view_id:
        st.session_state[_EDITING] = view_id


def _edit(actor: Actor, view: SavedView) -> None:
    with st.container(border=True, gap="small"):
        name = st.text_input(_("Name"), view.name, key=f"ledger_view_name_{view.view_id}", max_chars=NAME_LENGTH)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            renamed = st.button(_("Save"), key="ledger_view_renamed", type="primary")
            gone = st.button(_("Delete"), key="ledger_view_deleted", icon=":material/delete:")
        with told():
            if renamed:
                ledger_views.rename(actor, view.view_id, name or "")
            if gone:
                ledger_views.delete(actor, view.view_id)
                ui.flash(_("Deleted: {name}").format(name=ui.plain(view.name)))
            if renamed or gone:
                st.session_state.pop(_EDITING, None)
                st.rerun()


def _save(actor: Actor, specs: Sequence[FieldSpec]) -> None:
    with st.form("ledger_view_new", border=False, clear_on_submit=True):
        name = st.text_input(
            _("Save what is shown as"), key="ledger_view_name", max_chars=NAME_LENGTH,
            placeholder=_("For example: overdue in my streets"),
        )  # fmt: skip
        pressed = st.form_submit_button(_("Save view"), icon=":material/bookmark_add:", width="stretch")
    if not pressed:
        return
    with told():
        ledger_views.save(actor, name or "", ledger_address.standing(specs))
        ui.flash(_("Saved: {name}").format(name=ui.plain(name or "")))
        st.rerun()
