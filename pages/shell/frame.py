"""What surrounds every page: who is signed in, the language, the way out."""

import streamlit as st

from core.i18n import LOCALES, locale
from core.i18n import gettext as _
from pages.common import ui
from services import accounts
from services.actor import Actor

_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 3.2rem; max-width: 1280px; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3.2rem 1rem 5rem; } }
</style>
"""


def frame(actor: Actor) -> None:
    """Draw the sidebar below the menu and the style shared by all pages."""
    st.html(_STYLE)
    ui.show_flash()
    with st.sidebar:
        st.divider()
        role = _(actor.role.label) if actor.role else ""
        st.markdown(f":material/account_circle: **{ui.plain(actor.name)}**  \n:small[{role}]")
        _language(actor)
        st.link_button(_("Sign out"), "/sign-out", icon=":material/logout:", width="stretch", type="tertiary")


def _language(actor: Actor) -> None:
    other = next(key for key in LOCALES if key != locale())
    if st.button(LOCALES[other], key="language", icon=":material/translate:", width="stretch", type="tertiary"):
        accounts.choose_locale(actor, other)
        st.rerun()
