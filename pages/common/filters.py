"""The filters of a list: one widget for each filterable field, kept in the address."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from pages.common import address, days, fields, ui
from pages.common.options import apart

_FILTERED = frozenset({
    FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.BOOLEAN, FieldKind.REFERENCE, *address.RANGED
})  # fmt: skip
References = Mapping[str, Mapping[int, str]]


def filterable(specs: Sequence[FieldSpec]) -> list[FieldSpec]:
    """Return the fields a list can be filtered by."""
    return [spec for spec in specs if spec.filterable and spec.kind in _FILTERED]


def show(
    specs: Sequence[FieldSpec], *, prefix: str, references: References, present: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Show the filters and return what they ask, by field key, as `services.entities.Query` takes it.

    Args:
        specs: the fields.
        prefix: makes the widgets' keys unique on the page.
        references: the rows that reference fields can name.
        present: what the filters begin with; `None` means what the address asks.
    """
    asked: dict[str, Any] = {}
    for spec in specs:
        key = f"{prefix}_{spec.key}"
        begun = address.read_filter(spec) if present is None else present.get(spec.key)
        wanted = _range(spec, key, begun) if spec.kind in address.RANGED else _values(spec, key, references, begun)
        if wanted:
            asked[spec.key] = wanted
    return asked


def asked_rows(specs: Sequence[FieldSpec]) -> dict[str, list[int]]:
    """Return which rows the address asks for, by the key of the reference field: filters must be able to name them."""
    found = {spec.key: address.read_filter(spec) for spec in specs if spec.kind is FieldKind.REFERENCE}
    return {key: ids for key, ids in found.items() if ids}


def described(specs: Sequence[FieldSpec], asked: Mapping[str, Any], references: References) -> list[str]:
    """Return what filters ask, each as “field: values”, for Markdown; also that one asks for what is no field now."""
    offered = {spec.key for spec in specs}
    said = [
        ui.labelled(ui.inline(_(spec.label)), _wanted(spec, asked[spec.key], references.get(spec.key)))
        for spec in specs
        if asked.get(spec.key) is not None
    ]
    gone = [ui.plain(_("a filter not offered any more ({key})").format(key=key)) for key in asked if key not in offered]
    return said + gone


def _wanted(spec: FieldSpec, wanted: Any, names: Mapping[int, str] | None) -> str:
    if isinstance(wanted, tuple):
        low, high = wanted
        return f"{low if low is not None else ''} – {high if high is not None else ''}"
    values = wanted if isinstance(wanted, list) else [wanted]
    return ui.plain(_(", ").join(fields.shown(spec, value, names) for value in values))


def count(specs: Sequence[FieldSpec], *, prefix: str) -> int:
    """Return how many filters are set, before they are shown."""
    return sum(1 for spec in specs if _is_set(spec, f"{prefix}_{spec.key}"))


def clear(specs: Sequence[FieldSpec]) -> None:
    """Take every filter and the search out of the address; for a button's `on_click`."""
    address.write({address.SEARCH: "", address.PAGE: "", **{spec.key: "" for spec in specs}})


def _offered(spec: FieldSpec, references: References) -> dict[Any, str]:
    if spec.kind is FieldKind.BOOLEAN:
        return {True: _("Yes"), False: _("No")}
    if spec.kind is FieldKind.REFERENCE:
        return dict(references.get(spec.key, {}))
    return {option.value: _(option.label) for option in spec.options}


def _is_set(spec: FieldSpec, key: str) -> bool:
    keys = (f"{key}_from", f"{key}_to") if spec.kind in address.RANGED else (key,)
    if not any(name in st.session_state for name in keys):  # not shown yet
        return address.read_filter(spec) is not None
    return any(st.session_state.get(name) not in (None, []) for name in keys)


def _values(spec: FieldSpec, key: str, references: References, begun: Any) -> list[Any]:
    offered = _offered(spec, references)
    if spec.kind is FieldKind.REFERENCE:
        # what cannot be named stays asked for: without it the list would be wider than what was asked
        unknown = [value for value in begun or [] if value not in offered]
        offered |= {value: _("Not in your sight ({number})").format(number=value) for value in unknown}
    present = [value for value in begun or [] if value in offered]
    if spec.kind is FieldKind.BOOLEAN:
        return st.pills(
            ui.inline(_(spec.label)), list(offered), format_func=apart(offered), key=key, selection_mode="multi",
            default=present,
        )  # fmt: skip
    help_text = _("The area itself and everything below it") if spec.reference == "area" else None
    return st.multiselect(
        ui.inline(_(spec.label)), list(offered), present, apart(offered), key, help_text, placeholder=_("All"),
        select_all=False,
    )  # fmt: skip


def _range(spec: FieldSpec, key: str, begun: Any) -> tuple[Any, Any] | None:
    present = begun or (None, None)
    low, high = st.columns(2, wrap=False)
    with low:
        first = _bound(spec, present[0], ui.inline(_(spec.label)), f"{key}_from", _("from"))
    with high:
        last = _bound(spec, present[1], "\u00a0", f"{key}_to", _("to"))
    return None if first is None and last is None else (first, last)


def _bound(spec: FieldSpec, present: Any, label: str, key: str, placeholder: str) -> Any:
    if spec.kind in (FieldKind.DATE, FieldKind.MOMENT):
        first, last = days.bounds(present)
        return st.date_input(label, present, first, last, key=key, format="YYYY-MM-DD")
    return st.number_input(label, value=present, key=key, placeholder=placeholder, step=1.0, format="%.6g")
