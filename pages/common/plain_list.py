"""A list of rows a service has put together: a table whose rows can be pressed, cards on a phone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.i18n import format_number, format_percent
from pages.common import sheets, ui

_TALL = 30


def plain_list(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    *,
    on_open: Callable[[int], None] | None = None,
    widths: Mapping[str, int] | None = None,
    shares: Collection[str] = (),
    export: str = "",
    heading: bool = False,
    every: Callable[[], sheets.Rows] | None = None,
) -> None:
    """Show rows; the first column names them.

    Args:
        key: makes it unique on the page; the card of a row is the button `{key}_open_{id}`.
        columns: key → translated title.
        rows: key → text or number, with the row's `id`; `None` where there is nothing to say.
        on_open: called with a row's id when it is pressed, before the page runs again.
        widths: key → pixels of columns that must not take as much as their texts.
        shares: keys of columns whose numbers are shares (0.4), shown as percentages (40%).
        export: what the rows are, translated: they are then handed out as an Excel workbook of that name.
        heading: whether that name stands above them too.
        every: returns the rows of that workbook where these are one page of them.
    """
    if heading:
        sheets.heading(key, export, columns, every or rows, shares=shares)
    elif export and rows:
        sheets.excel_button(key, export, columns, every or rows, shares=shares)
    with st.container(key=f"wide_{key}"):
        _table(key, columns, rows, on_open, _configured(columns, rows, widths or {}, shares))
    with st.container(key=f"narrow_{key}", gap="small"):
        for row in rows:
            st.button(
                _card(columns, row, shares), key=f"{key}_open_{row['id']}", width="stretch", disabled=on_open is None,
                on_click=on_open, args=(row["id"],),
            )  # fmt: skip


def _table(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    on_open: Callable[[int], None] | None,
    configured: Mapping[str, Any],
) -> None:
    turn = f"{key}_turn"
    table = f"{key}_table_{st.session_state.get(turn, 0)}"

    def pressed() -> None:
        cells = st.session_state[table]["selection"]["cells"]
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        if cells and on_open is not None:
            on_open(rows[cells[0][0]]["id"])

    st.dataframe(
        pd.DataFrame([{title: row[name] for name, title in columns.items()} for row in rows]),
        hide_index=True,
        key=table,
        height="content" if len(rows) <= _TALL else 38 * _TALL,
        row_height=38,
        column_config=configured,
        selection_mode="single-cell",
        on_select="ignore" if on_open is None else pressed,
        placeholder="",
    )


def _configured(
    columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], widths: Mapping[str, int], shares: Collection[str]
) -> dict[str, Any]:
    """Return how columns are shown that are not just texts as wide as they are."""
    found: dict[str, Any] = {columns[key]: st.column_config.Column(width=width) for key, width in widths.items()}
    for key, title in columns.items():
        if any(isinstance(row[key], int | float) and not isinstance(row[key], bool) for row in rows):
            form = "percent" if key in shares else "localized"
            found[title] = st.column_config.NumberColumn(width=widths.get(key), format=form)
    return found


def _card(columns: Mapping[str, str], row: Mapping[str, Any], shares: Collection[str]) -> str:
    (first, _title), *others = columns.items()
    parts = [
        f"{title} {_shown(row[name], share=name in shares)}" for name, title in others if row[name] not in ("", None)
    ]
    below = ui.plain(" · ".join(parts))
    return f"**{ui.plain(str(row[first]))}**" + (f"  \n:small[:gray[{below}]]" if below else "")


def _shown(value: Any, *, share: bool) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    return format_percent(value) if share else format_number(value)
