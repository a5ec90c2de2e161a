"""The settings of bulletins in a dialog."""

from typing import Any

import streamlit as st

from core.i18n import gettext as _
from pages.common import fields, ui
from pages.common.began import Began
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
    began = Began("bulletin_settings", configuring.in_force(actor), first="build_day")
    with st.grid(columns=2, min_column_width=260):
        given: dict[str, Any] = {}
        for spec in configuring.specs():
            with st.container(gap=None):
                given |= fields.inputs([spec], began.values, prefix=began.prefix, slots=places)
    pressed = st.button(_("Save"), key="bulletin_settings_save", type="primary", width="stretch")
    if began.insisted() or pressed:
        with ui.told(places), began.saving():
            configuring.change(actor, given, seen=began.values)
            began.renew()
            _close()
            ui.flash(_("Saved."))
            st.rerun()
    began.notice(configuring.specs())


def _close() -> None:
    st.session_state.pop(_OPEN, None)
