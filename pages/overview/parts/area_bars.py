"""The areas below as bars, so that what lags stands out; a press on a bar goes down into its area."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from core.i18n import gettext as _
from pages.common import charts
from pages.overview.parts.area_look import ISSUES, REACHED
from pages.overview.parts.area_walk import down
from services.territory.figures import Line
from services.territory.points import REACHED as OF_STANDING

_BAR, _AROUND = 30, 110
_AREA = "area"


def bars(lines: Sequence[Line], *, with_visits: bool) -> None:
    """Show how far the visits of each place are, and how many of its issues are open and overdue.

    Args:
        lines: the places, in the order they are shown.
        with_visits: whether there is a campaign whose visits can be told.
    """
    if with_visits:
        looks = {reached.value: (_(reached.label), colour) for reached, colour in reversed(REACHED.items())}
        rows = [_row(line, {reached.value: _standing(line, reached) for reached in REACHED}) for line in lines]
        _show("areas_visits", _("Enterprises by how far the visits are"), rows, looks)
    looks = {key: (_(label), colour) for key, (label, colour) in ISSUES.items()}
    rows = [_row(line, {"overdue": line.overdue, "in_time": line.open - line.overdue}) for line in lines]
    _show("areas_issues", _("Open issues, and those overdue"), rows, looks)


def _standing(line: Line, reached: str) -> int:
    return sum(count for standing, count in line.targets.counts.items() if OF_STANDING[standing] == reached)


def _row(line: Line, counts: Mapping[str, int]) -> dict[str, Any]:
    return {"id": line.place.id if line.place else 0, _AREA: line.place.name if line.place else "", **counts}


def _show(
    key: str, title: str, rows: Sequence[Mapping[str, Any]], looks: Mapping[str, tuple[str, str]]
) -> None:  # fmt: skip
    labels, colours = [label for label, _colour in looks.values()], [colour for _label, colour in looks.values()]
    parts = [
        {"id": row["id"], _AREA: row[_AREA], "part": label, "order": place, "count": row[name]}
        for row in rows
        for place, (name, (label, _colour)) in enumerate(looks.items())
        if row[name]
    ]
    chart = (
        alt.Chart(alt.InlineData(values=parts))
        .mark_bar(cornerRadiusEnd=0)
        .encode(
            x=alt.X("count:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            y=alt.Y(f"{_AREA}:N", title=None, sort=[row[_AREA] for row in rows], axis=alt.Axis(labelLimit=160)),
            color=alt.Color(
                "part:N", title=None, scale=alt.Scale(domain=labels, range=colours), legend=alt.Legend(columns=3)
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip(f"{_AREA}:N", title=_("By area")), alt.Tooltip("part:N", title=_("How far")),
                alt.Tooltip("count:Q", title=_("Count")),
            ],
        )
        .properties(height=_AROUND + _BAR * len(rows))
    )  # fmt: skip
    columns = {_AREA: _("By area"), **{name: label for name, (label, _colour) in looks.items()}}
    charts.show(chart, key=key, title=title, columns=columns, rows=rows, on_open=down)
