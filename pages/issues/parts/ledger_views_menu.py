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


def saved_views(actor: Actor, specs: Sequence[FieldSpec]) -> None:
    """Show the menu of saved views; its button names the one that is open."""
    views = ledger_views.saved(actor)
    stands = ledger_address.standing(specs)
    opened = next((view for view in views if view.query == stands), None)
    label = opened.name if opened else _("My views")
    with st.popover(label, icon=":material/bookmark:", type="tertiary", key="ledger_views"):
        if not views:
            st.caption(_("Search and filter, then keep what you ask under a name. Only you see your views."))
        for view in views:
            _line(actor, view)
        _save(actor, specs)


def _line(actor: Actor, view: SavedView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            ui.plain(view.name), key=f"ledger_view_{view.view_id}", width="stretch", type="tertiary",
            icon=":material/bookmark:", on_click=ledger_address.ask, args=(view.query,),
        )  # fmt: skip
        if st.button(_("Change"), key=f"ledger_view_edit_{view.view_id}", type="tertiary", icon=":material/edit:"):
            _edit(actor, view)


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
        ui.flash(_("Saved: {name}").format(name=name))
        st.rerun()


def _edit(actor: Actor, view: SavedView) -> None:
    @st.dialog(_("Change the view"), icon=":material/bookmark:")
    def dialog() -> None:
        name = st.text_input(_("Name"), view.name, key="ledger_view_rename", max_chars=NAME_LENGTH)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            renamed = st.button(_("Save"), key="ledger_view_renamed", type="primary")
            gone = st.button(_("Delete"), key="ledger_view_deleted", icon=":material/delete:")
        with told():
            if renamed:
                ledger_views.rename(actor, view.view_id, name or "")
                st.rerun()
            if gone:
                ledger_views.delete(actor, view.view_id)
                ui.flash(_("Deleted: {name}").format(name=view.name))
                st.rerun()

    dialog()
