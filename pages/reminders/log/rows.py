"""A list of the log: a table whose rows are opened by a press and chosen by their boxes; cards on a phone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.reminders.log.deeds import Chosen

_TURN = "_turn"


@dataclass(frozen=True)
class Column:
    """A column: its translated title, and its width in pixels; for badges each of their texts with its colour."""

    title: str
    width: int
    colours: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Shown:
    """A row: its id, its cells by column, and the Markdown of its card."""

    id: int
    cells: Mapping[str, Any]
    card: str


def table(key: str, columns: Mapping[str, Column], rows: Sequence[Shown], on_open: Callable[[int], None]) -> Chosen:
    """Show rows and return the ids of the chosen ones.

    Args:
        key: makes it unique on the page; the card of a row is the button `{key}_open_{id}`.
        columns: key → column.
        rows: what is shown.
        on_open: called with a row's id when it is pressed, before the page runs again.
    """
    with st.container(key=f"wide_{key}"):
        chosen = _grid(key, columns, rows, on_open)
    with st.container(key=f"narrow_{key}", gap="small"):
        for row in rows:
            st.button(row.card, key=f"{key}_open_{row.id}", width="stretch", on_click=on_open, args=(row.id,))
    return chosen


def _grid(key: str, columns: Mapping[str, Column], rows: Sequence[Shown], on_open: Callable[[int], None]) -> Chosen:
    ids = [row.id for row in rows]
    turn = f"{key}{_TURN}"
    table_key = f"{key}_table_{st.session_state.get(turn, 0)}_{hash(tuple(ids))}"

    def pressed() -> None:
        cells = st.session_state[table_key]["selection"]["cells"]
        if cells:
            st.session_state[turn] = st.session_state.get(turn, 0) + 1
            on_open(ids[cells[0][0]])

    event: Any = st.dataframe(
        pd.DataFrame({name: [row.cells[name] for row in rows] for name in columns}),
        hide_index=True,
        key=table_key,
        height="content",
        row_height=36,
        column_config={name: _header(column) for name, column in columns.items()},
        selection_mode=["multi-row", "single-cell"],
        on_select=pressed,
        placeholder="",
    )
    return [ids[place] for place in event["selection"]["rows"] if place < len(ids)]


def _header(column: Column) -> Any:
    if column.colours is None:
        return st.column_config.TextColumn(column.title, width=column.width)
    labels = list(column.colours)
    return st.column_config.MultiselectColumn(
        column.title, width=column.width, options=labels, color=[column.colours[each] for each in labels]
    )
