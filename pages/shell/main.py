"""The script Streamlit runs for every page view: who is signed in, which language, which menu, then the page."""

import streamlit as st

from core.i18n import gettext as _
from core.i18n import set_locale
from pages.shell.frame import frame
from pages.shell.navigation import navigation
from pages.shell.session import begin


def main() -> None:
    """Show the page the person asked for, in their language, inside the frame."""
    st.set_page_config(page_title="千企 Qianqi", page_icon=":material/domain:", layout="wide")
    actor = begin()
    set_locale(actor.locale)
    page = navigation(actor)
    frame(actor)
    st.set_page_config(page_title=f"{page.title} · {_('Qianqi')}", page_icon=":material/domain:", layout="wide")
    page.run()


main()
