import streamlit as st

from core import clock
from core.i18n import format_date
from core.i18n import gettext as _
from models.account import Role
from pages.common import ui
from pages.common.links import go
from pages.home.commitments import commitments
from pages.home.day import day
from pages.home.issues import issues
from pages.home.messages import messages
from pages.home.people import people
from pages.home.rounds import rounds
from pages.home.system import system
from pages.home.tasks import visits
from pages.shell.session import current_actor
from services import overview
from services.actor import Actor
from services.overview import Overview
from services.permissions import Action, allows


def page() -> None:
    """Show each role what waits for them, every task two clicks away at most."""
    actor = current_actor()
    st.query_params.clear()  # the browser's back button brings along what the address of the page left for carried
    if actor.role is Role.MANAGER:  # who only looks starts with the overview, which has an address of its own
        go("overview/overview.py")
    with ui.header(_("Good day, {name}").format(name=actor.name), format_date(clock.today())):
        if allows(actor, Action.PROGRESS_VIEW) and st.button(
            _("Progress overview"), key="overview", icon=":material/monitoring:"
        ):
            go("overview/overview.py")
    messages(actor)
    if actor.role is Role.ADMINISTRATOR:
        system(actor)
        return
    commitments(actor)
    shown = overview.of(actor)
    if actor.role is Role.GRID_WORKER:
        day(actor, shown.waiting)
        issues(actor)
    elif actor.role is Role.DEPARTMENT_OFFICER:
        issues(actor, first=8)
    elif actor.role is Role.TEAM_LEAD:
        _lead(actor, shown)
    else:
        _zone(actor, shown)


def _lead(actor: Actor, shown: Overview) -> None:
    issues(actor)
    st.subheader(_("Visits"), anchor=False)
    visits(shown.waiting)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rounds(actor, shown.rounds)
    with right:
        people(actor)


def _zone(actor: Actor, shown: Overview) -> None:
    issues(actor, first=5)
    st.subheader(_("Visits"), anchor=False)
    visits(shown.waiting)
    rounds(actor, shown.rounds)


page()
