"""Finds the line of titles in a sheet and which field each title means."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core import text
from core.i18n import LOCALES, N_, gettext, in_locale
from models.fields import FieldSpec
from services.importing.importer import Importer
from services.importing.readers import Cell

SAMPLE_ROWS = 30
"""How far down the titles are looked for."""
REASON, ROW_NUMBER = N_("What is wrong"), N_("Row in the first file")
_ADDITIONS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[*※:：?\"'“”\s_]+")

Names = dict[str, str]
"""Title without what titles differ in → field key."""


def plain(title: str) -> str:
    """Return a title without what titles differ in: space, stars, colons, remarks in brackets."""
    form = text.search_form(title)
    return _ADDITIONS.sub("", form) or form.replace(" ", "")


def names(importer: Importer, specs: Sequence[FieldSpec]) -> Names:
    """Return every title by which a file may name a field: its label in each language, its key, other titles."""
    known: Names = {}
    for spec in specs:
        labels = [spec.label, *(_in(name, spec.label) for name in LOCALES)]
        for title in (*labels, spec.key, *importer.synonyms.get(spec.key, ())):
            known.setdefault(plain(title), spec.key)
    return known


def find(rows: Sequence[Sequence[Cell]], known: Names) -> int:
    """Return the number of the row that holds the titles, counted from 1, or 0 if there is none.

    It is the first row with most known titles; without any known title, the first row about as wide as the widest.
    """
    matched = [sum(plain(str(cell)) in known for cell in row if cell != "") for row in rows]
    if matched and max(matched) > 0:
        return matched.index(max(matched)) + 1
    filled = [sum(cell != "" for cell in row) for row in rows]
    widest = max(filled, default=0)
    return next((number for number, count in enumerate(filled, start=1) if widest and count * 5 >= widest * 4), 0)


def titles(row: Iterable[Cell]) -> list[str]:
    """Return a title for each column, none twice; a column without a title has the empty one and is not read."""
    found: list[str] = []
    for cell in row:
        title = " ".join(text.clean(str(cell)).split())[:190]
        count = 2
        unique = title
        while title and unique in found:
            unique = f"{title} ({count})"
            count += 1
        found.append(unique)
    return found


def guess(found: Sequence[str], known: Names, references: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return title → field key for the titles that are known; a field is taken once, unless it is a reference.

    Several columns may name one referenced row: by its code and by its name.
    """
    mapping: dict[str, str] = {}
    for title in found:
        key = known.get(plain(title)) if title else None
        if key and (key in references or key not in mapping.values()):
            mapping[title] = key
    return mapping


def recalled(mapping: Mapping[str, str], found: Sequence[str]) -> dict[str, str]:
    """Return title → field key for the titles found, as those of an earlier file were matched.

    A title counts as it stands. It may be written in another way, see `plain`, where no other title here is like it.
    """
    forms = Counter(plain(title) for title in found)
    alone = {plain(title): key for title, key in mapping.items() if forms[plain(title)] == 1}
    return {title: key for title in found if title and (key := mapping.get(title) or alone.get(plain(title)))}


def is_ours(title: str) -> bool:
    """Return whether a column was added by the workbook of problems."""
    ours = {plain(_in(name, ours)) for name in LOCALES for ours in (REASON, ROW_NUMBER)}
    return plain(title) in ours


def digest(found: Iterable[str]) -> str:
    """Return what a mapping is remembered by: the titles, whatever their order and without our own columns."""
    kept = sorted(plain(title) for title in found if title and not is_ours(title))
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def _in(name: str, message: str) -> str:
    with in_locale(name):
        return gettext(message)
