"""The conversation of those who work on an issue."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from models.lifecycle import Verb
from pages.common import fields, ui
from pages.issues.parts import pressed
from pages.issues.parts.actions import ask, tell
from services.actor import Actor
from services.issues import telling
from services.issues.reading import Shown


def conversation(actor: Actor, shown: Shown) -> None:
    """Show what was said, and a place to say something."""
    said, may = shown.conversation, Verb.COMMENT in shown.allowed
    if not said and not may:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Conversation')}**")
        for event in said:
            st.markdown(
                f":small[:gray[{ui.plain(telling.who(event, shown.names))} · {format_moment(event.at)}]]  \n"
                f"{ui.plain(event.reason)}"
            )
        if may:
            _write(actor, shown)


def _write(actor: Actor, shown: Shown) -> None:
    slots: fields.Slots = {}
    with st.form("form_comment", border=False, enter_to_submit=False):
        ask(actor, shown, Verb.COMMENT, slots)
        st.form_submit_button(
            _("Send"), key="submit_comment", icon=":material/send:", on_click=pressed.press,
            args=(shown.id, Verb.COMMENT, shown.issue.version),
        )  # fmt: skip
    tell(shown, pressed.problem_of(shown.id, Verb.COMMENT), slots)
