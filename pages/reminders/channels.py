import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.reminders.parts import robots
from pages.reminders.parts.mail_server import mail_server
from pages.shell.session import current_actor
from services.channels import setting_up
from services.teams.overview import teams


def page() -> None:
    """Set up by which ways reminders leave the product: the mail server, and the robots of all teams."""
    actor = current_actor()
    ui.header(_("Channels"), _("By which ways reminders leave the product. The inbox needs none of them."))
    st.subheader(_("Mail server"), anchor=False)
    mail_server(actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(_("Group chats of teams"), anchor=False, width="content")
        robots.add_button()
    st.caption(_("A team’s chat gets what its members are reminded of. Team leads can set up their own team’s."))
    shown = setting_up.of_teams(actor)
    robots.robot_list(actor, shown)
    if not shown:
        ui.empty(_("No group chat yet"), _("Press “Add a robot”, or leave it to the team leads."), icon="forum")
    robots.robot_drawer(actor, shown, teams={row.id: row.name for row in teams(actor) if row.active})


page()
