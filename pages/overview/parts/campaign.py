"""How far the campaign is: in words, in figures, and over time against its goal."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.i18n import format_number, format_percent, ngettext
from core.i18n import gettext as _
from pages.campaigns.parts import period
from pages.common import charts, ui
from pages.home.tiles import Tile, tiles
from pages.overview.parts import drawn, links
from services.campaigns.standing import Standing
from services.charts import style
from services.progress_overview import Setting
from services.progress_overview.advance import Advance, Point, pace

_TILES = (
    Standing.VISITED, Standing.OPEN, Standing.OVERDUE, Standing.RETURNED, Standing.UNASSIGNED, Standing.REFUSED,
    Standing.NOT_FOUND, Standing.MOVED_AWAY,
)  # fmt: skip


def show(setting: Setting, made: Advance) -> None:
    """Show it."""
    st.subheader(ui.plain(made.campaign.name), anchor=False)
    st.markdown(f"{_said(made)}  \n:small[:gray[{period(made.campaign)}]]")
    tiles([_tile(setting, made, each) for each in _TILES], key="standing")
    _chart(setting, made)


def _said(made: Advance) -> str:
    visited = _("{visited} of {aim} enterprises visited").format(
        visited=format_number(made.visited), aim=format_number(made.goal)
    )
    parts = [f"**{visited}**", f"**{format_percent(made.share)}**"]
    if made.goal > made.visited:
        parts.append(_pace(made.ahead))
    return " · ".join(parts)


def _pace(ahead: int) -> str:
    if ahead < 0:
        text = ngettext("{count} enterprise behind plan", "{count} enterprises behind plan", -ahead)
        return f":red[:material/trending_down: **{text.format(count=format_number(-ahead))}**]"
    if ahead == 0:
        return f":green[:material/check: **{_('exactly as planned')}**]"
    text = ngettext("{count} enterprise ahead of plan", "{count} enterprises ahead of plan", ahead)
    return f":green[:material/trending_up: **{text.format(count=format_number(ahead))}**]"


def _tile(setting: Setting, made: Advance, standing: Standing) -> Tile:
    count = made.coverage.progress[standing]
    return links.tile(_(standing.label), count, links.CAMPAIGN, links.targets(setting, standing))


def pressable(setting: Setting, made: Advance) -> tuple[list[dict[str, Any]], drawn.Ways]:
    """Return the days of both lines that open their enterprises, and where each leads.

    The day on which what is planned leaves what was met is pressed as the latter's.
    """
    ways: drawn.Ways = {}
    marks = _marks(setting, made.met(), _("Visited"), (Standing.VISITED,), ways)
    ahead = (Standing.VISITED, Standing.OPEN, Standing.OVERDUE)
    return [*marks, *_marks(setting, made.planned()[1:], _("With what is planned"), ahead, ways)], ways


def _chart(setting: Setting, made: Advance) -> None:
    """Draw the enterprises met so far, those planned on top of them, and the even pace to the goal."""
    met, planned, even = _("Visited"), _("With what is planned"), _("Even pace")
    marks, ways = pressable(setting, made)
    line = [_dot(point, planned) for point in made.planned()[:1]]
    line += [
        {"day": day.isoformat(), "count": round(pace(made.campaign, made.goal, day), 1), "series": even}
        for day in (made.campaign.starts_on - timedelta(days=1), made.campaign.ends_on)
    ]
    chart = _spec([met, planned, even], marks, [*marks, *line], made.goal)
    rows = _rows(made)
    columns = {
        "day": _("Day"), "met": met, "planned": planned, "pace": even, "goal": _("Goal (enterprises visited)")
    }  # fmt: skip
    drawn.show(chart, key="advance", title=_("Visits over time"), columns=columns, rows=rows, ways=ways)


def _spec(
    names: list[str], dots: list[dict[str, Any]], lines: list[dict[str, Any]], goal: int
) -> charts.Spec:  # fmt: skip
    """Return the lines by name with a dot for each day that can be pressed, and the goal across."""
    place: dict[str, dict[str, Any]] = {
        "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%m-%d", "labelOverlap": True}},
        "y": {"field": "count", "type": "quantitative", "title": None, "scale": {"domainMin": 0},
              "axis": {"tickMinStep": 1}},
        "color": {"field": "series", "type": "nominal", "title": None, "legend": {"symbolType": "stroke"},
                  "scale": {"domain": names, "range": [style.MAIN, style.SOFT, style.MUTED]}},
    }  # fmt: skip
    dashes = {"domain": names, "range": [[1, 0], [5, 3], [2, 3]]}
    tips = [
        {"field": "day", "type": "temporal", "title": _("Day"), "format": "%Y-%m-%d"},
        {"field": "series", "type": "nominal", "title": _("Kind")},
        {"field": "count", "type": "quantitative", "title": _("Enterprises")},
    ]
    dash = {**place["color"], "scale": dashes}
    goal_line = {"y": {"datum": goal, "type": "quantitative"}}
    return {
        "height": 260,
        "layer": [
            {"data": {"values": dots}, "mark": {"type": "circle", "size": 45, "opacity": 1},
             "encoding": {**place, "tooltip": tips}},
            {"data": {"values": lines}, "mark": "line", "encoding": {**place, "strokeDash": dash}},
            {"data": {"values": [{}]}, "mark": "rule", "encoding": goal_line},
        ],
    }  # fmt: skip


def _marks(
    setting: Setting, points: list[Point], series: str, standing: tuple[Standing, ...], ways: drawn.Ways
) -> list[dict[str, Any]]:
    """Return the points of a line; `ways` gets, for each, where its rows are."""
    marks = []
    for point in points:
        way = f"{series} {point.day.isoformat()}"
        ways[way] = (links.CAMPAIGN, links.targets(setting, *standing, until=point.day))
        marks.append({**_dot(point, series), "way": way})
    return marks


def _dot(point: Point, series: str) -> dict[str, Any]:
    return {"day": point.day.isoformat(), "count": point.count, "series": series}


def _rows(made: Advance) -> list[dict[str, Any]]:
    rows: dict[date, dict[str, Any]] = {}
    for name, points in (("met", made.met()), ("planned", made.planned())):
        for point in points:
            rows.setdefault(point.day, {})[name] = point.count
    return [
        {"day": day, "met": None, "planned": None, **rows[day], "goal": made.goal,
         "pace": round(pace(made.campaign, made.goal, day))}
        for day in sorted(rows)
    ]  # fmt: skip
