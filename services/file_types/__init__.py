"""Which files may be attached: told by what they hold, never by what they are called."""

from services.file_types.recognising import DOCUMENTS, EVERYTHING, PHOTOS, endings, limit_of, recognised, tidy_name
from services.file_types.table import TYPES, Family, FileType

__all__ = [
    "DOCUMENTS",
    "EVERYTHING",
    "PHOTOS",
    "TYPES",
    "Family",
    "FileType",
    "endings",
    "limit_of",
    "recognised",
    "tidy_name",
]
