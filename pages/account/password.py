import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from pages.shell.session import current_actor
from services import accounts
from services.actor import Actor


def page() -> None:
    """Change one's own password; a first one must be changed before anything else is shown."""
    actor = current_actor()
    ui.header(_("Change password"))
    if actor.must_change_password:
        st.info(_("This is your first sign-in: please choose a password of your own."), icon=":material/key:")
    hint = _("At least {count} characters, not digits alone, without your user name.")
    with st.form("password", width=480):
        present = st.text_input(_("Present password"), type="password", key="present", autocomplete="current-password")
        new = st.text_input(
            _("New password"), type="password", key="new", autocomplete="new-password",
            help=hint.format(count=accounts.MIN_PASSWORD_LENGTH),
        )  # fmt: skip
        again = st.text_input(_("New password, again"), type="password", key="again", autocomplete="new-password")
        if st.form_submit_button(_("Change password"), type="primary", key="change"):
            _change(actor, present, new, again)


def _change(actor: Actor, present: str, new: str, again: str) -> None:
    if new != again:
        st.error(_("The two new passwords differ."), icon=":material/error:")
        return
    with ui.told():
        accounts.change_password(actor, present, new)
        ui.flash(_("The password has been changed. Other devices have been signed out."))
        if actor.must_change_password:
            st.rerun()
        go("account/profile.py")


page()
