"""The archive: a tar file within a sealed one, written and read from its beginning to its end.

Its members: `tables/NAME/NUMBER.gz`, parts of a table's rows; `files/SHA256`; `secret.key`, if the installation keeps
its own and the archive is encrypted; and `manifest.json`, the last.
"""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from core import sealing
from services.backups.manifest import Manifest, TableFacts

TABLES, FILES, SECRET, MANIFEST = "tables", "files", "secret.key", "manifest.json"
_PART = 4 << 20
_READ = 1 << 20


class Writer:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def table(self, name: str, columns: list[str], lines: Iterable[bytes]) -> TableFacts:
        """Write a table's rows, a part at a time, and return what is to be known of them."""
        digest, count, kept, number = hashlib.sha256(), 0, bytearray(), 0
        for line in lines:
            digest.update(line)
            count += line.count(b"\n")
            kept += line
            if len(kept) >= _PART:
                self._part(name, number, kept)
                number += 1
        if kept:
            self._part(name, number, kept)
        return TableFacts(columns, count, digest.hexdigest())

    def file(self, sha256: str, path: Path) -> int:
        """Write a file and return its size; whoever calls has made sure that it is what its name says."""
        with path.open("rb") as stream:
            size = path.stat().st_size
            self._add(f"{FILES}/{sha256}", size, stream)
        return size

    def content(self, name: str, content: bytes) -> None:
        """Write a small member."""
        self._add(name, len(content), BytesIO(content))

    def _part(self, table: str, number: int, kept: bytearray) -> None:
        self.content(f"{TABLES}/{table}/{number:06}.gz", gzip.compress(bytes(kept), compresslevel=3, mtime=0))
        kept.clear()

    def _add(self, name: str, size: int, stream: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, stream)
        self._tar.members.clear()  # type: ignore[attr-defined]  # or it would remember every one


@dataclass(frozen=True)
class Member:
    """One member while it is being read."""

    name: str
    stream: IO[bytes]

    @property
    def folder(self) -> str:
        """`tables`, `files` or empty."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def table(self) -> str:
        """The table whose rows it holds."""
        return self.name.split("/")[1]

    @property
    def sha256(self) -> str:
        """What the file is called."""
        return self.name.rpartition("/")[2]

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces."""
        while part := self.stream.read(_READ):
            yield part

    def lines(self) -> bytes:
        """Return the rows of a part of a table."""
        return gzip.decompress(self.stream.read())


@contextmanager
def writing(file: Path, key: str) -> Iterator[Writer]:
    """Write an archive; it is whole and on disk when the block has ended."""
    with (
        sealing.written(file, key) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Writer(tar)


def members(file: Path, key: str) -> Iterator[Member]:
    """Yield the members of an archive, each to be read before the next is asked for.

    Raises:
        SealError: another key, or the archive is not as it was written; perhaps only at the end.
        OSError: it cannot be read.
    """
    try:
        with sealing.opened(file, key) as stream:
            yield from _of(stream)
            while stream.read(_READ):
                pass  # the end proves that nothing was cut off
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError, IndexError) as problem:
        raise sealing.damaged(file) from problem


def manifest_of(content: bytes) -> Manifest:
    """Return the manifest of a member's content.

    Raises:
        ValueError: it is none.
    """
    from services.backups import manifest

    return manifest.read(content)


def _of(stream: BinaryIO) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if content is None:
                raise tarfile.ReadError(f"{entry.name} is no file")
            yield Member(entry.name, content)
            tar.members.clear()  # type: ignore[attr-defined]  # or it would remember every one
