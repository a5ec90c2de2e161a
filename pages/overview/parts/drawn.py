"""Charts of the overview, whose marks open their rows."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.common import charts
from pages.common.charts import AnyChart
from pages.common.links import go
from pages.common.sheets import Columns, Rows

WAY = "way"
"""The field of a chart's data that says which way a mark leads."""
Ways = dict[str, tuple[str, dict[str, Any]]]
"""Way → the page and address that show the rows of a mark."""
_LEADS = "overview_leads"


def leave() -> None:
    """Go where a mark that was pressed leads: a callback runs before the page and cannot leave it."""
    if target := st.session_state.pop(_LEADS, None):
        page, query = target
        go(page, **query)


def show(
    chart: AnyChart, *, key: str, title: str, columns: Columns, rows: Rows, ways: Mapping[str, Any]
) -> None:  # fmt: skip
    """Show a chart; see `charts.show`.

    Args:
        chart: its marks have a field `WAY`.
        key: makes it unique on the page.
        title: what it shows, translated.
        columns: what its workbook shows.
        rows: the figures of that.
        ways: where its marks lead.
    """

    def press(way: str) -> None:
        if way in ways:
            st.session_state[_LEADS] = ways[way]

    charts.show(chart, key=key, title=title, columns=columns, rows=rows, on_open=press, pick=WAY)
