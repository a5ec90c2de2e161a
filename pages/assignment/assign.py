import streamlit as st

from core.i18n import gettext as _
from pages.assignment.parts.assigned import STANDING, assigned
from pages.assignment.parts.plan import has_plan, plan_editor
from pages.assignment.parts.targets import forget_press, unassigned
from pages.assignment.parts.told import show_left
from pages.common import address, ui
from pages.common.links import number_asked
from pages.common.options import apart
from pages.shell.session import current_actor
from services import assignment
from services.assignment import Board, Filters

_AREA, _TEAM, _CHOSEN, _OPENED = "assign_area", "assign_team", "assign_campaign", "assign_opened"
VIEW, CAMPAIGN = "_view", "campaign"


def page() -> None:
    """Give the enterprises of a running campaign to members, move visits and take them back."""
    actor = current_actor()
    everything = assignment.board(actor, _campaign())
    ui.header(_("Assign visits"))
    if everything.campaign_id is None:
        forget_press()
        ui.empty(_("No campaign is running"), _("Visits are assigned while a campaign runs."), icon="campaign")
        return
    st.session_state.setdefault(_OPENED, everything.campaign_id)
    filters = _filters(everything)
    board = assignment.board(actor, everything.campaign_id, filters)
    show_left()
    if has_plan():
        plan_editor(actor, board)
        return
    views = {"unassigned": _("Unassigned"), "assigned": _("Assigned")}
    if address.switch(VIEW, views, _("View"), alone=False) == "assigned":
        assigned(actor, board, filters)
    else:
        unassigned(actor, board, filters)


def _campaign() -> int | None:
    """Return the campaign asked for, or that at which the page was opened: its last visit opens no other."""
    if _CHOSEN not in st.session_state:  # somebody has just come here
        st.session_state.pop(_OPENED, None)
    return number_asked(CAMPAIGN) or st.session_state.get(_OPENED)


def _filters(board: Board) -> Filters:
    """Show campaign, search, area and team side by side; on a phone one below the other."""
    several_teams = len(board.teams) > 1
    with st.grid(columns=3 + several_teams, min_column_width=200):
        st.session_state[_CHOSEN] = board.campaign_id
        st.selectbox(
            _("Campaign"), list(board.campaigns), format_func=apart(board.campaigns), key=_CHOSEN,
            on_change=_turn_to_campaign,
        )  # fmt: skip
        search = st.text_input(
            _("Search"), key="assign_search", placeholder=_("Part of name, code or address"), icon=":material/search:"
        )
        area_id = st.selectbox(
            _("Area"), list(board.areas), None, apart(board.areas), _AREA, placeholder=_("All areas")
        )
        team_id = None
        if several_teams:
            team_id = st.selectbox(
                _("Team"), list(board.teams), None, apart(board.teams), _TEAM, placeholder=_("All teams")
            )
    return Filters(search=search or "", area_id=area_id, team_id=team_id)


def _turn_to_campaign() -> None:
    address.write({CAMPAIGN: str(st.session_state[_CHOSEN]), STANDING: ""})


page()
