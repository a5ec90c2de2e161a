"""A year at a glance: twelve small months, each day coloured by what it is."""

from pathlib import Path

import streamlit as st
from babel.dates import get_day_names, get_month_names

from core import clock, i18n
from core.i18n import N_
from core.i18n import gettext as _
from services.counting.reading import LOOKS, YearShown
from services.working_time import explaining

_MARKS = {"holiday": N_("OFF"), "own_off": N_("OFF"), "make_up": N_("WORK"), "own_work": N_("WORK")}
LEGEND = {
    "holiday": N_("Public holiday"),
    "make_up": N_("Make-up working day"),
    "weekend": N_("Weekend"),
    "own_off": N_("The zone's own day off"),
    "own_work": N_("The zone's own working day"),
}
_FILES = Path(__file__)
_component = st.components.v2.component(
    "qianqi_year",
    html='<div class="legend"></div><div class="year"></div>',
    css=_FILES.with_name("year.css").read_text("utf-8"),
    js=_FILES.with_name("year.js").read_text("utf-8"),
)


def grid(shown: YearShown) -> str | None:
    """Show the year and return the day, as ISO 8601, that was pressed in this run, if one was."""
    locale = i18n.locale()
    names = get_day_names("narrow", locale=locale)
    result = _component(
        key=f"year_{shown.year}",
        data={
            "legend": [[look, _(label)] for look, label in LEGEND.items()],
            "months": list(get_month_names("abbreviated", context="stand-alone", locale=locale).values()),
            "weekdays": [names[n] for n in range(7)],
            "today": clock.today().isoformat(),
            "days": [
                {
                    "day": day.day.isoformat(),
                    "look": LOOKS[day.reason],
                    "mark": _(_MARKS.get(LOOKS[day.reason], "")),
                    "title": f"{day.day.isoformat()} {explaining.weekday(day)} {explaining.reason(day)}",
                }
                for day in shown.days
            ],
        },
        on_pressed_change=lambda: None,
        height="content",
    )
    pressed = result.get("pressed")
    return pressed if isinstance(pressed, str) else None
