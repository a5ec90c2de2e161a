"""Charts of the overview, whose marks open their rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import streamlit as st

from pages.common.links import go

_GO = "overview_go"
_PICKED = "picked"


def leave() -> None:
    """Go where a mark that was pressed leads: a callback runs before the page and cannot leave it."""
    if target := st.session_state.pop(_GO, None):
        page, query = target
        go(page, **query)


def show(
    chart: Any, *, key: str, title: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]],
    ways: Mapping[str, tuple[str, dict[str, Any]]],
) -> None:  # fmt: skip
    """Show a chart.

    Args:
        chart: its marks have a field `way`.
        key: makes it unique on the page.
        title: what it shows, translated.
        columns: key → title of its figures for a workbook.
        rows: its figures.
        ways: way → the page and address that show the rows of a mark.
    """
    turn = f"{key}_turn"
    drawn = f"{key}_chart_{st.session_state.get(turn, 0)}"

    def pressed() -> None:
        found = st.session_state[drawn]["selection"].get(_PICKED)
        if found:
            st.session_state[turn] = st.session_state.get(turn, 0) + 1
            st.session_state[_GO] = ways.get(found[0]["way"])

    st.markdown(f"**{title}**")
    picked = alt.selection_point(name=_PICKED, fields=["way"], on="click", clear=False)
    st.altair_chart(chart.add_params(picked), width="stretch", key=drawn, on_select=pressed)
