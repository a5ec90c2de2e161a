"""What a field is, wherever it comes from: a column, an administrator's extra field or a question of a visit form.

One specification and one check serve forms, imports, filters and exports alike.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field

from core import text
from core.clock import zone
from core.i18n import N_, gettext


class FieldKind(StrEnum):
    """How a value is entered, checked, shown and stored."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    RATING = "rating"
    PHONE = "phone"
    REFERENCE = "reference"
    ATTACHMENT = "attachment"


KIND_LABELS: dict[FieldKind, str] = {
    FieldKind.TEXT: N_("Short text"),
    FieldKind.LONG_TEXT: N_("Long text"),
    FieldKind.INTEGER: N_("Whole number"),
    FieldKind.NUMBER: N_("Number"),
    FieldKind.DATE: N_("Date"),
    FieldKind.MOMENT: N_("Date and time"),
    FieldKind.BOOLEAN: N_("Yes or no"),
    FieldKind.CHOICE: N_("Single choice"),
    FieldKind.CHOICES: N_("Multiple choice"),
    FieldKind.RATING: N_("Rating"),
    FieldKind.PHONE: N_("Phone number"),
    FieldKind.REFERENCE: N_("Reference"),
    FieldKind.ATTACHMENT: N_("Attachment"),
}


class Option(BaseModel):
    """One allowed value of a choice, with the text shown for it."""

    model_config = ConfigDict(frozen=True)

    value: str = Field(min_length=1, max_length=500)
    label: str = Field(min_length=1, max_length=500)
    active: bool = True
    """Whether it can be chosen; one that no longer can still names the values that rows have."""


class Condition(BaseModel):
    """Shows a field only while another field has one of some values."""

    model_config = ConfigDict(frozen=True)

    field: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Return whether `answers` (field key → value) fulfil the condition."""
        given = answers.get(self.field)
        present = given if isinstance(given, list | tuple) else [given]
        return any(str(value) in self.values for value in present if value is not None)


@dataclass(frozen=True)
class FieldMeta:
    """What a column's declaration says beyond its type; see `models.base.column`."""

    label: str
    kind: FieldKind | None
    choice_list: str
    reference: str
    required: bool | None
    listed: bool
    filterable: bool
    searchable: bool
    editable: bool
    help: str
    shown_if: Condition | None


class FieldSpec(BaseModel):
    """A field: its key, its label in the present language (or an id of the catalogue) and its rules."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")
    label: str = Field(min_length=1, max_length=200)
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    options: tuple[Option, ...] = ()
    help: str = Field("", max_length=500)
    shown_if: Condition | None = None
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    reference: str = ""
    listed: bool = True
    filterable: bool = False
    searchable: bool = False
    editable: bool = True
    choice_list: str = ""
    extra: bool = False
    """Whether the value lives in the row's `extra` document, as an administrator's own fields do."""

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Return whether the field is asked of somebody who gave `answers` (field key → value) before."""
        return self.shown_if is None or self.shown_if.holds(answers)


def clean_values(
    specs: Sequence[FieldSpec], raw: Mapping[str, Any], known: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Check and convert what a person or a file gave.

    Args:
        specs: the fields, in order; a condition may name an earlier field only.
        raw: field key → value as entered: text, number, date, list of values or nothing.
        known: values of fields that are not asked, which conditions may name.

    Returns:
        The values that passed, ready for `json.dumps` but for dates and moments, and for each field that did not
        a message in the present language. A field that its condition hides is left out of both.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for spec in specs:
        if not spec.is_asked({**(known or {}), **values}):
            continue
        try:
            value = clean_value(spec, raw.get(spec.key))
        except ValueError as problem:
            problems[spec.key] = gettext("{field}: {problem}").format(field=gettext(spec.label), problem=problem)
            continue
        values[spec.key] = value
    return values, problems


def as_document(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values as a JSON document keeps them: days and moments as text, what is not given left out."""
    return {
        key: value.isoformat() if isinstance(value, date | datetime) else value
        for key, value in values.items()
        if value is not None
    }


def clean_value(spec: FieldSpec, raw: Any) -> Any:
    """Return one value in the form it is stored in; `None` where nothing was given.

    Raises:
        ValueError: with a message in the present language that completes "field: …".
    """
    if isinstance(raw, str):
        raw = _cleaned(spec, raw)
    if raw is None or raw in ("", [], ()):
        if spec.required:
            raise ValueError(gettext("must be filled in"))
        return None
    value = _CONVERTERS[spec.kind](spec, raw)
    _check_bounds(spec, value)
    return value


def _check_bounds(spec: FieldSpec, value: Any) -> None:
    if isinstance(value, str) and spec.max_length and len(value) > spec.max_length:
        template = gettext("has {count} characters, at most {limit} fit")
        raise ValueError(template.format(count=len(value), limit=spec.max_length))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if spec.minimum is not None and value < spec.minimum:
        raise ValueError(gettext("must be at least {limit}").format(limit=f"{spec.minimum:g}"))
    if spec.maximum is not None and value > spec.maximum:
        raise ValueError(gettext("must be at most {limit}").format(limit=f"{spec.maximum:g}"))


def _cleaned(spec: FieldSpec, raw: str) -> str:
    return text.prose(raw) if spec.kind is FieldKind.LONG_TEXT else text.clean(raw)


def _text(spec: FieldSpec, raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    shown = _cleaned(spec, str(raw))
    if spec.kind is FieldKind.TEXT and "\n" in shown:
        return " ".join(shown.split())
    return shown


def _number(_spec: FieldSpec, raw: Any) -> float:
    if isinstance(raw, bool):
        raise ValueError(gettext("must be a number"))
    try:
        value = float(str(raw).replace(",", "").replace(" ", ""))
    except ValueError:
        raise ValueError(gettext("must be a number")) from None
    if not math.isfinite(value):
        raise ValueError(gettext("must be a number"))
    return value


def _integer(spec: FieldSpec, raw: Any) -> int:
    value = _number(spec, raw)
    if not value.is_integer() or abs(value) > 2**53:
        raise ValueError(gettext("must be a whole number"))
    return int(value)


def _rating(spec: FieldSpec, raw: Any) -> int:
    value = _integer(spec, raw)
    if not 1 <= value <= 5:
        raise ValueError(gettext("must be a rating from 1 to 5"))
    return value


_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
_EXCEL_EPOCH = date(1899, 12, 30)


def _date(_spec: FieldSpec, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = _DATE.match(str(raw))
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
        if 20000 <= float(str(raw)) <= 80000:  # a spreadsheet's day number: 1954 to 2119
            return _EXCEL_EPOCH + timedelta(days=int(float(str(raw))))
    except ValueError:
        pass
    raise ValueError(gettext("must be a date such as 2026-11-24"))


def _moment(_spec: FieldSpec, raw: Any) -> datetime:
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.replace("/", "-"))
        except ValueError:
            raise ValueError(gettext("must be a date and time such as 2026-11-24 09:30")) from None
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone())
    raise ValueError(gettext("must be a date and time such as 2026-11-24 09:30"))


_YES = frozenset({"true", "1", "1.0", "yes", "y", "是", "有", "√", "✓"})
_NO = frozenset({"false", "0", "0.0", "no", "n", "否", "无", "×", "✗"})


def _boolean(_spec: FieldSpec, raw: Any) -> bool:
    word = str(raw).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(gettext("must be yes or no"))


def _choice(spec: FieldSpec, raw: Any) -> str:
    given = str(raw)
    offered = [option for option in spec.options if option.active]
    for option in offered:
        if given in (option.value, option.label, gettext(option.label)):
            return option.value
    allowed = gettext(", ").join(gettext(option.label) for option in offered[:12])
    raise ValueError(gettext("“{value}” is not one of: {allowed}").format(value=given, allowed=allowed))


def _choices(spec: FieldSpec, raw: Any) -> list[str]:
    given = raw if isinstance(raw, list | tuple) else re.split(r"[,;,;、\n]+", str(raw))
    chosen = [_choice(spec, text.clean(str(item))) for item in given if str(item).strip()]
    return list(dict.fromkeys(chosen))


def _phone(spec: FieldSpec, raw: Any) -> str:
    try:
        parsed = phonenumbers.parse(_text(spec, raw), "CN")
    except phonenumbers.NumberParseException:
        raise ValueError(gettext("is not a phone number")) from None
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError(gettext("is not a phone number"))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _attachment(_spec: FieldSpec, raw: Any) -> list[int]:
    given = raw if isinstance(raw, list | tuple) else [raw]
    try:
        return [int(item) for item in given]
    except OverflowError:  # infinity
        raise ValueError(gettext("must be a whole number")) from None


_CONVERTERS = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.MOMENT: _moment,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.RATING: _rating,
    FieldKind.PHONE: _phone,
    FieldKind.REFERENCE: _integer,
    FieldKind.ATTACHMENT: _attachment,
}
