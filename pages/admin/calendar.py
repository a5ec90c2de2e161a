import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.admin.counting import days, review, rules, year
from pages.common import address, ui
from pages.shell.session import current_actor
from services.actor import Actor
from services.counting import reading

_YEAR = "_year"


def page() -> None:
    """Keep the days and hours that deadlines are counted by."""
    actor = current_actor()
    review.dialogs(actor, {"days": (_("Change days"), days.change), "notice": (_("Holiday notice"), days.notice)})
    with ui.header(
        _("Calendar"),
        _(
            "Deadlines count working days as published by the State Council. "
            "Press a day to make it a day off or a working day of your own."
        ),
    ):
        if st.button(_("Change days"), key="counting_change", type="primary", icon=":material/edit_calendar:"):
            review.open_form("days", clock.today())
    shown = reading.year_shown(actor, _chosen(actor))
    days.banner(actor, shown)
    pressed = year.grid(shown)
    days.own_days(shown)
    if pressed:
        days.pressed(pressed)
    calendar = reading.in_force(actor)
    left, right = st.columns(2, gap="large")
    with left:
        rules.office_hours(actor, calendar)
    with right:
        rules.convention(actor, calendar)


def _chosen(actor: Actor) -> int:
    """Let the person choose a year, this one first."""
    this = clock.today().year
    options = {str(each): str(each) for each in reading.years(actor)}
    if not address.read(_YEAR):
        address.write({_YEAR: str(this)})
    return int(address.switch(_YEAR, options, _("Year")))


page()
