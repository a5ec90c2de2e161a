"""What stands at an address that is none of the pages of whoever opens it."""

import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from pages.shell.navigation import asked_path, first
from pages.shell.session import current_actor


def page() -> None:
    """Say that there is nothing here, and lead to where the day begins."""
    home = first(current_actor())
    if asked_path() == home.url_path:  # it stands at the root of the site, but may be called by its name
        go(home.file)
    below = ui.empty(
        _("There is no such page, or it is not one for your role"),
        _("Check the address, or ask whoever gave it to you; an administrator can see which role you have."),
        icon="explore_off",
    )
    with below:
        if st.button(_("To the start page"), key="home", type="primary", icon=":material/home:"):
            go(home.file)


page()
