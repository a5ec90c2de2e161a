"""Whether an archive holds what it says: every table's rows and every file, read to the end."""

import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from core import sealing
from core.errors import NotFoundError
from core.i18n import N_
from core.settings import settings
from services.backups import archive
from services.backups.archive import FILES, MANIFEST, TABLES
from services.backups.manifest import Manifest

_NONE = N_("There is no file {file}.")


def check(file: Path) -> Manifest:
    """Read an archive to its end and hold what it has against what it says.

    Returns:
        What it says of itself, which has been proved.

    Raises:
        SealError: it was made with another key, or is not as it was written.
        NotFoundError: there is none.
        OSError: it cannot be read.
    """
    if not file.exists():
        raise NotFoundError(_NONE, file=file)
    found, manifest = _Found(), None
    for member in archive.members(file, key()):
        if member.folder == TABLES:
            found.lines(member.table, member.lines())
        elif member.folder == FILES:
            found.file(member)
        elif member.name == MANIFEST:
            manifest = archive.manifest_of(member.stream.read())
    if manifest is None or not found.agrees(manifest):
        raise sealing.damaged(file)
    return manifest


def key() -> str:
    """Return the key of archives, empty if none is set."""
    return settings().backup_key.get_secret_value()


class _Found:
    """What an archive really holds."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()
        self._digests: defaultdict[str, Any] = defaultdict(hashlib.sha256)
        self._files = self._bytes = 0
        self._whole = True

    def lines(self, table: str, lines: bytes) -> None:
        self._rows[table] += lines.count(b"\n")
        self._digests[table].update(lines)

    def file(self, member: archive.Member) -> None:
        digest = hashlib.sha256()
        for part in member.chunks():
            digest.update(part)
            self._bytes += len(part)
        self._files += 1
        self._whole = self._whole and digest.hexdigest() == member.sha256

    def agrees(self, said: Manifest) -> bool:
        tables = {name: (facts.rows, facts.sha256) for name, facts in said.tables.items()}
        found = {name: (self._rows[name], self._digests[name].hexdigest()) for name in said.tables}
        files = (said.files, said.size) == (self._files, self._bytes)
        return self._whole and files and found == tables and self._rows.keys() <= tables.keys()
