"""Pieces of the pages of teams: going to a team, changing its members."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from core import clock
from core.i18n import format_date
from core.i18n import gettext as _
from pages.common import address, ui
from pages.common.links import go
from pages.common.options import apart
from pages.shell.session import current_actor
from services.actor import Actor
from services.permissions import Action, allows
from services.teams import members
from services.teams.members import OpenVisitsError
from services.teams.overview import MemberRow, TeamRow, TeamView

TEAM, MEMBER = "_team", "_member"
NEW = "new"
_ASKED = "team_asked"
_REGRIDDED = "member_grid_chosen"
_MANY = 20


def ask_for_team(team_id: int) -> None:
    """Remember which team was pressed: a callback cannot change the page itself."""
    st.session_state[_ASKED] = team_id


def go_to_asked_team() -> None:
    """Go to the members of the team that was pressed."""
    team_id = st.session_state.pop(_ASKED, None)
    if team_id is not None:
        go("teams/members.py", **{TEAM: team_id})


def open_member(member: int | str) -> None:
    """Open a member, or `NEW`, in the drawer: for a button's `on_click`."""
    address.write({MEMBER: str(member)})


def close_member() -> None:
    """Close the drawer."""
    address.write({MEMBER: ""})


def add_drawer(actor: Actor, team: TeamView) -> None:
    """Add somebody to a team."""

    @st.dialog(_("New member"), position="right", on_dismiss=close_member)
    def dialog() -> None:
        people = members.candidates(actor)
        if not people:
            st.info(_("Everybody with an account of a team lead or grid worker is in a team. Make an account first."))
            return
        account_id = _choice(_("Member"), people, "member_account")
        grid_id = _choice(_("Grid"), members.grids(actor, team.id), "member_grid_new")
        joined = st.date_input(_("Joined on"), clock.today(), key="member_joined", format="YYYY-MM-DD")
        pressed = st.button(_("Save"), key="member_save", type="primary", width="stretch", disabled=account_id is None)
        if pressed and account_id is not None:
            with ui.told():
                members.add(actor, team.id, account_id, grid_id=grid_id, joined_on=joined)
                _done(_("{name} now belongs to the team.").format(name=people[account_id]))

    dialog()


def member_drawer(actor: Actor, team: TeamView, member: MemberRow, others: Mapping[int, TeamRow]) -> None:
    """Change a member: grid, lead, team, or end the membership."""

    @st.dialog(ui.plain(member.name), position="right", on_dismiss=close_member)
    def dialog() -> None:
        _facts(member)
        _grid(actor, team, member)
        if member.is_lead:
            st.caption(_("The lead can leave the team once another member leads it."))
            return
        _lead(actor, member)
        _move(actor, member, others)
        _remove(actor, member)

    dialog()


def undo_leaving(actor: Actor) -> None:
    """Offer to bring back whoever has just left."""
    left = st.session_state.get("member_left")
    if left is None:
        return
    member_id, name = left
    if ui.undo_bar(_("{name} has left the team.").format(name=name), key="member_undo"):
        with ui.told():
            members.bring_back(actor, member_id)
            del st.session_state["member_left"]
            _done(_("Taken back."))


def _facts(member: MemberRow) -> None:
    lines = [
        (_("Phone number"), member.phone),
        (_("Joined on"), format_date(member.joined_on)),
        (_("Open visits"), str(member.open_visits)),
        (_("Away until"), format_date(member.away_until)),
    ]
    text = "  \n".join(f":gray[{label}] {ui.plain(value)}" for label, value in lines if value)
    st.markdown(text)


def _grid(actor: Actor, team: TeamView, member: MemberRow) -> None:
    grids = members.grids(actor, team.id)
    if member.grid_id is not None:  # one that is inactive, or lies in the team's area no more, is still the member's
        grids.setdefault(member.grid_id, member.grid)
    chosen = _choice(_("Own grid of the member"), grids, f"member_grid_{member.id}", member.grid_id, on_change=_regrid)
    if st.session_state.pop(_REGRIDDED, False):
        with ui.told():
            members.set_grid(actor, member.id, chosen)
            _done(_("Saved."))


def _regrid() -> None:
    """Remember that the person chose: what the field shows may differ from what is stored without anybody's doing."""
    st.session_state[_REGRIDDED] = True


def _lead(actor: Actor, member: MemberRow) -> None:
    question = _("{name} will lead the team; the present lead stays a member.").format(name=ui.plain(member.name))
    icon = ":material/military_tech:"
    if ui.confirm(_("Make team lead"), question, key="member_lead", icon=icon, width="stretch"):
        with ui.told():
            members.make_lead(actor, member.id)
            _done(_("{name} leads the team now.").format(name=member.name))


def _remove(actor: Actor, member: MemberRow) -> None:
    question = _("{name} leaves the team today. What they did stays in the records.")
    told, icon = question.format(name=ui.plain(member.name)), ":material/person_remove:"
    if ui.confirm(_("Leave the team"), told, key="member_remove", icon=icon, width="stretch"):
        with _reassigning():
            members.remove(actor, member.id)
            st.session_state["member_left"] = (member.id, member.name)
            _done("")


def _move(actor: Actor, member: MemberRow, others: Mapping[int, TeamRow]) -> None:
    with st.popover(_("Move to another team"), icon=":material/swap_horiz:", width="stretch", key="member_move"):
        names = {team_id: team.name for team_id, team in others.items()}
        chosen = _choice(_("Team"), names, "member_target")
        pressed = st.button(
            _("Move now"), key="member_move_now", type="primary", width="stretch", disabled=chosen is None
        )
        if pressed and chosen is not None:
            with _reassigning():
                members.move(actor, member.id, chosen)
                _done(_("{name} now belongs to “{team}”.").format(name=member.name, team=names[chosen]))


@contextmanager
def _reassigning() -> Iterator[None]:
    """Tell what stands in the way of leaving, with the visits that must be given to others first."""
    with ui.told():
        try:
            yield
        except OpenVisitsError as problem:
            st.error(str(problem), icon=":material/event_busy:")
            for visit in problem.visits[:_MANY]:
                when = f"{format_date(visit.planned_on)} · {ui.plain(visit.campaign)}"
                st.markdown(f"{ui.plain(visit.enterprise)}  \n:small[:gray[{when}]]")
            if allows(current_actor(), Action.VISIT_ASSIGN):
                st.page_link("../assignment/assign.py", label=_("Assign visits"), icon=":material/assignment_ind:")


def _choice(
    label: str, options: Mapping[int, str], key: str, present: int | None = None,
    on_change: Callable[[], None] | None = None,
) -> int | None:  # fmt: skip
    ids = list(options)
    index = ids.index(present) if present is not None and present in options else None
    return st.selectbox(label, ids, index, apart(options), key=key, placeholder=_("Choose"), on_change=on_change)


def _done(message: str) -> None:
    if message:
        ui.flash(message)
    close_member()
    st.rerun()
