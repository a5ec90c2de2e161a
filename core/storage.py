"""Where files lie: a folder of this machine, or any store that speaks S3. Names are given by the caller.

Both keep a file whole or not at all, and neither knows what a file means.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from core import logs
from core.errors import PassingError
from core.i18n import N_
from core.settings import settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Store

_PRIVATE = 0o750
_PROBE = "probe/qianqi"
_RETRIES = 3
_SECONDS = 60
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_log = logs.get(__name__)


class StorageError(PassingError):
    """The store does not answer or refuses; nothing was changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("The file store does not answer. Please try again in a moment."))
        self.reason = reason
        """What the store said, for logs and for the doctor."""


class Store(Protocol):
    """A place for files."""

    place: str
    """What people call it: a folder or an address without secrets."""

    def put(self, name: str, source: Path) -> None:
        """Keep a file under a name; `source` may be moved away."""

    def has(self, name: str) -> bool:
        """Return whether there is a file of that name."""

    def drop(self, name: str) -> None:
        """Remove a file; none of that name is well too."""

    def beginning(self, name: str, count: int) -> bytes:
        """Return the first bytes of a file, at most `count`."""

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield what lies right below the place, each with its size in bytes."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """Give the file as a path that must not be changed, valid within the block.

        Raises:
            FileNotFoundError: there is none of that name.
        """


class FolderStore:
    """A folder of this machine, or one that several machines share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def put(self, name: str, source: Path) -> None:
        """Move the file to its place: renamed, so that it is there whole or not at all."""
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        source.replace(target)

    def has(self, name: str) -> bool:
        """Return whether the file is there."""
        return (self._folder / name).is_file()

    def drop(self, name: str) -> None:
        """Remove the file."""
        (self._folder / name).unlink(missing_ok=True)

    def beginning(self, name: str, count: int) -> bytes:
        """Read them."""
        with (self._folder / name).open("rb") as stream:
            return stream.read(count)

    def names(self) -> Iterator[tuple[str, int]]:
        """List the folder; one that is not there has none."""
        if self._folder.is_dir():
            yield from ((each.name, each.stat().st_size) for each in self._folder.iterdir() if each.is_file())

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Give the file itself."""
        if not self.has(name):
            raise FileNotFoundError(name)
        yield self._folder / name


class ObjectStore:
    """A bucket of a store that speaks S3, and a prefix within it."""

    def __init__(self, address: str) -> None:
        self._store = _bucket(address)
        self.place = address

    def put(self, name: str, source: Path) -> None:
        """Upload the file, a large one in parts: the store shows it when the last part has come."""
        import obstore

        with _told(missing=True):
            obstore.put(self._store, name, source)

    def has(self, name: str) -> bool:
        """Ask the store whether it has the file."""
        import obstore

        with _told():
            try:
                obstore.head(self._store, name)
            except FileNotFoundError:
                return False
        return True

    def drop(self, name: str) -> None:
        """Remove the file."""
        import obstore

        with _told(missing=True):
            obstore.delete(self._store, name)

    def beginning(self, name: str, count: int) -> bytes:
        """Fetch as much as the store sends at once; not every store can be asked for a part."""
        import obstore

        with _told():
            return b"".join(bytes(chunk) for chunk in islice(obstore.get(self._store, name), 1))[:count]

    def names(self) -> Iterator[tuple[str, int]]:
        """List what the store has there."""
        import obstore

        with _told(missing=True):
            found = obstore.list_with_delimiter(self._store)["objects"]
        yield from ((each["path"], each["size"]) for each in found)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Give a copy that is removed at the end of the block."""
        with staged() as copy:
            self._fetch(name, copy)
            yield copy

    def _fetch(self, name: str, copy: Path) -> None:
        import obstore

        with _told(), copy.open("wb") as target:
            for chunk in obstore.get(self._store, name):
                target.write(chunk)


@contextmanager
def staged() -> Iterator[Path]:
    """Give an empty file, readable by its owner alone, beside the files of the data folder; removed after the block.

    Raises:
        PassingError: the disk is full.
    """
    with _room(), _aside() as path:
        yield path


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno not in _FULL:
            raise
        _log.error("no room left for files", folder=str(settings().files_dir))
        raise PassingError(
            N_("There is no room left on the server’s disk; nothing was kept. Please tell your administrator.")
        ) from problem


@contextmanager
def _aside() -> Iterator[Path]:
    folder = settings().files_dir
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")  # made with mode 600: never executable
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def store() -> Store:
    """Return the store that the settings name."""
    given = settings()
    return _remote(given.files_url) if given.files_url else FolderStore(given.files_dir)


def probe() -> None:
    """Write, read and remove a small file.

    Raises:
        StorageError: one of them failed; `reason` says how.
        OSError: the folder refuses.
    """
    used = store()
    with staged() as source:
        source.write_bytes(b"Qianqi")
        used.put(_PROBE, source)
    with used.local(_PROBE) as copy:
        if copy.read_bytes() != b"Qianqi":
            raise StorageError("it returns something else than it was given")
    used.drop(_PROBE)


def reset() -> None:
    """Forget the connections, so that the next use reads the settings again."""
    _remote.cache_clear()


@cache
def _remote(address: str) -> ObjectStore:
    """Return one store for the process: it keeps connections open."""
    return ObjectStore(address)


def _bucket(address: str) -> "S3Store":
    from obstore.store import S3Store

    given = settings()
    known = {
        "endpoint": _endpoint(address),
        "access_key_id": given.files_key,
        "secret_access_key": given.files_secret.get_secret_value(),
    }
    config: Any = {"region": given.files_region, "virtual_hosted_style_request": given.files_bucket_host}
    config |= {name: value for name, value in known.items() if value}
    client: ClientConfig = {"allow_http": given.files_endpoint.startswith("http://"), "timeout": f"{_SECONDS}s"}
    return S3Store.from_url(address, config=config, client_options=client, retry_config={"max_retries": _RETRIES})


def _endpoint(address: str) -> str:
    """Return the address of the store's server: with the bucket as part of its name where the store wants that."""
    given = settings()
    if not given.files_bucket_host or not given.files_endpoint:
        return given.files_endpoint.rstrip("/")
    server = urlsplit(given.files_endpoint)
    return f"{server.scheme}://{urlsplit(address).netloc}.{server.netloc}"


@contextmanager
def _told(*, missing: bool = False) -> Iterator[None]:
    """Turn the library's errors into one that a person can be told, and write down what the store said.

    Args:
        missing: whether something missing is an error of the store, as a missing bucket is.
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, FileNotFoundError) as problem:
        if isinstance(problem, FileNotFoundError) and not missing:
            raise
        reason = str(problem).split("\n", 1)[0]
        _log.warning("file store failed", reason=reason)
        raise StorageError(reason) from problem
