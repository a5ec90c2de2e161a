"""Forms of the rules of counting: office hours, and what a receipt starts with."""

from datetime import time

import streamlit as st

from core.i18n import gettext as _
from models.worktime import Calendar, Convention, LateReceipt, OpenHours
from pages.admin.counting import review
from pages.common import fields
from pages.common.options import apart
from services.actor import Actor
from services.counting import ConventionChange, HoursChange

_MOST = 4
_PARTS = "counting_parts"


def office_hours(actor: Actor, calendar: Calendar) -> None:
    """Show the form of the office hours."""
    parts = st.session_state.setdefault(_PARTS, len(calendar.hours))
    slots: fields.Slots = {}
    with st.container(border=True):
        st.markdown(f"**{_('Office hours')}**")
        st.caption(
            _("The same on every working day. A limit in days ends with the last hour, minutes count within them.")
        )
        hours = [_part(number, calendar) for number in range(parts)]
        slots["hours"] = st.empty()
        with st.container(horizontal=True):
            if st.button(_("Preview"), key="counting_hours", type="primary"):
                review.ask(actor, HoursChange(tuple(hours)), slots)
            if parts < _MOST and st.button(_("One more period"), key="counting_more", type="tertiary"):
                st.session_state[_PARTS] = parts + 1
                st.rerun()
            if parts > 1 and st.button(_("One period less"), key="counting_less", type="tertiary"):
                st.session_state[_PARTS] = parts - 1
                st.rerun()


def convention(actor: Actor, calendar: Calendar) -> None:
    """Show the form of the convention."""
    with st.container(border=True):
        st.markdown(f"**{_('What counting starts with')}**")
        receipt = {False: _("does not count: the next working day is day 1"), True: _("counts")}
        counts = st.radio(
            _("Day of receipt"), list(receipt), index=int(calendar.convention.receipt_counts), key="counting_receipt",
            format_func=apart(receipt),
        )  # fmt: skip
        kinds = {each.value: _(each.label) for each in LateReceipt}
        late = st.radio(
            _("Received after office hours or on a day off"), list(kinds), key="counting_late",
            index=list(kinds).index(calendar.convention.late), format_func=apart(kinds),
        )  # fmt: skip
        if st.button(_("Preview"), key="counting_convention", type="primary"):
            review.ask(actor, ConventionChange(Convention(counts, LateReceipt.of(str(late)))))


def _part(number: int, calendar: Calendar) -> OpenHours:
    given = calendar.hours[number] if number < len(calendar.hours) else OpenHours(time(18), time(20))
    left, right = st.columns(2)
    opens = left.time_input(_("Opens"), given.opens, key=f"counting_opens_{number}", step=900)
    closes = right.time_input(_("Closes"), given.closes, key=f"counting_closes_{number}", step=900)
    return OpenHours(opens, closes)
