"""The script Streamlit runs for every page view: who is signed in, which language, which menu, then the page."""

from pathlib import Path

import streamlit as st

from core.i18n import gettext as _
from core.instance import is_filling
from pages.common import deed
from pages.common.links import arrive
from pages.shell import filling, outage
from pages.shell.frame import frame
from pages.shell.navigation import navigation
from pages.shell.session import begin
from pages.shell.turns import turns

_ICON = str(Path(__file__).parent / "icon.svg")  # a named icon would be fetched from a foreign server


def main() -> None:
    """Show the page the person asked for, in their language, inside the frame."""
    st.set_page_config(page_title="千企 Qianqi", page_icon=_ICON, layout="wide")
    outage.begin()
    with turns.turn():
        actor = outage.asked(begin)
        page = outage.asked(lambda: navigation(actor))
        with outage.survived():
            arrive(page.url_path)
            deed.resume(page.url_path)
            frame(actor)
            st.set_page_config(page_title=f"{page.title} · {_('Qianqi')}", page_icon=_ICON, layout="wide")
            if is_filling():
                filling.show()
            page.run()


main()
