"""A figure as a link to the rows it counts."""

from datetime import date
from typing import Any

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common.links import page_path
from services.issues.ledger_filters import QuickView
from services.two_way.figures import Figure, Key, Rows

_PAGES = {
    Rows.NEEDS: "issues/ledger.py",
    Rows.VISITS: "visits/list.py",
    Rows.PROMISES: "visits/promises.py",
    Rows.COMMITMENTS: "commitments/list.py",
    Rows.NOTICES: "overview/notices.py",
    Rows.UNTOLD: "overview/untold.py",
}
_SERIOUS = frozenset({Key.LATE, Key.BROKEN, Key.OWED_LATE, Key.UNSOLVED, Key.UNSATISFIED})


def big(key: Key, figure: Figure) -> None:
    """Show a figure large, with what it counts."""
    _link(figure, f"**{format_number(figure.count)}** {_(key.label)}", f"big_{key.value}")


def small(key: Key, figure: Figure) -> None:
    """Show a figure as one part of another; red where it is a fault and not zero."""
    text = f"{_(key.label)} {format_number(figure.count)}"
    serious = key in _SERIOUS and figure.count
    _link(figure, f":red[**{text}**]" if serious else text, f"part_{key.value}")


def gap(label: str, figure: Figure, key: str) -> None:
    """Show a figure of what is missing, large and red."""
    _link(figure, f":red[**{format_number(figure.count)}**] {label}", f"big_gap_{key}")


def _link(figure: Figure, label: str, key: str) -> None:
    with st.container(key=key, width="content"):
        st.page_link(page_path(_PAGES[figure.rows]), label=label, icon="", query_params=address_of(figure))


def address_of(figure: Figure) -> dict[str, str | list[str]]:
    """Return what the address of the list carries, so that it shows the rows a figure counts."""
    more = {"_view": QuickView.ALL.value} if figure.rows is Rows.NEEDS else {}
    return {**more, **{name: _text(value) for name, value in figure.asked.items()}}


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(each) for each in value]
    if isinstance(value, tuple):
        first, last = value
        return f"{first or ''}..{last or ''}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
