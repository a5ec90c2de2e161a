"""A list of rows a service has put together: a table whose rows can be pressed, cards on a phone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import ui

_TALL = 30


def plain_list(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    *,
    on_open: Callable[[int], None] | None = None,
    widths: Mapping[str, int] | None = None,
) -> None:
    """Show rows; the first column names them.

    Args:
        key: makes it unique on the page; the card of a row is the button `{key}_open_{id}`.
        columns: key → translated title.
        rows: key → text or number, with the row's `id`.
        on_open: called with a row's id when it is pressed, before the page runs again.
        widths: key → pixels of columns that must not take as much as their texts.
    """
    with st.container(key=f"wide_{key}"):
        _table(key, columns, rows, on_open, widths or {})
    with st.container(key=f"narrow_{key}", gap="small"):
        for row in rows:
            st.button(
                _card(columns, row), key=f"{key}_open_{row['id']}", width="stretch", disabled=on_open is None,
                on_click=on_open, args=(row["id"],),
            )  # fmt: skip


def _table(
    key: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    on_open: Callable[[int], None] | None,
    widths: Mapping[str, int],
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
        column_config={columns[name]: st.column_config.Column(width=width) for name, width in widths.items()},
        selection_mode="single-cell",
        on_select="ignore" if on_open is None else pressed,
        placeholder="",
    )


def _card(columns: Mapping[str, str], row: Mapping[str, Any]) -> str:
    (first, _title), *others = columns.items()
    parts = [f"{title} {row[name]}" for name, title in others if row[name] not in ("", None)]
    below = ui.plain(" · ".join(parts))
    return f"**{ui.plain(str(row[first]))}**" + (f"  \n:small[:gray[{below}]]" if below else "")
