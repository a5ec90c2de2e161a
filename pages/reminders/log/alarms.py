"""What keeps reminders from getting out, as a sentence with what to do."""

import streamlit as st

from core.i18n import gettext as _
from services.actor import Actor
from services.delivery_log import pulse
from services.delivery_log.pulse import ADVICE, Alarm


def banner(actor: Actor) -> None:
    """Warn an administrator above whatever page it is; nobody else is shown or told anything."""
    for alarm in pulse.alarms(actor):
        st.error(sentence(alarm), icon=":material/notifications_off:")


def sentence(alarm: Alarm) -> str:
    """Return an alarm in Markdown: what is wrong, then what to do."""
    wrong = _(alarm.trouble.label).format(minutes=alarm.minutes)
    return f"**{wrong}**  \n{_(ADVICE[alarm.trouble])}"
