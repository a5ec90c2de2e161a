"""Walking the tree of areas: the way from the top, and going to another area or to the rows of a figure."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import gettext as _
from pages.common import address, ui
from pages.common.links import go
from pages.overview.parts import asked
from pages.overview.parts.area_figures import Way
from services.territory.levels import Place

AREA = asked.AREA
VIEW = "view"
_WAY = "areas_way"


def down(area_id: int | None) -> None:
    """Show another area: for a button's `on_click`."""
    address.write({AREA: "" if area_id is None else str(area_id)})


def leave_for(way: Way) -> None:
    """Remember where somebody wants to go: a callback runs before the page and cannot leave it."""
    st.session_state[_WAY] = way


def leave() -> None:
    """Go where somebody wanted to, if they did."""
    if way := st.session_state.pop(_WAY, None):
        file, query = way
        go(file, **query)


def trail(places: Sequence[Place]) -> None:
    """Show the way from where the walk begins to the area shown, each step a button."""
    if len(places) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="areas_trail"):
        for place in places[:-1]:
            st.button(
                ui.plain(place.name), key=f"areas_up_{place.id}", type="tertiary", on_click=down, args=(place.id,)
            )
            st.markdown(":gray[›]", width="content")
        st.markdown(f"**{ui.plain(places[-1].name)}**", width="content")


def gone() -> None:
    """Say that there is no such area for this person, with the way back."""
    with ui.empty(
        _("There is no such area"), _("It may have been removed, or you do not answer for it."), icon="wrong_location"
    ):
        st.button(_("To where you begin"), key="areas_begin", on_click=down, args=(None,))
