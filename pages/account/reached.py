"""How a person is reached outside the product: mail and robots of their own."""

import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.reminders.parts import robots
from services.actor import Actor
from services.channels import setting_up, testing
from services.channels.setting_up import Own

_TESTED = "mail_tested"


def reached(actor: Actor) -> None:
    """Show by which ways reminders reach the actor, and let them change it."""
    own = setting_up.own(actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(_("How I am reached"), anchor=False, width="content")
        robots.add_button()
    st.caption(_("Everything arrives under “Messages”. It can also be sent to you outside:"))
    with st.container(border=True, gap="small"):
        _mail(actor, own)
    robots.robot_list(actor, own.robots)
    robots.robot_drawer(actor, own.robots)


def _mail(actor: Actor, own: Own) -> None:
    if not own.email:
        st.markdown(_("E-mail"))
        st.caption(_("Your account has no e-mail address. Ask your administrator to enter it."))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        shown = own.email.replace("`", "")  # as code: a link in the label would be pressed instead of the switch
        label = _("E-mail to {address}").format(address=f"`{shown}`")
        wanted = st.toggle(label, own.mail, key="mail_wanted", width="content")
        if own.mail_leaves and own.mail:
            _test(actor)
    if wanted != own.mail:
        with ui.told():
            setting_up.want_mail(actor, wanted=wanted)
            ui.flash(_("Saved."))
            st.rerun()
    if (outcome := st.session_state.pop(_TESTED, None)) is not None:
        robots.tell(outcome)
    if not own.mail_leaves:
        st.caption(_("No mail server is set yet, so mail does not leave the product for now."))


def _test(actor: Actor) -> None:
    if st.button(_("Test"), key="mail_test", icon=":material/send:"):
        with ui.told(), st.spinner(_("Sending…")):
            st.session_state[_TESTED] = testing.own_mail(actor)
            st.rerun()
