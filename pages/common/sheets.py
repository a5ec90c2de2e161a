"""Any table of a page as an Excel workbook: the same columns, the same rows, numbers as numbers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from core import clock
from core.i18n import gettext as _
from core.i18n import in_locale, locale
from models.fields import FieldKind, FieldSpec
from pages.common import ui
from services import exporting

Columns = Mapping[str, str]
"""Key → translated title."""
Rows = Sequence[Mapping[str, Any]]
"""Key → value as it is: number, share, day, moment, text; `None` where there is nothing to say."""
Given = Rows | Callable[[], Rows]
"""Rows, or what returns them when the file is asked for: a page of a list shows some, its file holds all."""

_KINDS: tuple[tuple[type | tuple[type, ...], FieldKind], ...] = (
    (bool, FieldKind.BOOLEAN), (int, FieldKind.INTEGER), (float, FieldKind.NUMBER),
    (datetime, FieldKind.MOMENT), (date, FieldKind.DATE),
)  # fmt: skip


def workbook(title: str, columns: Columns, rows: Rows, shares: Collection[str] = ()) -> bytes:
    """Return a table as an Excel workbook of one sheet.

    Args:
        title: name of the sheet, translated.
        columns: what is shown.
        rows: the values.
        shares: keys of columns whose numbers are shares (0.4), shown as percentages (40%).
    """
    keys = {key: f"c{place}" for place, key in enumerate(columns)}  # a key of the page may be no key of a field
    specs = [FieldSpec(key=keys[key], label=name or key, kind=_kind(key, rows)) for key, name in columns.items()]
    cells = ({keys[key]: row.get(key) for key in columns} for row in rows)
    return exporting.workbook(title, specs, cells, formats={keys[key]: "0.0%" for key in shares if key in keys})


def excel_button(
    key: str,
    title: str,
    columns: Columns,
    rows: Given,
    *,
    shares: Collection[str] = (),
    label: str = "",
    wide: bool = False,
) -> None:
    """Show a button that hands the table out as a workbook, made only when it is pressed.

    Args:
        key: makes it unique on the page; the button is `{key}_xlsx`.
        title: names file and sheet, translated.
        columns: what is shown.
        rows: the values, or what returns them; then it runs when the button is pressed.
        shares: keys of columns whose numbers are shares.
        label: the button's text, translated; "Excel" if there is none.
        wide: whether it is one of several below each other.
    """
    offer(key, title, partial(_content, title, dict(columns), rows, tuple(shares)), label=label, wide=wide)


def offer(key: str, title: str, make: Callable[[], bytes], *, label: str = "", wide: bool = False) -> None:
    """Show the button of a workbook that something else makes when it is pressed.

    Args:
        key: makes it unique on the page; the button is `{key}_xlsx`.
        title: names the file, translated.
        make: returns the file; it runs in the page's language.
        label: the button's text, translated; "Excel" if there is none.
        wide: whether it is one of several below each other.
    """
    st.download_button(
        label or _("Excel"),
        partial(_made, locale(), make),
        file_name=file_name(title, "xlsx"),
        mime=exporting.XLSX_TYPE,
        key=f"{key}_xlsx",
        icon=":material/download:",
        type="secondary" if wide else "tertiary",
        width="stretch" if wide else "content",
        help=None if wide else _("Download this table as an Excel workbook"),
        on_click="ignore",
    )


def heading(key: str, title: str, columns: Columns, rows: Given, *, shares: Collection[str] = ()) -> None:
    """Show the title of a table with the button that hands it out beside it; the arguments are `excel_button`'s."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"download_{key}"):
        st.subheader(ui.plain(title), anchor=False, width="content")
        excel_button(key, title, columns, rows, shares=shares)


def file_name(title: str, ending: str) -> str:
    """Return the name of a file a page hands out: what it is, the day, its kind."""
    return f"{exporting.sheet_name(title)}-{clock.today():%Y%m%d}.{ending}"


def _content(title: str, columns: Columns, rows: Given, shares: Collection[str]) -> bytes:
    return workbook(title, columns, rows() if callable(rows) else rows, shares)


def _made(language: str, make: Callable[[], bytes]) -> bytes:
    with in_locale(language):  # Streamlit asks for the file outside the page's run
        return make()


def _kind(key: str, rows: Rows) -> FieldKind:
    """Return the kind that fits every value of a column; text where they differ."""
    found = {_kind_of(row[key]) for row in rows if row.get(key) not in (None, "")}
    if found == {FieldKind.INTEGER, FieldKind.NUMBER}:
        return FieldKind.NUMBER
    return found.pop() if len(found) == 1 else FieldKind.TEXT


def _kind_of(value: Any) -> FieldKind:
    return next((kind for kinds, kind in _KINDS if isinstance(value, kinds)), FieldKind.TEXT)
