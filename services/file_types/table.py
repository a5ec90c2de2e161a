"""The one table of kinds of file that may be attached."""

from dataclasses import dataclass

from core.i18n import N_
from models.base import LabelledEnum


class Family(LabelledEnum):
    """Kinds of file that share a limit of size and are shown alike."""

    PHOTO = "photo", N_("Photo")
    DOCUMENT = "document", N_("Document")
    AUDIO = "audio", N_("Sound recording")
    VIDEO = "video", N_("Video")


@dataclass(frozen=True)
class FileType:
    """A kind of file.

    Args:
        family: what it belongs to.
        media_type: what browsers are told.
        endings: the endings its name may have, the usual one first.
        name: what people call it.
    """

    family: Family
    media_type: str
    endings: tuple[str, ...]
    name: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

TYPES: dict[str, FileType] = {
    "jpeg": FileType(Family.PHOTO, "image/jpeg", ("jpg", "jpeg", "jfif"), "JPEG"),
    "png": FileType(Family.PHOTO, "image/png", ("png",), "PNG"),
    "webp": FileType(Family.PHOTO, "image/webp", ("webp",), "WebP"),
    "gif": FileType(Family.PHOTO, "image/gif", ("gif",), "GIF"),
    "pdf": FileType(Family.DOCUMENT, "application/pdf", ("pdf",), "PDF"),
    "ofd": FileType(Family.DOCUMENT, "application/ofd", ("ofd",), "OFD"),
    "docx": FileType(Family.DOCUMENT, f"{_OPEN_XML}wordprocessingml.document", ("docx",), "Word"),
    "xlsx": FileType(Family.DOCUMENT, f"{_OPEN_XML}spreadsheetml.sheet", ("xlsx",), "Excel"),
    "pptx": FileType(Family.DOCUMENT, f"{_OPEN_XML}presentationml.presentation", ("pptx",), "PowerPoint"),
    # WPS gives the same containers endings of its own.
    "doc": FileType(Family.DOCUMENT, "application/msword", ("doc", "wps"), "Word"),
    "xls": FileType(Family.DOCUMENT, "application/vnd.ms-excel", ("xls", "et"), "Excel"),
    "ppt": FileType(Family.DOCUMENT, "application/vnd.ms-powerpoint", ("ppt", "dps"), "PowerPoint"),
    "mp3": FileType(Family.AUDIO, "audio/mpeg", ("mp3",), "MP3"),
    "m4a": FileType(Family.AUDIO, "audio/mp4", ("m4a", "mp4", "aac", "3gp"), "M4A"),
    "wav": FileType(Family.AUDIO, "audio/wav", ("wav",), "WAV"),
    "amr": FileType(Family.AUDIO, "audio/amr", ("amr",), "AMR"),
    "mp4": FileType(Family.VIDEO, "video/mp4", ("mp4", "m4v", "3gp"), "MP4"),
    "mov": FileType(Family.VIDEO, "video/quicktime", ("mov", "qt"), "MOV"),
    "webm": FileType(Family.VIDEO, "video/webm", ("webm",), "WebM"),
}
