"""The enterprises of an area on a map that is drawn from what this page hands over, and from nothing else."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core import clock
from core.i18n import format_number, in_locale, ngettext
from core.i18n import gettext as _
from models.geo import Point, to_wgs84
from pages.common import figure_links
from pages.overview.parts.area_figures import Question
from pages.overview.parts.area_look import ISSUES, OTHERS, REACHED
from pages.overview.parts.area_walk import down, leave_for
from services import exporting
from services.charts import style
from services.permissions import Action, allows
from services.territory import handing_out, points
from services.territory.levels import Level
from services.territory.points import Dot, Map, Reached

_FILES = Path(__file__)
_component = st.components.v2.component(
    "qianqi_area_map",
    html='<div class="map"></div>',
    css=_FILES.with_name("area_map.css").read_text("utf-8"),
    js=_FILES.with_name("area_map.js").read_text("utf-8"),
)


def area_map(question: Question, level: Level, title: str) -> None:
    """Show the map; a press on an enterprise opens it, one on an area goes down into it."""
    clusters = points.clusters(question.actor, level.area_id)
    number = sum(each.enterprises for each in clusters)
    crowded = number > points.MOST
    dots = [] if crowded else points.dots(question.actor, level.area_id, question.campaign_id)
    drawn = points.outlined(level, clusters) if crowded else points.drawn(level, dots)
    if crowded:
        told = _("{count} enterprises lie here, too many to draw one by one. Press an outline to go down into it.")
        st.caption(told.format(count=format_number(number)))
    result = _component(
        key="areas_map",
        data=_data(question, level, drawn, dots, title),
        on_pressed_change=lambda: None,
        height="content",
    )
    _pressed(question, level, result.get("pressed"))
    if missing := len(dots) - len(drawn.dots):
        told = ngettext(
            "{count} enterprise has no coordinates and is not drawn.",
            "{count} enterprises have no coordinates and are not drawn.", missing,
        )  # fmt: skip
        st.caption(told.format(count=format_number(missing)))
    st.caption(_("Outlines are drawn around the enterprises of an area; they are no surveyed borders."))
    _downloads(question, level, title)


def _pressed(question: Question, level: Level, pressed: object) -> None:
    """Go where a press leads; a browser may send anything."""
    if not isinstance(pressed, dict):
        return
    kind, value = pressed.get("kind"), pressed.get("value")
    if kind == "enterprise" and isinstance(value, int):
        leave_for(("enterprises/profile.py", {"enterprise": value}))
    elif kind == "area" and value in {place.id for place in level.below}:
        down(value)
    elif kind == "legend" and value in {each.value for each in Reached}:
        standing = [key for key, reached in points.REACHED.items() if reached.value == value]
        query = figure_links.enterprises(question.actor, level.area_id, question.campaign_id, standing)
        leave_for((figure_links.ENTERPRISES, query))
    else:
        return
    st.rerun()


def _data(question: Question, level: Level, drawn: Map, dots: Sequence[Dot], title: str) -> dict[str, Any]:
    return {
        "key": f"{question.actor.account_id}",
        "stamp": f"{level.area_id} {question.campaign_id}",
        "dots": _columns(drawn),
        "shapes": [
            {
                "id": shape.area_id, "name": shape.name, "corners": _rounded(shape.corners),
                "middle": _rounded([shape.middle])[0], "told": _told(shape.enterprises),
                "size": shape.enterprises,
            }
            for shape in drawn.shapes
        ],
        "marks": [{"name": mark.name, "at": _rounded([mark.spot])[0]} for mark in drawn.marks],
        "modes": _modes(question, dots),
        "words": _words(title),
    }  # fmt: skip


def _told(count: int) -> str:
    return ngettext("{count} enterprise", "{count} enterprises", count).format(count=format_number(count))


def _columns(drawn: Map) -> dict[str, list[Any]]:
    """Return the points column by column: a third of the size of a list of rows."""
    dots = [dot for dot, _spot in drawn.dots]
    order = list(REACHED)
    return {
        "id": [dot.id for dot in dots],
        "name": [dot.name for dot in dots],
        "address": [dot.address for dot in dots],
        "x": [round(spot.x, 4) for _dot, spot in drawn.dots],
        "y": [round(spot.y, 4) for _dot, spot in drawn.dots],
        "reached": [order.index(dot.reached) + 1 if dot.reached else 0 for dot in dots],
        "issues": [2 if dot.overdue else 1 if dot.open else 0 for dot in dots],
        "open": [dot.open for dot in dots],
        "overdue": [dot.overdue for dot in dots],
        "gcj": [_degrees(dot.place) for dot in dots if dot.place],
        "wgs": [_degrees(to_wgs84(dot.place)) for dot in dots if dot.place],
    }


def _modes(question: Question, dots: Sequence[Dot]) -> list[dict[str, Any]]:
    reached = [
        {
            "colour": colour, "label": _(each.label), "opens": each.value,
            "count": format_number(sum(dot.reached is each for dot in dots)),
        }
        for each, colour in REACHED.items()
    ]  # fmt: skip
    if not dots:  # outlines have no colours
        return [{"key": "outlines", "label": "", "of": "reached", "groups": []}]
    issues = [{"colour": colour, "label": _(label)} for label, colour in reversed(ISSUES.values())]
    beside = {"colour": OTHERS, "label": _("Not in the campaign")}
    calm = {"colour": OTHERS, "label": _("Nothing open")}
    modes = [
        {"key": "reached", "label": _("By visits"), "of": "reached", "groups": [beside, *reached]},
        {"key": "issues", "label": _("By issues"), "of": "issues", "groups": [calm, *issues]},
    ]
    return modes if question.campaign_id is not None else modes[1:]


def _words(title: str) -> dict[str, str]:
    return {
        "title": title,
        "font": style.FONT,
        "fill": "rgba(31, 95, 191, .06)",
        "over": "rgba(31, 95, 191, .16)",
        "line": "rgba(31, 95, 191, .45)",
        "open": _("Open issues"),
        "overdue": _("Overdue issues"),
        "open_enterprise": _("Open the enterprise"),
        "open_area": _("Go down into it"),
        "mark": _("Known place"),
        "list": _("Show these enterprises"),
        "closer": _("Closer"),
        "farther": _("Farther"),
        "fit": _("Show everything"),
        "save": _("Save as a picture"),
    }


def _rounded(spots: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in spots]


def _degrees(place: Point) -> str:
    return f"{place.longitude:.6f}, {place.latitude:.6f}"


def _downloads(question: Question, level: Level, title: str) -> None:
    if not allows(question.actor, Action.ENTERPRISE_EXPORT):
        return
    given = (question.actor.locale, question, level.area_id)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            _("Points as Excel"),
            partial(_file, *given, "xlsx"),
            file_name=_name(title, "xlsx"),
            mime=exporting.XLSX_TYPE,
            key="points_xlsx",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        st.download_button(
            _("Points as GeoJSON (WGS-84)"), partial(_file, *given, "geojson"), file_name=_name(title, "geojson"),
            mime=handing_out.GEOJSON_TYPE, key="points_geojson", icon=":material/download:", type="tertiary",
            on_click="ignore",
        )  # fmt: skip


def _file(language: str, question: Question, area_id: int | None, form: str) -> bytes:
    make = handing_out.workbook if form == "xlsx" else handing_out.geojson
    with in_locale(language):  # Streamlit asks for the file outside the page's run
        return make(question.actor, area_id, question.campaign_id)


def _name(title: str, ending: str) -> str:
    return f"{exporting.sheet_name(title)}-{clock.today():%Y%m%d}.{ending}"
