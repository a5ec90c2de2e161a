"""What surrounds every page: who is signed in, the language, the way out."""

from html import escape

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
.qianqi-sign-out { margin: 0; }
.qianqi-sign-out button { width: 100%; min-height: 2.5rem; padding: .25rem .75rem; border: 0;
  border-radius: 8px; background: none; font: inherit; color: inherit; cursor: pointer; }
.qianqi-sign-out button:hover, .qianqi-sign-out button:focus-visible { color: var(--st-primary-color, #1f5fbf); }
</style>
"""


# A form of our own: a link opens a new tab, and only a POST with our origin may end a session.
_SIGN_OUT = """
<form method="post" action="/sign-out" class="qianqi-sign-out">
<button type="submit">{label}</button></form>
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
        st.html(_SIGN_OUT.format(label=escape(_("Sign out"))))


def _language(actor: Actor) -> None:
    other = next(key for key in LOCALES if key != locale())
    if st.button(LOCALES[other], key="language", icon=":material/translate:", width="stretch", type="tertiary"):
        accounts.choose_locale(actor, other)
        st.rerun()
