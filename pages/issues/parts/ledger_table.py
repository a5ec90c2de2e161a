"""The ledger's rows: a table whose cells open the issue and whose boxes choose it; cards on a phone."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.i18n import format_moment, format_number, ngettext
from core.i18n import gettext as _
from core.text import excerpt
from models.fields import FieldKind, FieldSpec
from pages.common import address, fields, ui
from pages.issues.parts import ledger_address
from pages.issues.parts.left import COLOURS, short
from services.issues.ledger import Count, Page
from services.issues.ledger_fields import ASSISTING, REMAINING
from services.issues.ledger_order import Order

ON_CARDS = ("number", "state", "department_id", "due_at", "enterprise_id")
"""Fields a card tells on a phone, whatever the columns are."""
_TURN = "ledger_table_turn"
_WIDTHS = {
    "number": 128, "text": 244, "enterprise_id": 178, "state": 84, REMAINING: 104, "due_at": 148, "department_id": 120,
}  # fmt: skip
_SORTED_BY = {
    "due_at": (Order.DUE, Order.DUE),
    REMAINING: (Order.DUE, Order.DUE),
    "urgency": (Order.URGENCY, Order.URGENCY),
    "created_at": (Order.NEWEST, Order.OLDEST),
    "number": (Order.NUMBER, Order.NUMBER_DOWN),
}


def table(page: Page, columns: Sequence[str], on_open: Callable[[int], None], *, choosing: bool) -> list[int]:
    """Show the rows and return the ids of the chosen ones.

    Args:
        page: what was found.
        columns: keys of the fields to show.
        on_open: called with an issue's id when it is pressed, before the page runs again.
        choosing: whether rows can be chosen.
    """
    shown = {spec.key: spec for spec in page.specs}
    with st.container(key="wide_ledger"):
        chosen = _grid(page, [shown[key] for key in columns], on_open, choosing=choosing)
    with st.container(key="narrow_ledger", gap="small"):
        for row in page.rows:
            st.button(
                _card(page, shown, row), key=f"ledger_open_{row['id']}", width="stretch", on_click=on_open,
                args=(row["id"],),
            )  # fmt: skip
    return chosen


def pages(page: Page, total: Count) -> None:
    """Show which rows of how many these are, and the ways to the previous and the next page."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_which(page, total), width="content")
        if not (page.before or page.after):
            return
        with st.container(horizontal=True, width="content", gap="small"):
            for key, cursor, label, icon in (
                ("before", page.before, _("Previous page"), "chevron_left"),
                ("after", page.after, _("Next page"), "chevron_right"),
            ):
                st.button(
                    label, key=f"ledger_{key}", icon=f":material/{icon}:", disabled=not cursor, on_click=_turn_to,
                    args=(cursor,), icon_position="right" if key == "after" else "left",
                )  # fmt: skip


def _turn_to(cursor: str) -> None:
    address.write({ledger_address.AT: cursor})


def _which(page: Page, total: Count) -> str:
    """Say which rows are shown; far down, where nobody counts any more, only how many there are."""
    passed = page.passed
    if not (page.before or page.after) or passed is None or passed.more:
        return _how_many(total)
    first = format_number(passed.number + 1)
    last = format_number(passed.number + len(page.rows))
    return _("{first}–{last} of {total}").format(first=first, last=last, total=_how_many(total))


def _how_many(total: Count) -> str:
    if total.more:
        return _("More than {count} issues").format(count=format_number(total.number))
    return ngettext("{count} issue", "{count} issues", total.number).format(count=format_number(total.number))


def _grid(page: Page, specs: Sequence[FieldSpec], on_open: Callable[[int], None], *, choosing: bool) -> list[int]:
    ids = [row["id"] for row in page.rows]
    ui.sorted_by_header()
    key = f"ledger_table_{st.session_state.get(_TURN, 0)}_{hash(tuple(ids))}"
    rows: list[Any] = ["multi-row"] if choosing else []
    event: Any = st.dataframe(
        pd.DataFrame({spec.key: [_cell(page, spec, row) for row in page.rows] for spec in specs}),
        hide_index=True,
        key=key,
        height="content",
        row_height=38,
        column_config={spec.key: _header(page, spec) for spec in specs},
        selection_mode=[*rows, "single-cell", "single-column"],
        on_select=lambda: _selected(key, ids, on_open),
        placeholder="",
    )
    return [ids[place] for place in event["selection"]["rows"] if place < len(ids)]


def _selected(key: str, ids: list[int], on_open: Callable[[int], None]) -> None:
    """Open the issue whose cell was pressed, or order by the column whose header was; chosen rows stay chosen."""
    chosen = st.session_state[key]["selection"]
    if not chosen["cells"] and not chosen["columns"]:
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    if chosen["cells"]:
        on_open(ids[chosen["cells"][0][0]])
    elif (column := str(chosen["columns"][0])) in _SORTED_BY:
        first, other = _SORTED_BY[column]
        ledger_address.change(sort=(other if ledger_address.order() is first else first).value)


def _header(page: Page, spec: FieldSpec) -> Any:
    label, width = _(spec.label) + _arrow(spec.key), _WIDTHS.get(spec.key)
    if spec.key == REMAINING:
        colours = {_left(row): COLOURS[row[REMAINING]] for row in page.rows}
        return st.column_config.MultiselectColumn(label, width=width, options=[*colours], color=[*colours.values()])
    if spec.kind in {FieldKind.INTEGER, FieldKind.NUMBER}:
        return st.column_config.NumberColumn(label, width=width, format="localized")
    return st.column_config.TextColumn(label, width=width, pinned=spec.key == "number")


def _arrow(key: str) -> str:
    order = ledger_address.order()
    if order not in _SORTED_BY.get(key, ()):
        return ""
    return " ↓" if order in {Order.NEWEST, Order.NUMBER_DOWN} else " ↑"


def _cell(page: Page, spec: FieldSpec, row: dict[str, Any]) -> Any:
    value = row[spec.key]
    if spec.key == REMAINING:
        return [_left(row)]
    if spec.kind in {FieldKind.INTEGER, FieldKind.NUMBER}:
        return value
    return _text(page, spec, row)


def _left(row: dict[str, Any]) -> str:
    return short(row[REMAINING], row["due_at"])


def _text(page: Page, spec: FieldSpec, row: dict[str, Any]) -> str:
    value, names = row[spec.key], page.labels.get(spec.key, {})
    if spec.key == ASSISTING:
        return _(", ").join(names.get(each, "") for each in value)
    if spec.key == "due_at" and row["due_provisional"]:
        return _("{moment} (provisional)").format(moment=format_moment(value))
    return fields.shown(spec, value, names)


def _card(page: Page, shown: dict[str, FieldSpec], row: dict[str, Any]) -> str:
    badge = f":{COLOURS[row[REMAINING]]}-badge[{_left(row)}]"
    parts = [_text(page, shown[key], row) for key in ON_CARDS if key != "enterprise_id"]
    below = ui.plain(" · ".join(part for part in parts if part))
    name, said = _text(page, shown["enterprise_id"], row), str(row["text"])
    return f"**{ui.plain(name)}** {badge}  \n{ui.plain(excerpt(said, _SHORT))}  \n:small[:gray[{below}]]"


_SHORT = 60
