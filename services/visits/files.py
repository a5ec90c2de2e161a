"""Photos and other files of visits: stored while a draft is written; `services.attachments` serves them later."""

from functools import partial
from typing import IO

from models.visit import Visit
from services import access, file_types, files
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case
from services.visits.content import FileEntry

THUMBNAIL = 320


def take_in(actor: Actor, visit_id: int, source: IO[bytes], file_name: str, *, photos_only: bool = True) -> FileEntry:
    """Keep a file for a visit that is being recorded; it becomes an attachment at the hand-in.

    Raises:
        NotFoundError: the visit is not the actor's.
        UserError: it is too large, or by its content neither a photo nor (where allowed) a document.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        access.load(session, actor, Action.VISIT_RECORD, Visit, visit_id)
    families = file_types.PHOTOS if photos_only else file_types.DOCUMENTS
    accept = partial(file_types.recognised, file_name=file_name, families=families)
    stored, kind = files.store_as(source, accept, limit=file_types.limit_of(families) << 20)
    name = file_types.tidy_name(file_name, kind)
    return FileEntry(sha256=stored.sha256, file_name=name, media_type=kind.media_type, size=stored.size)


def draft_thumbnail(actor: Actor, visit_id: int, entry: FileEntry) -> bytes:
    """Return a small picture of a photo of the actor's own draft.

    Raises:
        NotFoundError: the visit is not the actor's.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        access.load(session, actor, Action.VISIT_RECORD, Visit, visit_id)
    return files.thumbnail(entry.sha256, THUMBNAIL)
