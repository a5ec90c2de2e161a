"""Shows a field as an input and a value as text: one renderer for forms, visit forms and extra fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

import phonenumbers
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.i18n import format_date, format_moment, format_number
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec, clean_value
from pages.common import days, ui
from pages.common.options import apart

N = TypeVar("N", int, float)
Choices = Mapping[str, Mapping[int, str]]
"""Reference field key → id → name of the rows that can be chosen, in the order they are offered."""
Slots = dict[str, DeltaGenerator]
"""Field key → the place below the field, where `pages.common.ui.told` writes what is wrong with it."""


def inputs(
    specs: Sequence[FieldSpec],
    values: Mapping[str, Any],
    *,
    prefix: str,
    references: Choices | None = None,
    slots: Slots | None = None,
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Show fields one below the other and return what was entered, by field key.

    Args:
        specs: the fields; one whose condition does not hold for the values above it is not shown.
        values: what to begin with, by field key.
        prefix: makes the widgets' keys unique on the page: each is `{prefix}_{field key}`.
        references: the rows that reference fields can name.
        slots: is filled with the place below each field; hand it to `told` when the values are saved.
        known: what was entered in fields shown elsewhere, which conditions may name.
    """
    entered: dict[str, Any] = {}
    for spec in specs:
        if not spec.is_asked({**(known or {}), **entered}):
            continue
        key = f"{prefix}_{spec.key}"
        chosen = (references or {}).get(spec.key, {})
        entered[spec.key] = field_input(spec, values.get(spec.key), key=key, chosen=chosen)
        if slots is not None:
            slots[spec.key] = st.empty()
    return entered


def field_input(spec: FieldSpec, value: Any, *, key: str, chosen: Mapping[int, str] | None = None) -> Any:
    """Show one field with its present value and return what was entered, `None` where nothing was.

    A value the field no longer takes stands there until it is changed; one of another kind leaves the field empty.
    An attachment returns the files themselves: the caller stores them and keeps their ids.
    """
    show = _INPUTS.get(spec.kind, _text)
    label = marked(ui.inline(_(spec.label)), spec)
    if spec.kind is FieldKind.REFERENCE:
        return _reference(label, value, key, chosen or {}, spec)
    return show(spec, label, _fitting(spec, value), key)


_WRITTEN = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PHONE, FieldKind.CHOICE)
_FITTING: dict[FieldKind, tuple[type, ...]] = {
    FieldKind.INTEGER: (int, float, str),
    FieldKind.NUMBER: (int, float, str),
    FieldKind.RATING: (int, float, str),
    FieldKind.DATE: (date, str),
    FieldKind.MOMENT: (datetime, str),
    FieldKind.BOOLEAN: (bool,),
    FieldKind.CHOICES: (list, tuple),
    FieldKind.ATTACHMENT: (list, tuple),
    **dict.fromkeys(_WRITTEN, (str, int, float)),
}
_CONVERTED = (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.RATING, FieldKind.DATE, FieldKind.MOMENT)
_UNBOUNDED = {"minimum": None, "maximum": None, "max_length": None}


def _fitting(spec: FieldSpec, value: Any) -> Any:
    """Return a present value as the field's input takes it, whatever its bounds; `None` for one of another kind.

    The kind of a question may change while drafts answer it.
    """
    is_boolean = spec.kind is FieldKind.BOOLEAN
    if value in (None, "") or not isinstance(value, _FITTING[spec.kind]) or isinstance(value, bool) is not is_boolean:
        return None
    if spec.kind not in _CONVERTED:
        return str(value) if spec.kind in _WRITTEN else value
    try:
        return clean_value(spec.model_copy(update=_UNBOUNDED), value)
    except ValueError:
        return None


def _lowest(bound: N | None, value: N | None) -> N | None:
    """Return a smallest value as low as the present value needs it: Streamlit refuses to show one below."""
    return bound if bound is None or value is None else min(bound, value)


def _highest(bound: N | None, value: N | None) -> N | None:
    """Return a largest value as high as the present value needs it: Streamlit refuses to show one above."""
    return bound if bound is None or value is None else max(bound, value)


def marked(label: str, spec: FieldSpec) -> str:
    """Return the label of a field, which says so if it must be filled in."""
    return required(label) if spec.required else label


def required(label: str) -> str:
    """Return the label of a field that must be filled in: in words, for who cannot see it hears it as it is written."""
    return _("{label} (required)").format(label=label)


def shown(spec: FieldSpec, value: Any, names: Mapping[int, str] | None = None) -> str:
    """Return a value as people read it in lists and profiles; empty for nothing."""
    if value is None or value in ("", []):
        return ""
    if spec.kind is FieldKind.REFERENCE:
        return (names or {}).get(value, "")
    if spec.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        labels = {option.value: _(option.label) for option in spec.options}
        given = value if isinstance(value, list) else [value]
        return _(", ").join(labels.get(str(item), str(item)) for item in given)
    if spec.kind is FieldKind.BOOLEAN:
        return _("Yes") if value else _("No")
    return _plain(spec, value)


def _plain(spec: FieldSpec, value: Any) -> str:
    if spec.kind is FieldKind.DATE:
        return format_date(value if isinstance(value, date) else date.fromisoformat(value))
    if spec.kind is FieldKind.MOMENT:
        return format_moment(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    if spec.kind is FieldKind.NUMBER:
        return format_number(value)
    if spec.kind is FieldKind.PHONE:
        return _national(str(value))
    if spec.kind is FieldKind.RATING:
        return "★" * int(value) + "☆" * (5 - int(value))
    return str(value)


def _national(phone: str) -> str:
    """Return a stored phone number as it is dialled at home; a masked one stays as it is."""
    if "*" in phone:  # which the parser would leave out
        return phone
    try:
        parsed = phonenumbers.parse(phone, "CN")
    except phonenumbers.NumberParseException:
        return phone
    if parsed.country_code != 86:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def _help(spec: FieldSpec) -> str | None:
    return ui.inline(_(spec.help)) or None


def _text(spec: FieldSpec, label: str, value: Any, key: str) -> str | None:
    return st.text_input(label, value or "", key=key, help=_help(spec), max_chars=_room(spec, value))


def _long_text(spec: FieldSpec, label: str, value: Any, key: str) -> str | None:
    return st.text_area(label, value or "", key=key, help=_help(spec), max_chars=_room(spec, value))


def _room(spec: FieldSpec, value: str | None) -> int | None:
    """Return how much fits: never less than there is, for the rest would be cut off."""
    return _highest(spec.max_length, len(value or ""))


def _phone(spec: FieldSpec, label: str, value: Any, key: str) -> str | None:
    start = _national(value) if value else ""
    return st.text_input(label, start, key=key, help=_help(spec), type="phone", placeholder="")


def _integer(spec: FieldSpec, label: str, value: Any, key: str) -> int | None:
    low = None if spec.minimum is None else int(spec.minimum)
    high = None if spec.maximum is None else int(spec.maximum)
    start: int | None = value
    low, high = _lowest(low, start), _highest(high, start)
    entered = st.number_input(label, low, high, start, step=1, key=key, help=_help(spec))
    return None if entered is None else int(entered)


def _number(spec: FieldSpec, label: str, value: Any, key: str) -> float | None:
    start: float | None = value
    low, high = _lowest(spec.minimum, start), _highest(spec.maximum, start)
    return st.number_input(label, low, high, start, key=key, help=_help(spec), format="%.10g", step=None)


def _date(spec: FieldSpec, label: str, value: Any, key: str) -> date | None:
    first, last = days.bounds(value)
    entered = st.date_input(label, value, first, last, key=key, help=_help(spec), format="YYYY-MM-DD")
    return entered if isinstance(entered, date) else None


def _moment(spec: FieldSpec, label: str, value: Any, key: str) -> datetime | None:
    first, last = days.bounds(value.date() if value else None)
    low, high = datetime.combine(first, time.min), datetime.combine(last, time.max)
    entered = st.datetime_input(label, value, low, high, key=key, help=_help(spec), format="YYYY-MM-DD")
    return entered if isinstance(entered, datetime) else None


def _boolean(spec: FieldSpec, label: str, value: Any, key: str) -> bool | None:
    if spec.required:  # a box that is not ticked would look like an answer
        texts = {True: _("Yes"), False: _("No")}
        return st.pills(label, list(texts), default=value, format_func=apart(texts), key=key, help=_help(spec))
    return st.checkbox(label, value or False, key=key, help=_help(spec))


_FEW = 5
_SHORT = 28
"""Characters of all options that fit into one row of pills; more would be cut off."""


def _labels(spec: FieldSpec, present: Sequence[str]) -> dict[str, str]:
    """Return what can be chosen, and what the row has although it no longer can: without a text if it has none."""
    labels = {o.value: _(o.label) for o in spec.options if o.active or o.value in present}
    return labels | {value: value for value in present if value not in labels}


def _pill(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda value: ui.inline(labels[value])


def _choice(spec: FieldSpec, label: str, value: Any, key: str) -> str | None:
    labels = _labels(spec, [value] if value else [])
    if 0 < len(labels) <= _FEW and sum(map(len, labels.values())) <= _SHORT:
        return st.pills(label, list(labels), default=value, format_func=_pill(labels), key=key, help=_help(spec))
    index = list(labels).index(value) if value else None
    return st.selectbox(label, list(labels), index, apart(labels), key, _help(spec), placeholder=_("Choose"))


def _choices(spec: FieldSpec, label: str, value: Any, key: str) -> list[str]:
    present = [str(item) for item in value or []]
    labels = _labels(spec, present)
    if 0 < len(labels) <= 2 * _FEW:
        return st.pills(
            label, list(labels), selection_mode="multi", default=present, format_func=_pill(labels), key=key,
            help=_help(spec),
        )  # fmt: skip
    return st.multiselect(label, list(labels), present, apart(labels), key, _help(spec), placeholder=_("Choose"))


def _rating(spec: FieldSpec, label: str, value: Any, key: str) -> int | None:
    st.markdown(f":small[{label}]", help=_help(spec))
    stars = st.feedback("stars", key=key, default=None if value is None else value - 1)
    return None if stars is None else stars + 1


def _attachment(spec: FieldSpec, label: str, _value: Any, key: str) -> list[UploadedFile]:
    return st.file_uploader(label, key=key, help=_help(spec), accept_multiple_files=True)


def _reference(label: str, value: Any, key: str, chosen: Mapping[int, str], spec: FieldSpec) -> int | None:
    ids = list(chosen)
    index = ids.index(value) if value in chosen else None
    return st.selectbox(label, ids, index, apart(chosen), key, _help(spec), placeholder=_("Choose"))


_INPUTS = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.PHONE: _phone,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.MOMENT: _moment,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.RATING: _rating,
    FieldKind.ATTACHMENT: _attachment,
}
