"""From what a cell holds to the value that is stored, with a reason a person understands where that fails."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core import text
from core.i18n import LOCALES, N_, gettext, in_locale
from models.fields import FieldKind, FieldSpec, clean_value
from services.exporting import like_a_formula
from services.importing.readers import Cell, ErrorCell

_TEXTS = {
    FieldKind.TEXT,
    FieldKind.LONG_TEXT,
    FieldKind.PHONE,
    FieldKind.CHOICE,
    FieldKind.CHOICES,
    FieldKind.REFERENCE,
}
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "n/a", "#n/a", "null", "none"})
_LOST = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.0+)?")
_COUNTED = re.compile(r"(-?[\d,.]+) ?(年|人|名|个|家|户|元|岁)")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(\.0)?")
_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = datetime.fromisoformat("1899-12-30")  # without a zone, as spreadsheets are; the field's check adds ours
_EXACT = 1e15
"""Excel keeps 15 digits of a number; beyond, the others have become zeros."""
_REMEMBERED = 20_000

DIGITS_LOST = N_(
    "Excel took this for a number and lost its last digits ({value}). Format the column as text, then enter it again"
)
EXCEL_ERROR = N_("shows the error {value} of Excel; correct the formula or enter the value itself")


class Converter:
    """Turns the cells of one column into values of one field, and remembers what it has turned already."""

    def __init__(
        self,
        spec: FieldSpec,
        *,
        from_csv: bool = False,
        labels: Mapping[str, str] | None = None,
        normal: Callable[[str], str] | None = None,
    ) -> None:
        """Prepare for a field.

        Args:
            spec: the field.
            from_csv: whether an apostrophe before a formula sign is an export's.
            labels: for a choice, its texts in every language (as searched) → value.
            normal: brings a text into its usual form before it is checked.
        """
        self.spec = spec.model_copy(update={"required": False})
        self._from_csv = from_csv
        self._labels = labels or {}
        self._normal = normal
        self._known: dict[tuple[type, Cell], Any] = {}

    @property
    def is_text(self) -> bool:
        """Whether Excel must be kept from taking the column for numbers."""
        return self.spec.kind in _TEXTS

    def __call__(self, cell: Cell) -> Any:
        """Return the value of a cell, `None` for an empty one.

        Raises:
            ValueError: with the reason in the present language.
        """
        key = (type(cell), cell)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._convert(cell)
        return self._known[key]

    def _convert(self, cell: Cell) -> Any:
        raw = plain(self.spec.kind, cell, from_csv=self._from_csv)
        if raw == "":
            return None
        if self.spec.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and isinstance(raw, str):
            raw = self._chosen(raw)
        return clean_value(self.spec, self._normal(raw) if self._normal else raw)

    def _chosen(self, raw: str) -> str:
        """Return the value of a choice's text in whichever language; what is unknown stays, to be refused."""
        if self.spec.kind is FieldKind.CHOICE:
            return self._labels.get(text.search_form(raw), raw)
        parts = [part.strip() for part in re.split(r"[,;,;、\n]+", raw)]
        return ",".join(self._labels.get(text.search_form(part), part) for part in parts)


def labels(spec: FieldSpec) -> dict[str, str]:
    """Return the texts of a choice's values in every language, as searched → value."""
    found: dict[str, str] = {}
    for option in spec.options:
        for name in LOCALES:
            with in_locale(name):
                found.setdefault(text.search_form(gettext(option.label)), option.value)
    return found


def plain(kind: FieldKind, cell: Cell, *, from_csv: bool = False) -> Any:
    """Return what a cell means before the field's own check: forms of numbers and days that people and Excel write.

    Raises:
        ValueError: with the reason in the present language.
    """
    if isinstance(cell, ErrorCell):
        raise ValueError(gettext(EXCEL_ERROR).format(value=cell))
    if isinstance(cell, str):
        return _plain_text(kind, cell, from_csv=from_csv)
    if isinstance(cell, bool) or kind not in _TEXTS:
        return _plain_day(kind, str(cell)) if kind in (FieldKind.DATE, FieldKind.MOMENT) else cell
    if abs(cell) >= _EXACT:
        raise ValueError(gettext(DIGITS_LOST).format(value=f"{cell:.5E}"))
    return str(int(cell)) if float(cell).is_integer() else f"{cell:.15g}"


def shown(cell: Cell) -> str:
    """Return what a person sees in a cell."""
    if isinstance(cell, float):
        return f"{cell:.5E}" if abs(cell) >= _EXACT else f"{cell:.15g}"
    return str(cell)


def _plain_text(kind: FieldKind, cell: str, *, from_csv: bool) -> str:
    value = text.prose(cell) if kind is FieldKind.LONG_TEXT else text.clean(cell)
    if from_csv and value.startswith("'") and like_a_formula(value[1:]):
        value = value[1:]
    if value.casefold() in _NOTHING:
        return ""
    if kind in _TEXTS:
        if _LOST.fullmatch(value) and float(value) >= 1e9:
            raise ValueError(gettext(DIGITS_LOST).format(value=value))
        grouped = kind is FieldKind.PHONE and _GROUPED.fullmatch(value)
        return value.replace(",", "").split(".")[0] if grouped else value
    if kind in (FieldKind.DATE, FieldKind.MOMENT):
        return _plain_day(kind, value)
    counted = _COUNTED.fullmatch(value)
    return counted[1] if counted else value


def _plain_day(kind: FieldKind, value: str) -> str:
    if joined := _DAY.fullmatch(value):
        return "-".join(joined.groups()[:3])
    if kind is FieldKind.MOMENT:
        if found := _MOMENT.fullmatch(value):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        if re.fullmatch(r"\d{5}(\.\d+)?", value):
            return _moment_of(float(value))
    return value


def _moment_of(number: float) -> str:
    """Return the moment of a spreadsheet's day number."""
    return (_EPOCH + timedelta(seconds=round(number * 86400))).isoformat(" ")
