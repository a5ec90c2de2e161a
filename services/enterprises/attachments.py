"""Files of an enterprise: read by whoever sees it, attached by whoever keeps its record."""

from typing import IO

from models.enterprise import Enterprise
from services import access, attachments
from services.actor import Actor
from services.attachments import ENTERPRISE, Attached
from services.permissions import Action, allows
from services.use_case import use_case


def attached(actor: Actor, enterprise_id: int) -> list[Attached]:
    """Return the files of an enterprise, the oldest first, withdrawn ones among them.

    Raises:
        NotFoundError: there is no such enterprise or the actor may not see it.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        access.load(session, actor, Action.ENTERPRISE_VIEW, Enterprise, enterprise_id)
        may_add = allows(actor, Action.ENTERPRISE_EDIT)
        return attachments.of(session, actor, ENTERPRISE, enterprise_id, may_add=may_add)


def attach(actor: Actor, enterprise_id: int, source: IO[bytes], file_name: str) -> int:
    """Attach a file to an enterprise and return the attachment's id.

    Raises:
        ConflictError: it has the same file already, or as many as it may have.
        NotFoundError: there is no such enterprise or the actor may not change it.
        UserError: the file is refused; the text says why.
    """
    _refuse_others(actor, enterprise_id)  # before anything is kept, and again when it is
    taken = attachments.take(source, file_name)
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id, lock=True)
        row = attachments.keep(session, actor, ENTERPRISE, enterprise_id, taken)
        session.flush()
        return row.pk


def withdraw(actor: Actor, attachment_id: int, reason: str) -> None:
    """Withdraw a file: it stays in the list, struck through, with the reason.

    Raises:
        ConflictError: it is withdrawn already.
        InvalidError: no reason is given.
        NotFoundError: there is no such file, or the actor may not withdraw it.
    """
    tidy = attachments.checked_reason(reason)
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        row = attachments.find(session, ENTERPRISE, attachment_id)
        access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, row.subject_id, lock=True)
        attachments.strike(session, actor, row, tidy)


def _refuse_others(actor: Actor, enterprise_id: int) -> None:
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id)
