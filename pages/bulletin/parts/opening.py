"""From a figure to its frozen rows: what is open stands in the page's address, so that a link shows it again."""

from collections.abc import Callable

import streamlit as st

from pages.common import address
from pages.common.links import number_asked
from services.bulletin.reading import Opened

_TEXTS = ("kind", "state")
_NUMBERS = {"department_id": "department", "team_id": "team"}
_FIGURE, _CATEGORY = "rows", "category"
_NO_CATEGORY = "-"


def opener(opened: Opened) -> Callable[[], None]:
    """Return what a button calls to open the rows of a figure."""
    return lambda: open_rows(opened)


def open_rows(opened: Opened) -> None:
    """Open the rows of a figure when the page runs again."""
    category = opened.category if opened.category is None else opened.category or _NO_CATEGORY
    address.write({
        _FIGURE: opened.figure, _CATEGORY: category or "", **{name: getattr(opened, name) for name in _TEXTS},
        **{name: _text(getattr(opened, key)) for key, name in _NUMBERS.items()},
    })  # fmt: skip
    st.session_state.pop("rows_page", None)


def close_rows() -> None:
    """Close them."""
    address.write(dict.fromkeys((_FIGURE, _CATEGORY, *_TEXTS, *_NUMBERS.values()), ""))


def opened_rows() -> Opened | None:
    """Return whose rows are open, if any are."""
    figure = address.read(_FIGURE)
    if not figure:
        return None
    category = address.read(_CATEGORY)
    return Opened(
        figure,
        kind=address.read("kind"),
        state=address.read("state"),
        category=None if not category else "" if category == _NO_CATEGORY else category,
        department_id=number_asked("department"),
        team_id=number_asked("team"),
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
