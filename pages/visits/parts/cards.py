"""One visit as a card on the worker's day."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote

import streamlit as st

from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from models.campaign import VisitMode
from models.geo import Point, to_wgs84
from models.visit import Outcome
from pages.common.links import go
from pages.common.ui import plain
from services.visits.today import Card, by_distance

MODE_ICONS = {VisitMode.ON_SITE: "storefront", VisitMode.PHONE: "call", VisitMode.WECHAT: "chat"}
_OUTCOME_COLOURS = {Outcome.MET: "green", Outcome.REFUSED: "orange", Outcome.NOT_FOUND: "orange"}


def cards(visits: Iterable[Card], here: Point | None, *, kind: str) -> None:
    """Show the cards of one group, the nearer first within a day."""
    for card, distance in by_distance(visits, here):
        with st.container(border=True, gap="small"):
            _head(card, distance, kind)
            _buttons(card, kind)


def short_card(card: Card, kind: str) -> None:
    """Show a visit as a line with what is special about it and the button that records it."""
    returned = f":orange-badge[{_('Returned for completion')}]" if kind == "returned" else ""
    lines = [f"**{plain(card.enterprise)}**", f":small[:gray[{plain(card.address)}]]", returned + _badges(card, kind)]
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("  \n".join(filter(None, lines)), width="content")
        _record_button(card, kind)


def done_line(card: Card) -> None:
    """Show a visit that was recorded today as one line."""
    outcome = card.outcome or Outcome.MET
    badge = f":{_OUTCOME_COLOURS.get(outcome, 'gray')}-badge[{_(outcome.label)}]"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{badge} {plain(card.enterprise)} :gray[{format_moment(card.recorded_at)[-5:]}]")
        st.space("stretch")
        if st.button(_("View"), key=f"view_{card.visit_id}", icon=":material/visibility:", type="tertiary"):
            go("visits/record_view.py", visit=card.visit_id)


def _head(card: Card, distance: float | None, kind: str) -> None:
    st.markdown(f"**{plain(card.enterprise)}**{_badges(card, kind)}")
    if card.return_reason:
        st.warning(_("To be completed: {reason}").format(reason=plain(card.return_reason)), icon=":material/undo:")
    away = f" · {_('{km} km').format(km=f'{distance:.1f}')}" if distance is not None else ""
    lines = [f":material/location_on: {plain(card.address) or _('No address known')}{away}"]
    person = " ".join(part for part in (plain(card.contact), _spoken(card.phone)) if part)
    icons = " ".join(f":material/{MODE_ICONS[mode]}:" for mode in card.modes)
    lines.append(f":material/person: {person or _('No contact known')} · {icons}")
    st.markdown("  \n".join(f":small[:gray[{line}]]" for line in lines))


def _badges(card: Card, kind: str) -> str:
    badges = ""
    if kind == "overdue":
        badges += f" :red-badge[{_('Planned for {day}').format(day=format_date(card.planned_on))}]"
    elif kind == "coming":
        badges += f" :gray-badge[{format_date(card.planned_on)}]"
    if card.draft_saved_at:
        badges += f" :blue-badge[:material/edit_note: {_('Draft')}]"
    if card.paused:
        badges += f" :gray-badge[{_('Campaign paused')}]"
    return badges


def _buttons(card: Card, kind: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if card.phone:
            st.link_button(_("Call"), f"tel:{card.phone}", icon=":material/call:", key=f"call_{card.visit_id}")
        if card.place:
            navigate, elsewhere = map_links(card.place, card.enterprise)
            st.link_button(_("Navigate"), navigate, icon=":material/navigation:", key=f"navigate_{card.visit_id}")
            st.link_button(
                "", elsewhere, icon=":material/map:", key=f"map_{card.visit_id}", help=_("Open in another map")
            )
        _record_button(card, kind)


def _record_button(card: Card, kind: str) -> None:
    label = _("Complete") if card.return_reason else _("Continue") if card.draft_saved_at else _("Record")
    style: Literal["primary", "secondary"] = "primary" if kind in ("returned", "overdue", "today") else "secondary"
    if st.button(
        label, key=f"record_{card.visit_id}", icon=":material/edit:", type=style, disabled=card.paused
    ):  # fmt: skip
        go("visits/record.py", visit=card.visit_id)


def map_links(place: Point, name: str) -> tuple[str, str]:
    """Return the address that starts Amap's navigation, and the one any map on the phone opens."""
    amap = f"https://uri.amap.com/navigation?to={place.longitude},{place.latitude},{quote(name)}&coordinate=gaode&callnative=1"
    world = to_wgs84(place)
    spot = f"{world.latitude:.6f},{world.longitude:.6f}"
    return amap, f"geo:{spot}?q={spot}({quote(name)})"


def _spoken(phone: str) -> str:
    number = phone.removeprefix("+86")
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == 11 and number.isdecimal() else plain(phone)
