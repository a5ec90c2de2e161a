"""Every chart of the product: one look, a way to its rows, and a menu that hands it out as PNG, SVG or Excel.

    charts.show(
        alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(x="team:N", y="visited:Q"),
        key="by_team", title=_("Visits by team"), columns={"team": _("Team"), "visited": _("Visited")}, rows=rows,
        on_open=remember,
    )

Colours with a meaning (`GOOD`, `BAD`, …) are in `services.charts.style`; a chart that names none gets the house's.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import altair as alt
import pandas as pd  # noqa: F401 - Altair takes it for loaded while another thread still loads it
import streamlit as st

from core.i18n import gettext as _
from core.i18n import in_locale, locale
from pages.common import sheets, ui
from pages.common.sheets import Columns, Rows
from services import charts, fonts
from services.charts import Form, style

AltairChart = (
    alt.Chart
    | alt.LayerChart
    | alt.HConcatChart
    | alt.VConcatChart
    | alt.ConcatChart
    | alt.FacetChart
    | alt.RepeatChart
)
Spec = dict[str, Any]
"""A chart written in Vega-Lite itself: what takes Altair 25 ms is there at once, for pages that must be quick."""
AnyChart = AltairChart | Spec

_PICKED, _PRESSED = "picked", "pressed"
_SINGLE_MARKS = frozenset({"bar", "rect", "arc", "point", "circle", "square", "geoshape"})
_TYPES: Mapping[Form, str] = {"png": "image/png", "svg": "image/svg+xml"}


def show(
    chart: AnyChart,
    *,
    key: str,
    title: str,
    columns: Columns,
    rows: Rows,
    shares: Collection[str] = (),
    on_open: Callable[[Any], None] | None = None,
    pick: str = "id",
    heading: bool = True,
) -> None:
    """Show a chart below its title, with its menu beside the title.

    Args:
        chart: an Altair chart, or a Vega-Lite specification, with its data inside (`alt.InlineData`); without colours,
            fonts and axes' looks of its own, which are the house's. In several layers, what can be pressed is the first
            that is no line, area, rule or text.
        key: makes it unique on the page; its buttons are `{key}_png`, `{key}_svg`, `{key}_xlsx`.
        title: what it shows, translated; names the files, and stands above the picture in them.
        columns: what the Excel workbook shows.
        rows: the figures of the chart for that workbook, as numbers, days and texts.
        shares: keys of columns whose numbers are shares (0.4), which the workbook shows as percentages.
        on_open: called with the field `pick` of the mark that is pressed, before the page runs again: as a callback it
            cannot leave the page, but remember what was pressed.
        pick: the field of the chart's data that says what a mark stands for.
        heading: whether the title stands above it on the page; without one the menu stands there alone.
    """
    with st.container(key=f"chart_{key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"download_{key}"):
            if heading:
                st.subheader(ui.plain(title), anchor=False, width="content")
            with st.popover(_("Download"), icon=":material/download:", type="tertiary", key=f"{key}_menu"):
                _pictures(chart, key, title)
                sheets.excel_button(key, title, columns, rows, shares=shares, label=_("Excel workbook"), wide=True)
        _draw(chart, key, title, on_open, pick)


def specification(chart: AnyChart, title: str) -> dict[str, Any]:
    """Return a chart as files show it: with its title, as a Vega-Lite specification."""
    return {**(chart if isinstance(chart, dict) else chart.to_dict()), "title": title}


def _pictures(chart: AnyChart, key: str, title: str) -> None:
    without = "" if fonts.chinese() else str(fonts.NoChineseFontError())
    for form, media_type in _TYPES.items():
        st.download_button(
            _("Picture (PNG)") if form == "png" else _("Drawing (SVG)"),
            partial(_picture, locale(), chart, title, form),
            file_name=sheets.file_name(title, form),
            mime=media_type,
            key=f"{key}_{form}",
            on_click="ignore",
            width="stretch",
            disabled=form == "png" and bool(without),
            help=without if form == "png" else None,
        )


def _picture(language: str, chart: AnyChart, title: str, form: Form) -> bytes:
    with in_locale(language):  # Streamlit asks for the file outside the page's run
        return charts.pictures([specification(chart, title)], form)[0]


def _draw(chart: AnyChart, key: str, title: str, on_open: Callable[[Any], None] | None, pick: str) -> None:
    if on_open is None:
        _put(_styled(chart), alt=title, key=f"{key}_chart")
        return
    turn = f"{key}_turn"
    drawn = f"{key}_chart_{st.session_state.get(turn, 0)}"

    def pressed() -> None:
        found = st.session_state[drawn]["selection"].get(_PICKED)
        if found:
            st.session_state[turn] = st.session_state.get(turn, 0) + 1  # a new chart, on which nothing is chosen
            on_open(found[0][pick])

    _put(_styled(_pressable(chart, pick), pressable=True), alt=title, key=drawn, on_select=pressed)


def _put(chart: AnyChart, **more: Any) -> None:
    if isinstance(chart, dict):
        st.vega_lite_chart(spec=chart, width="stretch", **more)
    else:
        st.altair_chart(chart, width="stretch", **more)


def _pressable(chart: AnyChart, pick: str) -> AnyChart:
    """Let the marks of a chart be pressed; of several layers those of the first whose marks stand for one row each."""
    if isinstance(chart, dict):
        return _pressable_spec(chart, pick)
    picked = alt.selection_point(name=_PICKED, fields=[pick], on="click", clear=False)
    if not isinstance(chart, alt.LayerChart):
        return chart.add_params(picked)
    place = next((place for place, layer in enumerate(chart.layer) if _mark(layer) in _SINGLE_MARKS), 0)
    copy = chart.copy(deep=False)
    copy.layer = [layer.add_params(picked) if each == place else layer for each, layer in enumerate(chart.layer)]
    return copy


def _pressable_spec(chart: Spec, pick: str) -> Spec:
    select = {"type": "point", "fields": [pick], "on": "click", "clear": False}
    picked: Spec = {"name": _PICKED, "select": select}
    if "layer" not in chart:
        return {**chart, "params": [picked]}
    layers = list(chart["layer"])
    place = next((place for place, layer in enumerate(layers) if _mark(layer) in _SINGLE_MARKS), 0)
    layers[place] = {**layers[place], "name": _PRESSED}
    return {**chart, "layer": layers, "params": [{**picked, "views": [_PRESSED]}]}


def _mark(layer: AnyChart) -> str:
    # layers within layers have none of their own
    mark = layer.get("mark", "") if isinstance(layer, dict) else getattr(layer, "mark", "")
    return str(mark.get("type") if isinstance(mark, dict) else getattr(mark, "type", mark))


def _styled(chart: AnyChart, *, pressable: bool = False) -> AnyChart:
    """Give a chart the house's look; what it says itself stands above it."""
    house = style.merged(style.on_screen(), {"mark": {"cursor": "pointer"}} if pressable else {})
    if isinstance(chart, dict):
        return {**chart, "config": style.merged(house, chart.get("config", {}))}
    own = {} if chart.config is alt.Undefined else chart.config.to_dict()
    styled = chart.copy(deep=False)
    styled.config = alt.Config(**style.merged(house, own))
    return styled
