import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common import entity_form, ui
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from pages.teams import parts
from services import entities
from services.permissions import Action, allows
from services.teams import TEAMS
from services.teams.overview import teams


def page() -> None:
    """Show the service teams with lead, size and load."""
    actor = current_actor()
    rows = teams(actor)
    with ui.header(_("Service teams"), _("Who serves which area, and how much is still to do")):
        if allows(actor, Action.TEAM_EDIT):
            st.button(
                _("New: {entity}").format(entity=_(TEAMS.label)), key="team_new", type="primary",
                icon=":material/group_add:", on_click=entity_form.open_row, args=(entity_form.NEW,),
            )  # fmt: skip
    entity_form.show_undo(actor, TEAMS)
    if not rows:
        ui.empty(_("No team yet"), _("Once there are teams in your area, they appear here."), icon="groups")
    else:
        ui.figures([
            ui.Figure(_("Teams"), format_number(len(rows))),
            ui.Figure(_("Members"), format_number(sum(row.members for row in rows))),
            ui.Figure(_("Away today"), format_number(sum(row.away for row in rows))),
            ui.Figure(_("Open visits"), format_number(sum(row.open_visits for row in rows))),
        ])  # fmt: skip
        columns = {
            "name": _("Team"), "area": _("Area"), "lead": _("Team lead"), "members": _("Members"),
            "away": _("Away today"), "open_visits": _("Open visits"),
        }  # fmt: skip
        if not all(row.active for row in rows):
            columns["active"] = _("Active")
        shown = [{**vars(row), "active": _("Yes") if row.active else _("No")} for row in rows]
        plain_list("team", columns, shown, on_open=parts.ask_for_team, export=_("Teams"))
    parts.go_to_asked_team()
    if allows(actor, Action.TEAM_EDIT):
        entity_form.drawer(actor, TEAMS, entities.describe(actor, TEAMS))


page()
