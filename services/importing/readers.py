"""Reads the rows of a workbook or CSV file one by one, whatever was uploaded under whatever name."""

import codecs
import csv
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from core import logs
from core.errors import UserError
from core.i18n import N_
from services import files
from services.importing import sandbox

MAX_ROWS = 500_000
MAX_COLUMNS = 200
_MAX_UNPACKED = 1 << 30
_MAX_RATIO = 200
"""Real sheets shrink to a tenth or a thirtieth; what shrinks more, and is large, was made to burst."""
_RATIO_COUNTS_FROM = 64 << 20
_MAX_MEMBERS = 2_000
_LONGEST_CELL = 1 << 20
_DELIMITERS = (",", "\t", ";", "|")
_log = logs.get(__name__)


class ErrorCell(str):
    """A cell that shows an error of Excel, such as #REF!."""

    __slots__ = ()


Cell = str | float | bool | ErrorCell
"""What a cell holds; empty is the empty text. Days and moments are text in ISO form."""


class Form(StrEnum):
    """What a file is, by its content."""

    WORKBOOK = "workbook"
    CSV = "csv"


@dataclass(frozen=True)
class Table:
    """The rows of one sheet.

    Args:
        total: how many rows there are, an estimate for CSV.
        rows: row number as the spreadsheet shows it, and the cells; to be read once.
        from_csv: whether texts may carry the apostrophe by which exports defuse formulas.
    """

    total: int
    rows: Iterator[tuple[int, list[Cell]]]
    from_csv: bool = False


def form_of(path: Path) -> Form:
    """Return what a file is.

    Raises:
        UserError: it is neither, is encrypted, damaged, or was made to burst; the text says what to do.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        _check_archive(path)
        return Form.WORKBOOK
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise UserError(_ENCRYPTED)
        return Form.WORKBOOK
    _refuse_other(path, head)
    return Form.CSV


def sheets(path: Path) -> list[str]:
    """Return the names of a workbook's visible sheets; a CSV file has one without a name.

    Raises:
        UserError: the file cannot be read; the text says what to do.
    """
    if form_of(path) is Form.CSV:
        _encoding(path)
        return [""]
    with _sandbox(str(path)) as lines:
        found = [str(name) for name in json.loads(next(lines, "[]"))]
    if not found:
        raise UserError(N_("The file has no visible sheet."))
    return found


@contextmanager
def table(path: Path, sheet: str) -> Iterator[Table]:
    """Open one sheet (the empty name for CSV) for reading.

    Yields:
        The table; its rows may raise `UserError` while they are read.

    Raises:
        UserError: the file cannot be read; the text says what to do.
    """
    if form_of(path) is Form.CSV:
        encoding, count = _encoding(path)
        with path.open(encoding=encoding, newline="") as stream:
            delimiter = _delimiter(stream)
            yield Table(count, _csv_rows(stream, delimiter), from_csv=True)
        return
    with _sandbox(str(path), sheet, str(MAX_ROWS), str(MAX_COLUMNS)) as lines:
        total = json.loads(next(lines, "[0]"))[0]
        yield Table(total, _workbook_rows(lines))


def head(path: Path, sheet: str, count: int) -> list[list[Cell]]:
    """Return the first rows of a sheet.

    Raises:
        UserError: the file cannot be read; the text says what to do.
    """
    with table(path, sheet) as found:
        return [cells for _number, cells in _first(found.rows, count)]


def _first(rows: Iterator[tuple[int, list[Cell]]], count: int) -> Iterator[tuple[int, list[Cell]]]:
    for _place, row in zip(range(count), rows, strict=False):
        yield row


_ENCRYPTED = N_("The file is protected by a password. Open it in Excel, remove the password and save it again.")
_DAMAGED = N_("The file is damaged, or is not an Excel file. Open it in Excel, save it as .xlsx and upload that.")
_BURSTS = N_("The file was refused: unpacked it would be unusually large. Save it again as .xlsx in Excel.")
_REASONS = {
    "encrypted": _ENCRYPTED,
    "damaged": _DAMAGED,
    "too_large": N_("The file needs too much memory. Split it into several smaller files."),
    "too_many_rows": N_("The sheet has more than {rows} rows. Split it into several files."),
    "too_many_columns": N_(
        "The sheet has more than {columns} columns. Delete what is not needed, also far to the right."
    ),
}


@contextmanager
def _sandbox(*arguments: str) -> Iterator[Iterator[str]]:
    command = [sys.executable, "-I", str(Path(sandbox.__file__)), *arguments]
    with subprocess.Popen(  # noqa: S603 - our own script; the arguments are a path of ours and a name, not a shell's
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="surrogatepass"
    ) as child:
        assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018 - both are asked for above
        try:
            yield _until_end(child, child.stdout, child.stderr)
        finally:
            child.kill()  # it has ended, or nobody reads it any more


def _until_end(child: "subprocess.Popen[str]", lines: IO[str], errors: IO[str]) -> Iterator[str]:
    yield from lines
    code, told = child.wait(), errors.read()
    if code == 0:
        return
    reason = json.loads(told) if code == sandbox.REFUSED and told.startswith("{") else {"reason": "too_large"}
    _log.warning("workbook_refused", code=code, **reason)
    raise UserError(_REASONS[reason["reason"]], rows=MAX_ROWS, columns=MAX_COLUMNS)


def _workbook_rows(lines: Iterator[str]) -> Iterator[tuple[int, list[Cell]]]:
    for number, line in enumerate(lines, start=1):
        cells = json.loads(line)
        if '{"error":' in line:
            cells = [ErrorCell(cell["error"]) if isinstance(cell, dict) else cell for cell in cells]
        yield number, cells


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(members)
            _check_entities(archive, members)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as problem:
        raise UserError(_DAMAGED) from problem


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise UserError(N_("This is a ZIP archive, not an Excel file. Unpack it and upload the Excel file inside."))
    if any(member.flag_bits & 1 for member in members):
        raise UserError(_ENCRYPTED)
    unpacked = sum(member.file_size for member in members)
    bursting = any(
        member.file_size > _RATIO_COUNTS_FROM and member.file_size > _MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED or bursting:
        _log.warning("archive_refused", members=len(members), unpacked=unpacked)
        raise UserError(_BURSTS)


def _check_entities(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Refuse documents that define entities: no spreadsheet program writes them, bombs do."""
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as stream:
                if re.search(rb"<!(DOCTYPE|ENTITY)", stream.read(1024)):
                    raise UserError(_BURSTS)


def _refuse_other(path: Path, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")) or (b"<html" in start or b"<table" in start):
        raise UserError(
            N_("This is a web page that was given the name of an Excel file. Open it in Excel, save it as .xlsx.")
        )
    if start.startswith(b"<?xml"):
        raise UserError(N_("This is an XML file, not an Excel file. Open it in Excel and save it as .xlsx."))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    kind = files.media_type_of(path)
    binary = kind.startswith(("image/", "video/", "audio/")) or kind in ("application/pdf", "application/x-rar")
    if binary or b"\0" in head or head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise UserError(
            N_("This is no Excel or CSV file but looks like {kind}. Accepted are .xlsx, .xls, .xlsb, .ods and .csv."),
            kind=kind,
        )


def _encoding(path: Path) -> tuple[str, int]:
    """Return the encoding of a text file and how many lines it has."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", _decoded_lines(path, "utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return encoding, _decoded_lines(path, encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(N_("The characters of the file cannot be read. Save it as “CSV UTF-8” in Excel, or as .xlsx."))


def _decoded_lines(path: Path, encoding: str) -> int:
    decoder, lines = codecs.getincrementaldecoder(encoding)("strict"), 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            text = decoder.decode(chunk)
            if "\0" in text:
                raise UserError(_DAMAGED)
            lines += text.count("\n")
    decoder.decode(b"", final=True)
    return lines + 1


def _delimiter(stream: IO[str]) -> str:
    """Return which delimiter cuts the first lines into most cells; the stream is back at its start."""
    sample = [line for _place, line in zip(range(40), iter(lambda: stream.readline(_LONGEST_CELL), ""), strict=False)]
    stream.seek(0)

    def cells(delimiter: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=cells)


def _csv_rows(stream: IO[str], delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader: Any = csv.reader(stream, delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise UserError(_REASONS["too_many_columns"], columns=MAX_COLUMNS)
            if number > MAX_ROWS + 100:
                raise UserError(_REASONS["too_many_rows"], rows=MAX_ROWS)
            yield number, cells[:MAX_COLUMNS]
    except csv.Error as problem:
        raise UserError(
            N_("Row {row} cannot be read: a quotation mark is probably missing its partner."), row=number + 1
        ) from problem
