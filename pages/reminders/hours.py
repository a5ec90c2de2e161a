from datetime import time

import streamlit as st

from core.i18n import gettext as _
from pages.common import fields, ui
from pages.common.began import Began
from pages.reminders.parts import slots
from pages.shell.session import current_actor
from services.actor import Actor
from services.reminders import hours
from services.reminders.hours import Hours


def page() -> None:
    """Keep when reminders that are not urgent go out."""
    actor = current_actor()
    ui.header(
        _("Reminder hours"),
        _(
            "What came due since the last time goes to each person as one message. "
            "Urgent reminders go out at once, by themselves."
        ),
    )
    began = Began("hours", vars(hours.in_force(actor)), first="quiet_from")
    present = Hours(**began.values)
    places: fields.Slots = {}
    left, right = st.columns(2, gap="large")
    with left:
        given = _form(present, began.prefix, places)
        pressed = st.button(_("Save"), key="hours_save", type="primary", icon=":material/check:", width="stretch")
        if began.insisted() or pressed:
            _save(actor, given, places, began)
        began.notice()
    with right:
        slots.coming(actor, given)


def _form(present: Hours, prefix: str, places: fields.Slots) -> Hours:
    with st.container(border=True):
        times = slots.inputs(present.slots, prefix=prefix)
        places["slots"] = st.empty()
    with st.container(border=True):
        quiet_from, quiet_until = _quiet(present, prefix)
        st.caption(_("Nothing but urgent reminders goes out then. Twice the same time: no quiet hours."))
        on_days_off = st.toggle(_("Also on weekends and holidays"), present.on_days_off, key=f"{prefix}_days_off")
    return Hours(times, quiet_from, quiet_until, on_days_off)


def _quiet(present: Hours, prefix: str) -> tuple[time, time]:
    st.markdown(f"**{_('Quiet hours')}**")
    left, right = st.columns(2)
    return (
        left.time_input(_("Quiet from"), present.quiet_from, key=f"{prefix}_quiet_from", step=900),
        right.time_input(_("Quiet until"), present.quiet_until, key=f"{prefix}_quiet_until", step=900),
    )


def _save(actor: Actor, given: Hours, places: fields.Slots, began: Began) -> None:
    with ui.told(places), began.saving():
        hours.change(actor, given, seen=Hours(**began.values))
        began.renew()
        ui.flash(_("Saved. Planned reminders follow within a minute."))
        st.rerun()


page()
