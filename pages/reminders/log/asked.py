"""What the lists of the log ask for, kept in the page's address: a link restores it."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import streamlit as st

from core.i18n import gettext as _
from pages.common import address
from pages.common.options import apart

AT = "at"
E = TypeVar("E", bound=Enum)


def text(name: str, label: str, placeholder: str, *, width: int | str = 170) -> str:
    """Show a box for a text and return what stands in it."""
    key = _ready(name, address.read(name))
    st.text_input(label, key=key, placeholder=placeholder, width=width, on_change=_write, args=(name,))  # type: ignore[arg-type]  # a number or "stretch"
    return str(st.session_state[key] or "")


def choice(name: str, label: str, offered: Mapping[str, str], *, width: int | str = 150, default: str = "") -> str:
    """Show a box of choices and return the chosen value, `default` for none.

    Args:
        name: the parameter of the address.
        label: what is chosen, translated.
        offered: value → translated text.
        width: as Streamlit's.
        default: the value without a choice; empty means "all", which is then offered by leaving the box empty.
    """
    given = address.read(name)
    key = _ready(name, given if given in offered else default or None)
    st.selectbox(
        label, list(offered), format_func=apart(offered), key=key, placeholder=_("All"), width=width,  # type: ignore[arg-type]  # a number or "stretch"
        on_change=_write, args=(name,),
    )  # fmt: skip
    return str(st.session_state[key] or default)


def day(name: str, label: str) -> date | None:
    """Show a box for a day and return it."""
    key = _ready(name, _as_day(address.read(name)))
    st.date_input(label, key=key, format="YYYY-MM-DD", on_change=_write, args=(name,))
    found = st.session_state[key]
    return found if isinstance(found, date) else None


def clear(*names: str) -> None:
    """Take parameters out of the address; for a button's `on_click`."""
    address.write(dict.fromkeys((*names, AT), ""))


def turn_to(cursor: str) -> None:
    """Go to another page of the list; for a button's `on_click`."""
    address.write({AT: cursor})


def labels(choices: type[E]) -> dict[str, str]:
    """Return value → text of an enumeration, in the present language."""
    return {str(each.value): _(each.label) for each in choices}  # type: ignore[attr-defined]  # every one has labels


def _ready(name: str, present: Any) -> str:
    """Return the widget's key, with what the address says in it."""
    key = f"log_ask_{name}"
    st.session_state[key] = present
    return key


def _write(name: str) -> None:
    """Put what a widget holds into the address, and go to the first page."""
    value = st.session_state[f"log_ask_{name}"]
    address.write({name: "" if value is None else str(value), AT: ""})


def _as_day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
