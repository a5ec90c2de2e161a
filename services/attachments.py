"""Files that belong to a row: kept as evidence, read by whoever may see the row, withdrawn rather than removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO, Any

from sqlmodel import Session, col, func, select

from core import clock, text
from core.errors import ConflictError, InvalidError, NotFoundError
from core.i18n import N_, gettext
from models.account import Account
from models.enterprise import Enterprise
from models.issue import Issue
from models.visit import Attachment, Visit
from services import access, file_types, files
from services.actor import Actor
from services.file_types import Family
from services.permissions import Action
from services.use_case import use_case

MOST = 100
"""Files of one row."""
_LONGEST_REASON = 500


@dataclass(frozen=True)
class Subject:
    """What files can belong to.

    Args:
        model: its table.
        view: the permission to see it, and so to read its files.
        judge: the permission of those who may withdraw any file of it, and still read withdrawn ones.
    """

    model: type[Any]
    view: Action
    judge: Action


ISSUE, ENTERPRISE, VISIT = "issue", "enterprise", "visit"
SUBJECTS: dict[str, Subject] = {
    ISSUE: Subject(Issue, Action.ISSUE_VIEW, Action.ISSUE_DECIDE),
    ENTERPRISE: Subject(Enterprise, Action.ENTERPRISE_VIEW, Action.ENTERPRISE_IMPORT),
    VISIT: Subject(Visit, Action.VISIT_VIEW, Action.VISIT_RETURN),
}


@dataclass(frozen=True)
class ServedFile:
    """A file somebody may see."""

    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Attached:
    """A file of a row, as its reader may see it.

    Args:
        by: who attached it.
        withdrawn_by: who withdrew it; empty: it stands.
        readable: whether the reader is given its content.
        withdrawable: whether the reader may withdraw it.
    """

    id: int
    file_name: str
    media_type: str
    family: Family
    size: int
    sha256: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str
    readable: bool
    withdrawable: bool


@dataclass(frozen=True)
class Taken:
    """A file that is in the store and belongs to nothing yet."""

    file_name: str
    media_type: str
    size: int
    sha256: str


def served(actor: Actor, attachment_id: int, *, width: int | None = None) -> ServedFile:
    """Return a file of a row the actor may see.

    Args:
        actor: who asks.
        attachment_id: the attachment.
        width: return an image at most that large; `None` returns the original.

    Raises:
        NotFoundError: there is none, the actor may not see what it belongs to, or it was withdrawn.
        UserError: the store does not answer, or the file was changed there.
    """
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        row = session.get(Attachment, attachment_id)
        subject = SUBJECTS.get(row.subject) if row is not None else None
        if row is None or subject is None:
            raise NotFoundError
        action = subject.judge if row.withdrawn_at is not None else subject.view
        access.load(session, actor, action, subject.model, row.subject_id)
    if width is not None:
        return ServedFile(row.file_name, "image/webp", files.thumbnail(row.sha256, width))
    return ServedFile(row.file_name, row.media_type, files.content(row.sha256))


def take(source: IO[bytes], file_name: str) -> Taken:
    """Look at a file and put it into the store, outside of any transaction.

    Raises:
        UserError: it is refused; the text says why.
    """
    accept = partial(file_types.recognised, file_name=file_name)
    stored, kind = files.store_as(source, accept, limit=file_types.limit_of(file_types.EVERYTHING) << 20)
    return Taken(file_types.tidy_name(file_name, kind), kind.media_type, stored.size, stored.sha256)


def of(session: Session, actor: Actor, subject: str, subject_id: int, *, may_add: bool) -> list[Attached]:
    """Return the files of a row, the oldest first; part of a use case that has checked the row.

    Args:
        session: the use case's session.
        actor: who reads.
        subject: what the row is.
        subject_id: the row.
        may_add: whether the actor may attach to it, and so withdraw what is their own.
    """
    judge = _judges(session, actor, subject, subject_id)
    rows = _rows(session, subject, subject_id)
    people = {row.uploaded_by_id for row in rows} | {row.withdrawn_by_id for row in rows}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    return [_attached(row, names, judge, may_add and row.uploaded_by_id == actor.account_id) for row in rows]


def keep(session: Session, actor: Actor, subject: str, subject_id: int, taken: Taken) -> Attachment:
    """Let a file belong to a row; part of a use case that holds the row.

    Raises:
        ConflictError: the row has the same file already, or as many as it may have.
    """
    own = (Attachment.subject == subject, Attachment.subject_id == subject_id, col(Attachment.withdrawn_at).is_(None))
    if session.exec(select(Attachment.id).where(*own, Attachment.sha256 == taken.sha256)).first() is not None:
        raise ConflictError(N_("“{name}” is attached already."), name=taken.file_name)
    if session.exec(select(func.count()).select_from(Attachment).where(*own)).one() >= MOST:
        raise ConflictError(N_("At most {count} files can be attached here."), count=MOST)
    row = Attachment(
        subject=subject, subject_id=subject_id, uploaded_by_id=actor.pk, file_name=taken.file_name,
        media_type=taken.media_type, size=taken.size, sha256=taken.sha256,
    )  # fmt: skip
    session.add(row)
    return row


def find(session: Session, subject: str, attachment_id: int) -> Attachment:
    """Return an attachment of a kind of row.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(Attachment, attachment_id)
    if row is None or row.subject != subject:
        raise NotFoundError
    return row


def strike(session: Session, actor: Actor, row: Attachment, reason: str) -> None:
    """Withdraw a file: it stays, struck through; part of a use case that holds the row it belongs to.

    Raises:
        ConflictError: it is withdrawn already.
        NotFoundError: it is somebody else's, and the actor does not judge.
    """
    session.refresh(row)  # somebody else may have withdrawn it while the row it belongs to was waited for
    if row.uploaded_by_id != actor.account_id and not _judges(session, actor, row.subject, row.subject_id):
        raise NotFoundError
    if row.withdrawn_at is not None:
        raise ConflictError(N_("“{name}” is withdrawn already."), name=row.file_name)
    row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_reason = clock.now(), actor.account_id, reason
    session.add(row)


def checked_reason(given: str) -> str:
    """Return why a file is withdrawn, tidied.

    Raises:
        InvalidError: nothing is said, or too much.
    """
    tidy = text.prose(given)
    if not tidy:
        raise InvalidError({"reason": gettext("Say why the file is withdrawn.")})
    if len(tidy) > _LONGEST_REASON:
        raise InvalidError({"reason": gettext("Say it in at most {count} characters.").format(count=_LONGEST_REASON)})
    return tidy


def _rows(session: Session, subject: str, subject_id: int) -> Sequence[Attachment]:
    own = select(Attachment).where(Attachment.subject == subject, Attachment.subject_id == subject_id)
    return session.exec(own.order_by(col(Attachment.id))).all()


def _judges(session: Session, actor: Actor, subject: str, subject_id: int) -> bool:
    declared = SUBJECTS[subject]
    return access.reaches(session, actor, declared.judge, declared.model, subject_id)


def _attached(row: Attachment, names: dict[int | None, str], judge: bool, own: bool) -> Attached:
    stands = row.withdrawn_at is None
    return Attached(
        id=row.pk,
        file_name=row.file_name,
        media_type=row.media_type,
        family=_family(row.media_type),
        size=row.size,
        sha256=row.sha256,
        by=names.get(row.uploaded_by_id, ""),
        at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=names.get(row.withdrawn_by_id, ""),
        withdrawn_reason=row.withdrawn_reason,
        readable=stands or judge,
        withdrawable=stands and (judge or own),
    )


def _family(media_type: str) -> Family:
    found = next((kind.family for kind in file_types.TYPES.values() if kind.media_type == media_type), None)
    return found or Family.DOCUMENT
