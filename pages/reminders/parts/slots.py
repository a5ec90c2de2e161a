"""The times of day at which reminders go out: inputs for them, and when the next ones are."""

from datetime import time

import streamlit as st
from babel.dates import format_date as babel_date

from core.i18n import format_moment, locale
from core.i18n import gettext as _
from pages.common import ui
from services.actor import Actor
from services.reminders import hours
from services.reminders.hours import MOST_SLOTS, Hours


def inputs(present: tuple[time, ...], *, prefix: str) -> tuple[time, ...]:
    """Show an input for each time of day, with buttons for one more and one less; return what is entered."""
    st.markdown(f"**{_('Times of day')}**")
    key = f"{prefix}_count"
    if f"{prefix}_slot_0" not in st.session_state:  # the form begins
        st.session_state[key] = len(present)
    count = st.session_state[key]
    chosen = []
    with st.grid(columns=3, min_column_width=100):
        for place in range(count):
            start = present[place] if place < len(present) else time(11)
            label = _("Time {number}").format(number=place + 1)
            chosen.append(st.time_input(label, start, key=f"{prefix}_slot_{place}", step=900))
    with st.container(horizontal=True):
        if count < MOST_SLOTS:
            st.button(_("One more time"), key="hours_more", type="tertiary", on_click=_count, args=(key, count + 1))
        if count > 1:
            st.button(_("One time less"), key="hours_less", type="tertiary", on_click=_count, args=(key, count - 1))
    return tuple(chosen)


def coming(actor: Actor, given: Hours) -> None:
    """Show when reminders would go out next."""
    with st.container(border=True, gap="small", key="hours_coming"):
        st.markdown(f"**{_('They would go out next')}**")
        if hours.problems(given):
            st.caption(_("Correct the times first."))
            return
        for moment in hours.next_slots(actor, given):
            weekday = babel_date(moment, "EEE", locale=locale())
            st.markdown(f"{ui.plain(format_moment(moment))} :gray[{weekday}]")


def _count(key: str, count: int) -> None:
    st.session_state[key] = count
