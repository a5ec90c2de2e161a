"""Uploaded files, kept by their content: the name of a file is its SHA-256, so the same file is kept once.

Nothing here asks for permission: a file is reached only through a service that has checked the row it belongs to.
"""

import hashlib
import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from core import logs, storage
from core.errors import NotFoundError, UserError
from core.i18n import N_
from core.settings import settings

_CHUNK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_PIXELS = 60_000_000
"""More than any phone's camera makes; a small file can claim far more and fill the memory."""
warnings.simplefilter("error", Image.DecompressionBombWarning)  # refused, not only written to the log
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "MPO": "image/jpeg"}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
TOO_MANY_PIXELS = N_("The image has too many pixels.")
UNKNOWN_TYPE = "application/octet-stream"
_log = logs.get(__name__)
K = TypeVar("K")


@dataclass(frozen=True)
class StoredFile:
    """A file in the store."""

    sha256: str
    size: int


def store(source: bytes | IO[bytes], *, limit: int | None = None) -> StoredFile:
    """Keep a file whatever it is; see `store_as`.

    Raises:
        UserError: the file is empty or too large, or the store does not answer.
    """
    return store_as(source, lambda _path: None, limit=limit)[0]


def store_as(
    source: bytes | IO[bytes], accept: Callable[[Path], K], *, limit: int | None = None
) -> tuple[StoredFile, K]:
    """Keep a file: written aside, flushed to disk, looked at, then put in its place, there whole or not at all.

    Args:
        source: the content, or a stream that is read from where it stands.
        accept: looks at the file before it is kept, and raises what is against it.
        limit: most bytes allowed; `None` means the limit of import files.

    Returns:
        The file, and what `accept` found.

    Raises:
        UserError: the file is empty or too large, `accept` refuses it, or the store does not answer.
    """
    limit = settings().max_upload_mb << 20 if limit is None else limit
    stream = BytesIO(source) if isinstance(source, bytes) else source
    with storage.staged() as aside:
        with aside.open("wb") as target:
            stored = _copy(stream, target, limit)
        found = accept(aside)
        place, name = storage.store(), _name(stored.sha256)
        if not place.has(name):
            place.put(name, aside)
    return stored, found


@contextmanager
def local_copy(sha256: str) -> Iterator[Path]:
    """Give a stored file as a path, for libraries that read paths; it must not be changed and ends with the block.

    Raises:
        NotFoundError: there is none.
        UserError: the store does not answer, or returns something else than was put in.
    """
    with ExitStack() as stack:
        try:
            path = stack.enter_context(storage.store().local(_name(sha256)))
        except FileNotFoundError:
            raise NotFoundError(N_("This file is no longer there.")) from None
        _refuse_changed(sha256, path)
        yield path


def content(sha256: str) -> bytes:
    """Return what a stored file holds.

    Raises:
        NotFoundError, UserError: see `local_copy`.
    """
    with local_copy(sha256) as path:
        return path.read_bytes()


def require(sha256: str) -> None:
    """Make sure that a file is kept.

    Raises:
        NotFoundError: it is not.
    """
    if not storage.store().has(_name(sha256)):
        raise NotFoundError(N_("This file is no longer there."))


def media_type(sha256: str) -> str:
    """Return what a stored file is by its content, whatever its name says; an image only if it can be decoded.

    Raises:
        NotFoundError: there is none.
    """
    with local_copy(sha256) as path:
        return media_type_of(path)


def media_type_of(path: Path) -> str:
    """Return what any file is by its content; see `media_type`."""
    try:
        found = puremagic.magic_file(path)
    except (puremagic.PureError, ValueError):
        return UNKNOWN_TYPE
    types = [match.mime_type for match in found if match.mime_type]
    if any(kind.startswith("image/") for kind in types):
        return _image_type(path) or next((kind for kind in types if not kind.startswith("image/")), UNKNOWN_TYPE)
    return types[0] if types else UNKNOWN_TYPE


def thumbnail(sha256: str, width: int) -> bytes:
    """Return a stored image as a small WebP, upright and without the metadata (place, device) of the original.

    Args:
        sha256: the stored image.
        width: most pixels of its longer side.

    Raises:
        NotFoundError: there is no such file.
        UserError: it is no image that can be shown.
    """
    return _thumbnail(storage.store().place, sha256, width)


@lru_cache(maxsize=256)
def _thumbnail(_place: str, sha256: str, width: int) -> bytes:
    """A content never changes, so neither does its small picture: it is not fetched again for each page run."""
    target = BytesIO()
    with local_copy(sha256) as path, picture(path) as image:
        image.draft("RGB", (width, width))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((width, width))
        plain = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
        small = Image.new(plain.mode, plain.size)  # a new image: nothing of the original's metadata comes along
        small.paste(plain)
        small.save(target, "WEBP", quality=80, method=4)
    return target.getvalue()


def _copy(stream: IO[bytes], target: BinaryIO, limit: int) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise UserError(N_("The file is larger than {limit} MB."), limit=limit >> 20)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise UserError(N_("The file is empty."))
    target.flush()
    os.fsync(target.fileno())
    return StoredFile(digest.hexdigest(), size)


def _name(sha256: str) -> str:
    if not _DIGEST.fullmatch(sha256):  # also keeps paths such as ../ out
        raise NotFoundError(N_("This file is no longer there."))
    return f"{sha256[:2]}/{sha256}"


def _refuse_changed(sha256: str, path: Path) -> None:
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        _log.error("stored file is not what was put in", sha256=sha256, found=found)
        raise UserError(N_("This file was changed in the store and is not given out. Tell your administrator."))


def _image_type(path: Path) -> str:
    try:
        with picture(path) as image:
            image.verify()
            return _IMAGES.get(image.format or "", "")
    except UserError:
        return ""


@contextmanager
def picture(path: Path) -> Iterator[Image.Image]:
    """Open an image of a format and size that can be shown.

    Raises:
        UserError: it is none.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise UserError(TOO_MANY_PIXELS)
            yield image
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UserError(N_("The file is not an image that can be shown.")) from problem
    except Image.DecompressionBombWarning as problem:
        raise UserError(TOO_MANY_PIXELS) from problem
