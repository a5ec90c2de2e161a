"""Both directions at a glance: what was done for an enterprise, and what it waits for."""

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from pages.common import ui
from pages.issues.parts.alike import issue_link
from services.enterprises.profile import Need, Pledge, Profile

_FIRST = 4


def sides(shown: Profile) -> None:
    """Show the two cards side by side, on a phone one below the other."""
    with st.grid(columns=2, min_column_width=320):
        with st.container(border=True, height="stretch"):
            _done(shown)
        with st.container(border=True, height="stretch"):
            _waiting(shown)


def _done(shown: Profile) -> None:
    st.markdown(f"**:material/arrow_forward: {_('What we did for it')}**")
    balance = shown.balance
    with st.grid(columns=4, min_column_width=90):
        st.metric(_("Times visited"), balance.visits)
        st.metric(_("Needs answered"), balance.answered)
        st.metric(_("Promises kept"), balance.kept)
        st.metric(_("Notices received"), balance.notices)


def _waiting(shown: Profile) -> None:
    st.markdown(f"**:material/arrow_back: {_('What it needs from us')}**")
    if not shown.needs and not shown.pledges:
        st.caption(_("Nothing is waiting. Ask at the next visit what is needed."))
        return
    for pledge in shown.pledges[:_FIRST]:
        _pledge(pledge)
    for need in shown.needs[:_FIRST]:
        _need(need)
    hidden = max(len(shown.pledges) - _FIRST, 0) + max(len(shown.needs) - _FIRST, 0)
    if hidden:
        st.caption(_("{count} more on the time line").format(count=hidden))


def _pledge(pledge: Pledge) -> None:
    due = _("Promised for {day}").format(day=format_date(pledge.due_on))
    badge = f":red-badge[{_('Overdue')}] " if pledge.overdue else ""
    st.markdown(
        f":material/front_hand: {badge}{ui.plain(pledge.text)}  \n:small[:gray[{due} · {ui.plain(pledge.who)}]]"
    )


def _need(need: Need) -> None:
    since = _("since {day}").format(day=format_date(need.since))
    about = f":small[:gray[{_(need.kind)} · {since}]] :orange-badge[{_(need.state)}]"
    with st.container(gap="xxsmall"):
        st.markdown(f":material/report: {ui.plain(need.text)}  \n{about}")
        issue_link(need.id, need.number, key="need")
