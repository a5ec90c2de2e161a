"""What a file is, and whether it may be attached."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from core import text
from core.errors import UserError
from core.i18n import gettext
from core.settings import settings
from services import files
from services.file_types import archives, compound, recordings, refusals
from services.file_types.refusals import RefusedError
from services.file_types.table import TYPES, Family, FileType

PHOTOS = frozenset({Family.PHOTO})
DOCUMENTS = frozenset({Family.PHOTO, Family.DOCUMENT})
EVERYTHING = frozenset(Family)
_HEAD = 4096
_PDF_TAIL = 2048
_LONGEST_NAME = 200
_SMALL = (256, 256)


def recognised(path: Path, file_name: str, families: Iterable[Family] = EVERYTHING) -> FileType:
    """Return what a file is that is about to be kept.

    Args:
        path: the file.
        file_name: its name as given; it must not promise something else.
        families: what is accepted here.

    Raises:
        RefusedError: it is none of these, is something else than its name says, too large, or dangerous.
    """
    name = tidy_name(file_name)
    try:
        found = _accepted(path, frozenset(families))
        _check_name(found, name)
        _check_size(found, path)
    except RefusedError as refusal:
        raise refusal.named(name) from refusal
    return found


def limit_of(families: Iterable[Family]) -> int:
    """Return the most MiB that a file of one of these families may have."""
    given = settings()
    limits = {
        Family.PHOTO: given.max_photo_mb,
        Family.DOCUMENT: given.max_document_mb,
        Family.AUDIO: given.max_audio_mb,
        Family.VIDEO: given.max_video_mb,
    }
    return max(limits[family] for family in families)


def endings(families: Iterable[Family]) -> list[str]:
    """Return the endings that files of these families may have, for choosing them."""
    wanted = frozenset(families)
    return list(dict.fromkeys(ending for kind in TYPES.values() if kind.family in wanted for ending in kind.endings))


def tidy_name(file_name: str, kind: FileType | None = None) -> str:
    """Return the name of a file without its folder; with `kind`, one that ends as files of that kind do."""
    one_line = " ".join(text.clean(file_name).split())  # a line break would end a header of the answer
    name = PurePath(one_line.replace("\\", "/")).name[-_LONGEST_NAME:]
    if kind is None or _ending(name) in _possible(kind):
        return name
    return f"{name[: _LONGEST_NAME - 6]}.{kind.endings[0]}"


def _accepted(path: Path, families: frozenset[Family]) -> FileType:
    found = TYPES.get(_key(path))
    if found is None or found.family not in families:
        raise RefusedError(_not_accepted(families))
    return found


def _key(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return archives.kind_of(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return compound.kind_of(path)
    key = _pdf(path, head) or _image(path) or recordings.kind_of(path, head)
    if key and archives.hidden_in(path):
        raise RefusedError(refusals.TWO_IN_ONE)
    return key


def _pdf(path: Path, head: bytes) -> str:
    if not head.startswith(b"%PDF-"):
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _PDF_TAIL))
        if b"%%EOF" not in stream.read():
            raise RefusedError(refusals.DAMAGED)
    return "pdf"


def _image(path: Path) -> str:
    try:
        with files.picture(path) as image:
            image.draft("RGB", _SMALL)  # a JPEG is decoded small: whether it can be is all that is asked
            image.load()
            return {"MPO": "jpeg"}.get(image.format or "", (image.format or "").lower())
    except UserError as problem:
        if problem.message == files.TOO_MANY_PIXELS:
            raise
        return ""


def _check_name(kind: FileType, name: str) -> None:
    """Refuse a name that promises another kind; only among photos are endings often mixed up, and harmless."""
    ending = _ending(name)
    promised = {each for each in TYPES.values() if ending in each.endings}
    if kind.family is Family.PHOTO and not promised:
        return  # `tidy_name` gives it the right one
    if ending not in _possible(kind):
        raise RefusedError(refusals.DISGUISED, kind=gettext(kind.name))


def _possible(kind: FileType) -> list[str]:
    return endings(PHOTOS) if kind.family is Family.PHOTO else list(kind.endings)


def _check_size(kind: FileType, path: Path) -> None:
    limit = limit_of({kind.family})
    if path.stat().st_size > limit << 20:
        raise RefusedError(refusals.TOO_LARGE, limit=limit)


def _not_accepted(families: frozenset[Family]) -> str:
    if families == PHOTOS:
        return refusals.NO_PHOTO
    return refusals.NOT_HERE if families == DOCUMENTS else refusals.UNKNOWN


def _ending(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()
