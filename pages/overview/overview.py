import streamlit as st

from core.i18n import gettext as _
from core.i18n import set_locale
from models.account import Role
from pages.common import ui
from pages.home.commitments import commitments
from pages.home.messages import messages
from pages.overview.parts import asked, campaign, drawn, now, period, teams
from pages.shell.session import current_actor
from services import progress_overview
from services.actor import Actor

_EVERY = 30  # seconds after which it looks again
# Streamlit fades what it shows while it looks again; here nothing moves unless a figure has changed.
_STYLE = """
<style>.st-key-overview [data-stale="true"] { opacity: 1 !important; transition: none !important; }</style>
"""


def page() -> None:
    """Show at a glance how far the programme is, what presses and what came of it; every figure opens its rows."""
    actor = current_actor()
    if actor.role is Role.MANAGER:  # it is their start page
        messages(actor)
        commitments(actor)
    _look(actor)


@st.fragment(run_every=_EVERY)
def _look(actor: Actor) -> None:
    set_locale(actor.locale)  # a fragment runs without the script around it
    drawn.leave()
    with st.container(key="overview"):
        _body(actor)


def _body(actor: Actor) -> None:
    st.html(_STYLE)
    shown = progress_overview.look(actor, asked.question())
    setting = shown.setting
    with ui.header(_("Progress overview"), setting.place):
        st.caption(_("As of {time}").format(time=shown.at.strftime("%H:%M")), width="content")
    asked.filters(actor, setting)
    if shown.advance is None:
        st.caption(_("No campaign has begun: there is no coverage to show."))
    else:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            campaign.show(setting, shown.advance)
            period.last_month(actor, setting, shown)
        with right:
            teams.show(setting, shown.teams)
    left, right = st.columns(2, gap="medium")
    with left:
        now.overdue(actor, setting, shown)
        now.ages(actor, setting, shown.ages)
        period.states(actor, setting, shown.counts)
    with right:
        now.decisions(actor, setting, shown.decisions)
    period.rates(actor, setting, shown.counts)


page()
