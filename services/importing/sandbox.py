"""Reads one workbook in a process of its own, under limits; run as a script, never imported.

The parser is native code that is given files from strangers: a file that crashes it, or makes it ask for more
memory than there is, ends this process only. Rows leave as one line of JSON each.

    python -I sandbox.py FILE                  the names of the sheets
    python -I sandbox.py FILE SHEET ROWS COLS  the size of a sheet, then its rows, unless it exceeds the limits
"""

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY_BYTES = 3 << 30
CPU_SECONDS = 300
REFUSED = 3
_NAMESPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "p": "http://schemas.openxmlformats.org/package/2006/relationships",
}
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:<f\b.*?</f>|<f[^>]*/>)?<v>([^<]*)', re.S
)
_OVERLAP = 4096
_CHUNK = 4 << 20

Errors = dict[tuple[int, int], str]


def main(path: str, sheet: str = "", most_rows: str = "0", most_columns: str = "0") -> int:
    """Print what was asked for; the exit code tells whether that was possible."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        with CalamineWorkbook.from_path(path) as book:
            if not sheet:
                _line([meta.name for meta in book.sheets_metadata if meta.visible is SheetVisibleEnum.Visible])
                return 0
            return _rows(book.get_sheet_by_name(sheet), _errors(path, sheet), int(most_rows), int(most_columns))
    except PasswordError:
        return _refuse("encrypted")
    except (CalamineError, zipfile.BadZipFile) as problem:
        return _refuse("damaged", str(problem))
    except MemoryError:
        return _refuse("too_large")
    except BaseException as problem:  # noqa: BLE001 - a panic of the native parser is a BaseException
        return _refuse("damaged", repr(problem))


def _rows(sheet: CalamineSheet, errors: Errors, most_rows: int, most_columns: int) -> int:
    if sheet.end is None:
        _line([0])
        return 0
    if sheet.end[0] >= most_rows + 100:  # titles above the header do not count
        return _refuse("too_many_rows")
    first = sheet.start[1] if sheet.start else 0
    if sheet.end[1] - first >= most_columns:
        return _refuse("too_many_columns")
    _line([sheet.end[0] + 1])
    for number, row in enumerate(sheet.iter_rows()):
        _line(
            [_plain(value) if value != "" else _error(errors, number, first + place) for place, value in enumerate(row)]
        )
    return 0


def _error(errors: Errors, row: int, column: int) -> Any:
    found = errors.get((row, column))
    return "" if found is None else {"error": found}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value


def _errors(path: str, sheet: str) -> Errors:
    """Return the error cells (#REF! and the like) of an XLSX sheet, which the parser would show as empty."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        if not member:
            return {}
        found: Errors = {}
        with archive.open(member) as stream:
            rest = b""
            while chunk := stream.read(_CHUNK):
                text = rest + chunk
                if b't="e"' in text:
                    for column, row, error in _ERROR_CELL.findall(text):
                        found[int(row) - 1, _column(column)] = error.decode("utf-8", "replace")
                rest = text[-_OVERLAP:]
        return found


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - its expat refuses expanding entities, and the limits hold
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - its expat refuses expanding entities, and the limits hold
    except KeyError:
        return ""  # an XLSB or ODS file
    link = next((each.get(_LINK) for each in book.iterfind(".//m:sheet", _NAMESPACES) if each.get("name") == sheet), "")
    target = next(
        (each.get("Target", "") for each in links.iterfind("p:Relationship", _NAMESPACES) if each.get("Id") == link), ""
    )
    member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return member if member in archive.NameToInfo else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _line(values: list[Any]) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")


def _refuse(reason: str, detail: str = "") -> int:
    sys.stderr.write(json.dumps({"reason": reason, "detail": detail[:300]}))
    return REFUSED


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]  # a text stream when run as a script
    sys.exit(main(*sys.argv[1:]))
