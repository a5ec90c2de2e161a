import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import profile_link
from pages.overview.parts.gaps import gaps
from pages.overview.parts.months import period
from pages.overview.parts.pairs import pairs
from pages.overview.parts.whose import whose
from pages.shell.session import current_actor
from services.two_way import picture
from services.two_way.place import Whose


def page() -> None:
    """Both directions face to face: what was done for enterprises, what they need, and what is missing between."""
    actor = current_actor()
    buttons = ui.header(_("Both directions"), _("What we did for enterprises, what they need from us, and the gaps"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        team, enterprise = whose(actor)
        since, until = period()
    try:
        shown = picture.picture(actor, Whose(team, enterprise, since, until))
    except NotFoundError as problem:
        ui.empty(str(problem), _("Choose one from the list."), icon="search_off")
        return
    if shown.place.name:
        st.subheader(ui.plain(shown.place.name), anchor=False)
    if enterprise:
        with buttons:
            profile_link(enterprise)
    pairs(shown.figures)
    gaps(shown.gaps)


page()
