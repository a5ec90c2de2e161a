"""The settings of bulletins in a dialog."""

from typing import Any

import streamlit as st

from core.i18n import gettext as _
from pages.common import fields, ui
from services.actor import Actor
from services.bulletin import configuring

_OPEN = "bulletin_settings"


def button(actor: Actor) -> None:
    """Show the button that opens the settings, and them while they are open."""
    if st.button(_("Settings"), key="settings", icon=":material/tune:"):
        st.session_state[_OPEN] = True
    if st.session_state.get(_OPEN):
        st.dialog(_("Settings of bulletins"), width="medium", on_dismiss=_close)(_form)(actor)


def _form(actor: Actor) -> None:
    st.caption(_("They hold for bulletins built from now on; build a draft anew to apply them to it."))
    places: fields.Slots = {}
    with st.grid(columns=2, min_column_width=260):
        given: dict[str, Any] = {}
        present = configuring.in_force(actor)
        for spec in configuring.specs():
            with st.container(gap=None):
                given |= fields.inputs([spec], present, prefix="bulletin_settings", slots=places)
    if st.button(_("Save"), key="bulletin_settings_save", type="primary", width="stretch"):
        with ui.told(places):
            configuring.change(actor, given)
            _close()
            ui.flash(_("Saved."))
            st.rerun()


def _close() -> None:
    st.session_state.pop(_OPEN, None)
