"""Uploaded files, kept by their content: the name of a file is its SHA-256, so the same file is kept once.

Nothing here asks for permission: a file is reached only through a service that has checked the row it belongs to.
"""

import hashlib
import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

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
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    """A file in the store."""

    sha256: str
    size: int


def store(source: bytes | IO[bytes], *, limit: int | None = None) -> StoredFile:
    """Keep a file: written beside its place, flushed to disk, then renamed, so that it is there whole or not at all.

    Args:
        source: the content, or a stream that is read from where it stands.
        limit: most bytes allowed; `None` means the limit of import files.

    Raises:
        UserError: the file is empty or too large.
    """
    limit = settings().max_upload_mb << 20 if limit is None else limit
    stream = BytesIO(source) if isinstance(source, bytes) else source
    folder = settings().files_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")  # made with mode 600: never executable
    try:
        with os.fdopen(handle, "wb") as target:
            stored = _copy(stream, target, limit)
        place = _place(stored.sha256)
        place.parent.mkdir(exist_ok=True, mode=0o750)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
    return stored


def open_file(sha256: str) -> BinaryIO:
    """Open a stored file for reading.

    Raises:
        NotFoundError: there is none.
    """
    return path_of(sha256).open("rb")


def path_of(sha256: str) -> Path:
    """Return where a stored file lies: for libraries that read paths only.

    Raises:
        NotFoundError: there is none.
    """
    place = _place(sha256)
    if not place.is_file():
        raise NotFoundError(N_("This file is no longer there."))
    return place


def media_type(sha256: str) -> str:
    """Return what a stored file is by its content, whatever its name says; an image only if it can be decoded.

    Raises:
        NotFoundError: there is none.
    """
    return media_type_of(path_of(sha256))


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
    target = BytesIO()
    with _image(path_of(sha256)) as image:
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


def _place(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):  # also keeps paths such as ../ out
        raise NotFoundError(N_("This file is no longer there."))
    return settings().files_dir / sha256[:2] / sha256


def _image_type(path: Path) -> str:
    try:
        with _image(path) as image:
            image.verify()
            return _IMAGES.get(image.format or "", "")
    except UserError:
        return ""


@contextmanager
def _image(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise UserError(N_("The image has too many pixels."))
            yield image
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UserError(N_("The file is not an image that can be shown.")) from problem
    except Image.DecompressionBombWarning as problem:
        raise UserError(N_("The image has too many pixels.")) from problem
