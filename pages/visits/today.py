import streamlit as st

from core import clock
from core.i18n import format_date
from core.i18n import gettext as _
from models.geo import Point
from pages.common import ui
from pages.shell.session import current_actor
from pages.visits.parts.cards import cards, done_line
from pages.visits.parts.position import phone_position
from pages.visits.parts.registered import show_registered
from pages.visits.parts.style import thumb_area
from pages.visits.parts.unplanned import unplanned_visit
from services.visits import today as services


def page() -> None:
    """Show the worker's day: what was returned and what is overdue first, then today, then what comes."""
    actor = current_actor()
    day = services.day(actor)
    with thumb_area():
        due = len(day.returned) + len(day.overdue) + len(day.today)
        caption = _("{day} · {due} to visit, {done} done").format(
            day=format_date(clock.today()), due=due, done=len(day.done)
        )
        ui.header(_("Today’s visits"), caption)
        show_registered()
        here = (phone_position() if due else None) or day.centre
        if not due:
            ui.empty(_("Nothing to visit today"), _("What comes next is below."), icon="task_alt")
        _group(_("Returned for completion"), day.returned, here, "returned")
        _group(_("Overdue"), day.overdue, here, "overdue")
        _group(_("Today"), day.today, here, "today")
        for title, visits in (
            (_("Tomorrow"), day.tomorrow),
            (_("This week"), day.this_week),
            (_("Later"), day.later),
        ):
            if visits:
                with st.expander(_("{title} · {count}").format(title=title, count=len(visits))):
                    cards(visits, here, kind="coming")
        if day.done:
            st.subheader(_("Done today"), anchor=False)
            for card in day.done:
                done_line(card)
        unplanned_visit(actor)


def _group(title: str, visits: list[services.Card], here: Point | None, kind: str) -> None:
    if visits:
        st.subheader(_("{title} · {count}").format(title=title, count=len(visits)), anchor=False)
        cards(visits, here, kind=kind)


page()
