"""What an address asks of a list that has no filters of its own: a figure elsewhere opens exactly its rows."""

from datetime import date
from typing import TypeVar

import streamlit as st

from core.i18n import format_date, ngettext
from core.i18n import gettext as _
from models.base import LabelledEnum
from pages.common import address, ui

E = TypeVar("E", bound=LabelledEnum)
_NAMES = ("show", "area_id", "team_id", "enterprise_id")


def numbers(name: str) -> list[int]:
    """Return the numbers the address carries under a name."""
    return [int(each) for each in st.query_params.get_all(name) if each.isdecimal() and len(each) < 10]


def number(name: str) -> int | None:
    """Return the number the address carries under a name."""
    return next(iter(numbers(name)), None)


def days(name: str) -> tuple[date | None, date | None]:
    """Return the first and the last day the address carries under a name as `2023-12-01..2023-12-31`."""
    first, _between, last = address.read(name).partition("..")
    try:
        return (date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
    except ValueError:  # an address typed by hand
        return None, None


def member(name: str, usual: E) -> E:
    """Return the member of an enumeration the address names, or the usual one."""
    given = address.read(name)
    known = type(usual)
    return known.of(given) if given in {each.value for each in known} else usual


def narrowed(*names: str) -> bool:
    """Return whether the address asks for a part of a list.

    Args:
        names: further parameters that do, such as the name of a range of days.
    """
    return any(name in st.query_params for name in (*_NAMES, *names))


def told(what: str, count: int, between: tuple[date | None, date | None] = (None, None)) -> None:
    """Say what part of a list is shown, and offer the whole.

    Args:
        what: which rows, translated.
        count: how many.
        between: the days they are of.
    """
    first, last = (format_date(day) for day in between)
    period = f"{first} – {last}" if first or last else ""
    rows = ngettext("{count} row", "{count} rows", count).format(count=count)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        parts = " · ".join(part for part in (what, period, rows) if part)
        st.markdown(f":material/filter_alt: {ui.plain(parts)}", width="content")
        st.button(_("Show all"), key="show_all", type="tertiary", on_click=st.query_params.clear)
