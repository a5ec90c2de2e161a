"""Where archives lie: a folder, or a bucket that speaks S3; each has its final name only when it is whole."""

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core import sealing, storage
from core.errors import NotFoundError, PassingError, UserError
from core.i18n import N_
from core.settings import BUCKET, settings

_NAME = re.compile(r"qianqi-(\d{8}T\d{6}Z)\.backup")
_REMOTE = "s3://"
_MOMENT = "%Y%m%dT%H%M%SZ"
_DISK_FULL = N_("The disk of {folder} is full: nothing was changed. Free some space, or choose another place.")
_UNUSABLE = N_("{folder} cannot be used ({reason}): nothing was changed.")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NOT_A_PLACE = N_("{place} is no place for backups: give a folder, or s3://bucket/prefix.")
_NO_ARCHIVE = N_("{address} names no archive: give it as s3://bucket/prefix/name.")
_NO_PLACE = N_("Say where the backup goes: with --to, or by QIANQI_BACKUP_DIR.")


@dataclass(frozen=True)
class Kept:
    """An archive in its place."""

    name: str
    at: datetime
    size: int


class Place:
    """Where archives lie.

    Args:
        address: a folder, or `s3://bucket/prefix`; empty for the one of the settings.

    Raises:
        UserError: none is given, or it is neither.
    """

    def __init__(self, address: str = "") -> None:
        self.address = address or settings().backup_dir
        if not self.address:
            raise UserError(_NO_PLACE)
        if _SCHEME.match(self.address) and not re.fullmatch(BUCKET, self.address):
            raise UserError(_NOT_A_PLACE, place=self.address)
        self.is_remote = self.address.startswith(_REMOTE)
        self._store: storage.Store = (
            storage.ObjectStore(self.address) if self.is_remote else storage.FolderStore(Path(self.address))
        )

    @contextmanager
    def draft(self, name: str) -> Iterator[Path]:
        """Give the path under which an archive is written before it is kept; gone after the block.

        Raises:
            UserError: the folder cannot be written, or its disk is full.
        """
        folder = self._drafts
        file = folder / f"{name}.part"
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                yield file
            finally:
                file.unlink(missing_ok=True)

    def drop_drafts(self, before: datetime) -> None:
        """Remove what attempts that died before a moment have left."""
        for each in self._drafts.glob("qianqi-*.backup.part"):
            if each.stat().st_mtime < before.timestamp():
                each.unlink(missing_ok=True)

    @property
    def _drafts(self) -> Path:
        return settings().data_dir / "backups.unfinished" if self.is_remote else Path(self.address)

    def keep(self, name: str, draft: Path) -> None:
        """Give a written archive its name, on disk before this returns."""
        self._store.put(name, draft)
        if not self.is_remote:
            _flush_folder(Path(self.address))

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Give an archive as a path that must not be changed.

        Raises:
            NotFoundError: there is none of that name.
        """
        try:
            with self._store.local(name) as path:
                yield path
        except FileNotFoundError:
            raise NotFoundError(N_("There is no backup {name} in {place}."), name=name, place=self.address) from None

    def kept(self) -> list[Kept]:
        """Return the archives there are, the latest first; files of other names are not ours.

        Raises:
            UserError: the folder cannot be read.
        """
        with told(Path(self.address)):
            found = [Kept(name, at, size) for name, size in self._store.names() if (at := moment_of(name))]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def is_sealed(self, name: str) -> bool:
        """Return whether an archive was written with a key; one in a bucket is not fetched whole.

        Raises:
            UserError: it cannot be read.
        """
        with told(Path(self.address)):
            return sealing.begins_sealed(self._store.beginning(name, sealing.BEGINNING))

    def drop(self, name: str) -> None:
        """Remove an archive."""
        self._store.drop(name)


@contextmanager
def at_hand(address: str) -> Iterator[Path]:
    """Give the archive of a path or of `s3://bucket/prefix/name`: fetched under its name, removed after the block.

    Raises:
        NotFoundError: the bucket has none of that name.
        UserError: no name follows the bucket, the store does not answer, or there is no room for the copy.
    """
    if not address.startswith(_REMOTE):
        yield Path(address)
        return
    place, _slash, name = address.rpartition("/")
    if not (name and re.fullmatch(BUCKET, place)):
        raise UserError(_NO_ARCHIVE, address=address)
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    with (
        Place(place).local(name) as copy,
        tempfile.TemporaryDirectory(prefix="fetched-", dir=settings().data_dir) as folder,
    ):
        yield copy.rename(Path(folder) / name)


def name_of(at: datetime) -> str:
    """Return the name of the archive of a moment."""
    return f"qianqi-{at.astimezone(UTC):{_MOMENT}}.backup"


def moment_of(name: str) -> datetime | None:
    """Return the moment of an archive by its name; `None` if it is not the name of one."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC) if found else None


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the machine says about a folder into a sentence.

    Raises:
        PassingError: the folder does not serve now: a disk that is full or away.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise PassingError(_DISK_FULL, folder=folder) from problem
        raise PassingError(_UNUSABLE, folder=problem.filename or folder, reason=problem.strerror) from problem


def _flush_folder(folder: Path) -> None:
    """Let the new name survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
