"""Lists as XLSX workbooks and CSV files that open well in Excel and WPS and can be imported again unchanged."""

import csv
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Literal

import xlsxwriter
from sqlmodel import Session
from xlsxwriter.worksheet import Worksheet

from core.clock import zone
from core.i18n import gettext
from models.fields import FieldKind, FieldSpec
from services import access, audit_trail
from services.actor import Actor
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.queries import Query, matching, values_of
from services.entities.references import precise_names
from services.phones import readable
from services.use_case import use_case

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""Spreadsheets of Chinese and Japanese systems take the full-width signs for the others."""
_MEASURED_ROWS = 300
_NARROWEST, _WIDEST = 8, 48
_CELL_LIMIT = 32_767  # of Excel
_NUMBERS = {FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.RATING}
_FORMATS = {
    FieldKind.DATE: "yyyy-mm-dd",
    FieldKind.MOMENT: "yyyy-mm-dd hh:mm",
    FieldKind.INTEGER: "0",
    FieldKind.RATING: "0",
}
_HEADER = {"bold": True, "bg_color": "#E8EEF8", "bottom": 1, "bottom_color": "#9FB3D1", "valign": "vcenter"}

Rows = Iterable[Mapping[str, Any]]
"""Field key → value of each row; a reference's value is the text that names the row."""


def export(actor: Actor, entity: Entity, query: Query, *, form: Literal["xlsx", "csv"] = "xlsx") -> bytes:
    """Return the whole list that a search and filters leave, as a file; the audit log notes it.

    Args:
        actor: who asks.
        entity: the declaration.
        query: search, filters and order; its page is not asked.
        form: which kind of file.

    Raises:
        NotAllowedError: the role may not export this entity.
    """
    action = entity.exporting or entity.view
    with use_case(actor, action) as session:
        specs = fields(session, entity)
        counted = _Counted(_rows(session, actor, entity, query, specs))
        title = gettext(entity.labels)
        content = workbook(title, specs, counted) if form == "xlsx" else csv_file(specs, counted)
        filters = {key: str(value) for key, value in query.filters.items() if value}
        audit_trail.note(
            session, entity.key, "", "exported", rows=counted.count, form=form, search=query.search, filters=filters
        )
        return content


def workbook(
    title: str, columns: Sequence[FieldSpec], rows: Rows, *, formats: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook of one sheet: header bold, frozen and with filters; text stays text.

    Args:
        title: name of the sheet, in the present language.
        columns: what each column shows: `FieldSpec(key=…, label=…, kind=…)` is enough.
        rows: field key → value; written one by one, so that memory does not grow with them.
        formats: field key → Excel's number format, where that of the kind does not fit: `0%` for a share.
    """
    target = BytesIO()
    with written_by_rows(target) as book:
        _fill(book, sheet_name(title), columns, rows, formats or {})
    return target.getvalue()


class _PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter is not typed
    """A sheet that takes no text for marked up: XlsxWriter hands `<r>…</r>` on as XML, formulas within it too."""

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        self._xml_inline_string(string, False, list(attributes))


class _PlainWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # XlsxWriter is not typed
    """A workbook of such sheets."""

    worksheet_class = _PlainSheet


@contextmanager
def written_by_rows(target: BytesIO) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to be written from its first row down; memory does not grow with it, and texts stay texts."""
    with tempfile.TemporaryDirectory() as scratch:
        options = {
            "constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        }  # fmt: skip
        with _PlainWorkbook(target, options) as book:
            yield book


def book(sheets: Iterable[tuple[str, Sequence[FieldSpec], Rows]]) -> bytes:
    """Return a workbook of several sheets, each as `workbook` writes one.

    Args:
        sheets: name, columns and rows of each; no two names may begin alike in their first 31 characters.
    """
    target = BytesIO()
    with written_by_rows(target) as made:
        for title, columns, rows in sheets:
            _fill(made, sheet_name(title), columns, rows, {})
    return target.getvalue()


def csv_file(columns: Sequence[FieldSpec], rows: Rows) -> bytes:
    """Return a CSV file in UTF-8 with the mark by which Excel knows it; a cell that begins like a formula is quoted."""
    target = StringIO()
    writer = csv.writer(target)
    writer.writerow([_defused(gettext(spec.label)) for spec in columns])
    for row in rows:
        writer.writerow([_csv_cell(spec, cell_value(spec, row.get(spec.key))) for spec in columns])
    return target.getvalue().encode("utf-8-sig")


def cell_value(spec: FieldSpec, value: Any) -> Any:
    """Return a stored value as a file shows it: text, number, day or moment without a zone; `None` for nothing."""
    if value is None or value in ("", []):
        return None
    if spec.kind in _NUMBERS:
        return value
    return _SHOWN.get(spec.kind, _as_text)(spec, value)


def like_a_formula(shown: str) -> bool:
    """Return whether a spreadsheet that opens a CSV file may calculate a text; it ignores spaces before it."""
    return shown.startswith(_FORMULA_STARTS) or shown.lstrip().startswith(_FORMULA_STARTS)


def sheet_name(title: str) -> str:
    """Return a text as Excel allows it for the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "Sheet1"


def text_width(shown: str) -> int:
    """Return how many columns of a fixed-width font a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)


def _as_text(_spec: FieldSpec, value: Any) -> str:
    return str(value)


def _as_labels(spec: FieldSpec, value: Any) -> str:
    labels = {option.value: gettext(option.label) for option in spec.options}
    given = value if isinstance(value, list) else [value]
    return gettext(", ").join(labels.get(str(item), str(item)) for item in given)


def _as_day(_spec: FieldSpec, value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _as_moment(_spec: FieldSpec, value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(zone()).replace(tzinfo=None)


def _as_answer(_spec: FieldSpec, value: Any) -> str:
    return gettext("Yes") if value else gettext("No")


def _as_phone(_spec: FieldSpec, value: Any) -> str:
    return re.sub(r"^\+86(?=1\d{10}$)", "", str(value))


_SHOWN = {
    FieldKind.CHOICE: _as_labels,
    FieldKind.CHOICES: _as_labels,
    FieldKind.DATE: _as_day,
    FieldKind.MOMENT: _as_moment,
    FieldKind.BOOLEAN: _as_answer,
    FieldKind.PHONE: _as_phone,
}


class _Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _rows(
    session: Session, actor: Actor, entity: Entity, query: Query, specs: list[FieldSpec]
) -> Iterator[dict[str, Any]]:
    statement = matching(actor, entity, query, specs)
    statement = statement.where(access.condition(actor, entity.exporting or entity.view, entity.model))
    found = session.exec(statement.order_by(entity.model.id).execution_options(yield_per=1000))  # type: ignore[arg-type]  # a column at class level
    references = [spec for spec in specs if spec.reference]
    while batch := [values_of(row, specs) for row in islice(found, 1000)]:
        for spec in references:
            names = precise_names(session, spec.reference, {row[spec.key] for row in batch if row[spec.key]})
            for row in batch:
                row[spec.key] = names.get(row[spec.key])
        yield from (readable(actor, specs, row) for row in batch)


def _fill(book: Any, name: str, columns: Sequence[FieldSpec], rows: Rows, own_formats: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(name)
    header = book.add_format(_HEADER)
    codes = [own_formats.get(spec.key) or _FORMATS.get(spec.kind) for spec in columns]
    formats = [book.add_format({"num_format": code}) if code else None for code in codes]
    widths = [text_width(gettext(spec.label)) + 3 for spec in columns]  # room for the filter's arrow
    sheet.set_row(0, 22)
    for place, spec in enumerate(columns):
        sheet.write_string(0, place, gettext(spec.label), header)
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, spec in enumerate(columns):
            shown = cell_value(spec, row.get(spec.key))
            _write(sheet, number, place, shown, formats[place])
            if number <= _MEASURED_ROWS:
                widths[place] = max(widths[place], _width(shown))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, number, max(len(columns) - 1, 0))


def _write(sheet: Any, row: int, place: int, shown: Any, style: Any) -> None:
    if shown is None:
        return
    if isinstance(shown, date):
        sheet.write_datetime(row, place, shown, style)
    elif isinstance(shown, int | float):
        sheet.write_number(row, place, shown, style)
    else:
        sheet.write_string(row, place, shown[:_CELL_LIMIT])


def _width(shown: Any) -> int:
    if isinstance(shown, datetime):
        return 17
    if isinstance(shown, date):
        return 12
    return text_width("" if shown is None else str(shown)) + 2


def _csv_cell(spec: FieldSpec, shown: Any) -> str:
    if shown is None:
        return ""
    if isinstance(shown, datetime):
        return f"{shown:%Y-%m-%d %H:%M}"
    return str(shown) if spec.kind in _NUMBERS else _defused(str(shown))


def _defused(shown: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{shown}" if like_a_formula(shown) else shown
