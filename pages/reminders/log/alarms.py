"""What keeps reminders from getting out, with what to do, above every page of an administrator."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import gettext as _
from pages.reminders.log.style import lasting
from services.actor import Actor
from services.delivery_log import pulse
from services.delivery_log.pulse import ADVICE, Alarm


def banner(actor: Actor) -> None:
    """Warn an administrator above whatever page it is; nobody else is shown or told anything."""
    if found := pulse.alarms(actor):
        st.error(_told(found), icon=":material/notifications_off:")


def _told(found: Sequence[Alarm]) -> str:
    """Return in Markdown what is wrong, then what to do about the cause: the first of it."""
    wrong = [f"**{_(each.trouble.label).format(time=lasting(each.seconds))}**" for each in found]
    return "  \n".join([*wrong, _(ADVICE[found[0].trouble])])
