import streamlit as st

from core.i18n import gettext as _
from pages.shell.session import current_actor


def page() -> None:
    """Greet the person; each role's first tasks follow."""
    actor = current_actor()
    st.title(_("Good day, {name}").format(name=actor.name))


page()
