"""Where the phone is, if it says so."""

from pathlib import Path

import streamlit as st

from core.i18n import gettext as _
from models.geo import Point, from_wgs84

_HTML = '<div class="row"><button type="button"></button><span></span></div>'
_CSS = """
.row { display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; font-family: var(--st-font); }
button {
  min-height: 44px; padding: 0 .9rem; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  background: var(--st-background-color); color: var(--q-blue); font: inherit; cursor: pointer;
}
button[hidden] { display: none; }
span { color: var(--st-text-color); opacity: .7; font-size: .9rem; }
"""
_component = st.components.v2.component(
    "qianqi_position", html=_HTML, css=_CSS, js=Path(__file__).with_name("position.js").read_text("utf-8")
)


def phone_position() -> Point | None:
    """Show the button that asks the phone, and return where it is on Chinese maps, or `None` until it says so."""
    key = "phone_position"
    known = st.session_state.get(f"{key}_known")
    result = _component(
        key=key,
        data={
            "known": known is not None,
            "label": _("Sort by distance from here"),
            "found": _("Sorted by the distance from where you are"),
            "asking": _("Finding where you are…"),
            "refused": _("The phone does not tell where it is; distances are counted from the centre of your area"),
            "unavailable": _("This connection does not allow positions; distances are counted from your area's centre"),
        },
        on_place_change=lambda: None,
        height="content",
    )
    place = _point(result.get("place"))
    if place is not None and known is None:
        st.session_state[f"{key}_known"] = place
        st.rerun()
    return place or known


def _point(given: object) -> Point | None:
    """Return the place a browser sent, if it is one: the browser may send anything."""
    if not isinstance(given, dict):
        return None
    longitude, latitude = given.get("longitude"), given.get("latitude")
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        return None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return None
    return from_wgs84(Point(float(longitude), float(latitude)))
