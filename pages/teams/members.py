import streamlit as st

from core.i18n import format_date, format_number
from core.i18n import gettext as _
from pages.common import address, entity_form, ui
from pages.common.plain_list import plain_list
from pages.reminders.parts import robots
from pages.shell.session import current_actor
from pages.teams import parts
from services import entities
from services.actor import Actor
from services.channels import setting_up
from services.permissions import Action, allows
from services.teams import TEAMS
from services.teams.overview import TeamView, team, teams


def page() -> None:
    """Show one team: its members with grid and load, and who belonged to it before."""
    actor = current_actor()
    known = {row.id: row for row in teams(actor)}
    asked = address.read(parts.TEAM)
    chosen = (
        int(asked) if asked.isdecimal() else next((team_id for team_id in actor.team_ids if team_id in known), None)
    )
    if chosen is None or chosen not in known:
        ui.header(_("Team members"))
        below = ui.empty(_("No team chosen"), _("Choose a team in the list of teams."), icon="groups")
        below.page_link("../teams/teams.py", label=_("Service teams"), icon=":material/groups:")
        return
    shown = team(actor, chosen)
    may_edit = allows(actor, Action.TEAM_EDIT)
    with ui.header(shown.name, _("Serves {area}").format(area=shown.area)):
        if may_edit:
            _buttons(shown)
    st.page_link("../teams/teams.py", label=_("All teams"), icon=":material/arrow_back:")
    entity_form.show_undo(actor, TEAMS)
    parts.undo_leaving(actor)
    _figures(shown)
    _members(shown, may_edit=may_edit)
    if may_edit:
        _drawers(actor, shown)
    if setting_up.may_set_up(actor, shown.id):
        _chat(actor, shown)


def _buttons(shown: TeamView) -> None:
    st.button(_("Edit"), key="team_edit", icon=":material/edit:", on_click=entity_form.open_row, args=(shown.id,))
    st.button(
        _("New member"), key="member_new", type="primary", icon=":material/person_add:", on_click=parts.open_member,
        args=(parts.NEW,),
    )  # fmt: skip


def _figures(shown: TeamView) -> None:
    lead = next((member.name for member in shown.members if member.is_lead), "–")
    ui.figures([
        ui.Figure(_("Team lead"), lead),
        ui.Figure(_("Members"), format_number(len(shown.members))),
        ui.Figure(_("Away today"), format_number(sum(1 for member in shown.members if member.away_until))),
        ui.Figure(_("Open visits"), format_number(sum(member.open_visits for member in shown.members))),
    ])  # fmt: skip


def _members(shown: TeamView, *, may_edit: bool) -> None:
    if not shown.members:
        ui.empty(_("No members yet"), _("Press “New member” at the top."), icon="person_add")
    else:
        columns = {
            "name": _("Member"), "role": _("Role"), "grid": _("Grid"), "open_visits": _("Open visits"),
            "away": _("Away until"), "phone": _("Phone number"), "joined": _("Joined on"),
        }  # fmt: skip
        rows = [
            {
                **vars(member), "role": _("Team lead") if member.is_lead else _("Member"),
                "away": format_date(member.away_until), "joined": format_date(member.joined_on),
            }
            for member in shown.members
        ]  # fmt: skip
        plain_list("member", columns, rows, on_open=parts.open_member if may_edit else None, export=_("Members"))
    if shown.former:
        with st.expander(_("Former members ({count})").format(count=len(shown.former)), icon=":material/history:"):
            for member in shown.former:
                period = f"{format_date(member.joined_on)} – {format_date(member.left_on)}"
                st.markdown(f"{ui.plain(member.name)}  \n:small[:gray[{period}]]")


def _chat(actor: Actor, shown: TeamView) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(_("Group chat"), anchor=False, width="content")
        robots.add_button()
    st.caption(_("Messages that concern members of the team are sent to these chats as well."))
    known = setting_up.of_team(actor, shown.id)
    robots.robot_list(actor, known)
    robots.robot_drawer(actor, known, team_id=shown.id)


def _drawers(actor: Actor, shown: TeamView) -> None:
    asked = address.read(parts.MEMBER)
    if asked == parts.NEW:
        parts.add_drawer(actor, shown)
    elif member := next((each for each in shown.members if str(each.id) == asked), None):
        others = {row.id: row for row in teams(actor) if row.id != shown.id and row.active}
        parts.member_drawer(actor, shown, member, others)
    else:
        entity_form.drawer(actor, TEAMS, entities.describe(actor, TEAMS))


page()
