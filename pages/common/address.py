"""A list's view kept in the page's address, so that a link restores it and the browser's back button works.

Filters stand under their field's key (`?kind=holiday`); what belongs to the list itself begins with an underscore,
which no field key does: `_q`, `_sort`, `_page`, `_size`, `_columns`, `_row`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from models.fields import FieldKind, FieldSpec
from pages.common import ui
from pages.common.options import apart

SEARCH, SORT, PAGE, SIZE, COLUMNS, ROW = "_q", "_sort", "_page", "_size", "_columns", "_row"
RANGED = frozenset({FieldKind.DATE, FieldKind.MOMENT, FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.RATING})
_BETWEEN = ".."
_YES, _NO = "yes", "no"
_FEW = 6
_DIGITS = 10


def read(name: str) -> str:
    """Return a parameter of the address, empty if it is not there."""
    return str(st.query_params.get(name, ""))


def write(values: Mapping[str, str | Sequence[str]]) -> None:
    """Put parameters into the address; an empty value removes one. Other parameters stay."""
    for name, value in values.items():
        if value and st.query_params.get_all(name) != ([value] if isinstance(value, str) else list(value)):
            st.query_params[name] = value if isinstance(value, str) else list(value)
        elif not value and name in st.query_params:
            del st.query_params[name]


def switch(name: str, options: Mapping[str, str], label: str, *, alone: bool = True) -> str:
    """Let the person choose which of several lists the page shows, and return it; the choice stands in the address.

    Args:
        name: the parameter of the address.
        options: value → text; the first is the one shown without a choice.
        label: what is chosen, for whoever cannot see it.
        alone: whether a choice takes everything else out of the address, as another list has other filters.
    """
    given = read(name)
    chosen = given if given in options else next(iter(options))
    key = f"switch{name}"
    st.session_state[key] = chosen
    shared: dict[str, Any] = {
        "key": key, "label_visibility": "collapsed", "required": True,
        "on_change": _switched, "args": (name, key, alone),
    }  # fmt: skip
    shown = apart(options)
    if len(options) <= _FEW:
        st.segmented_control(label, list(options), format_func=lambda value: ui.inline(shown(value)), **shared)
    else:
        st.selectbox(label, list(options), format_func=shown, **shared, width=340)
    return chosen


def _switched(name: str, key: str, alone: bool) -> None:
    if alone:
        st.query_params.clear()
    st.query_params[name] = st.session_state[key]


def read_filter(spec: FieldSpec) -> Any:
    """Return the filter the address asks of a field, as `services.entities.Query` takes it; `None` for none."""
    given = st.query_params.get_all(spec.key)
    if not given:
        return None
    try:
        return _parsed(spec, given)
    except ValueError:  # an address typed by hand
        return None


def written_filter(spec: FieldSpec, wanted: Any) -> str | list[str]:
    """Return a filter as the address holds it; empty for none."""
    if spec.kind in RANGED:
        low, high = wanted or (None, None)
        return "" if low is None and high is None else f"{_text(low)}{_BETWEEN}{_text(high)}"
    return [_text(value) for value in wanted or []]


def _parsed(spec: FieldSpec, given: list[str]) -> Any:
    if spec.kind in RANGED:
        low, _between, high = given[0].partition(_BETWEEN)
        bound = date.fromisoformat if spec.kind in (FieldKind.DATE, FieldKind.MOMENT) else float
        found = tuple(bound(text) if text else None for text in (low, high))
        return None if found == (None, None) else found
    if spec.kind is FieldKind.BOOLEAN:
        return [value == _YES for value in given if value in (_YES, _NO)] or None
    if spec.kind is FieldKind.REFERENCE:
        return [_id(value) for value in given]
    return [option.value for option in spec.options if option.value in given] or None


def _id(value: str) -> int:
    """Return the id an address names; a number no row can have names none: the list is empty, and not wider."""
    return int(value) if len(value) < _DIGITS else 0


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES if value else _NO
    return f"{value:g}" if isinstance(value, float) else str(value)
