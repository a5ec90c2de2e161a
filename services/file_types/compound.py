"""Office files of before 2007, which are small file systems of their own (OLE)."""

from pathlib import Path

from services.file_types import refusals
from services.file_types.refusals import RefusedError

_MAIN_STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls", "powerpoint document": "ppt"}
_MACRO_STORAGES = {"macros", "vba", "_vba_project_cur", "_vba_project"}
_PROTECTED = {"encryptedpackage", "encryptioninfo"}


def kind_of(path: Path) -> str:
    """Return the key of an office file, empty for anything else of that form.

    Raises:
        RefusedError: it is damaged, protected or contains macros.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path), raise_defects=olefile.DEFECT_INCORRECT) as container:
            entries = container.listdir(streams=True, storages=True)
    except Exception as problem:
        raise RefusedError(refusals.DAMAGED) from problem
    parts = {part.lower() for entry in entries for part in entry}
    if parts & _PROTECTED:
        raise RefusedError(refusals.PASSWORD)
    if parts & _MACRO_STORAGES:
        raise RefusedError(refusals.MACROS)
    top = {entry[0].lower() for entry in entries}
    return next((key for name, key in _MAIN_STREAMS.items() if name in top), "")
