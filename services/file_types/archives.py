"""Office files that are ZIP archives: what they are, without unpacking what could burst."""

import re
import zipfile
import zlib
from pathlib import Path

from services.file_types import refusals
from services.file_types.refusals import RefusedError

_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 1 << 30
_RATIO_COUNTS_FROM = 64 << 20
_MOST_RATIO = 200
"""Real documents shrink to a tenth or a thirtieth; what shrinks more, and is large, was made to burst."""
_MOST_XML = 1 << 20
_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
}
_MACROS = re.compile(rb"macroEnabled|ms-office\.vbaProject", re.IGNORECASE)
_MACRO_MEMBER = re.compile(
    r"(^|/)(vbaProject|vbaData|attachedToolbars)[^/]*$|^xl/macrosheets/|/activeX/", re.IGNORECASE
)


def kind_of(path: Path) -> str:
    """Return the key of an office file, empty for any other archive.

    Raises:
        RefusedError: it is damaged, was made to burst, is protected or contains macros.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_size(members)
            return _kind(archive, {member.filename for member in members})
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
    ) as problem:
        raise RefusedError(refusals.DAMAGED) from problem


def hidden_in(path: Path) -> bool:
    """Return whether a file that is something else can be opened as an archive too."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _check_size(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    bursting = unpacked > _RATIO_COUNTS_FROM and unpacked > _MOST_RATIO * packed
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED or bursting:
        raise RefusedError(refusals.BURSTS)
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError(refusals.PASSWORD)


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(_MACRO_MEMBER.search(name) for name in names):
        raise RefusedError(refusals.MACROS)
    if "OFD.xml" in names:
        return "ofd"
    if _TYPES not in names:
        return ""
    with archive.open(_TYPES) as stream:
        types = stream.read(_MOST_XML)
    if _MACROS.search(types):
        raise RefusedError(refusals.MACROS)
    return next((key for mark, key in _MAIN_PARTS.items() if mark in types), "")
