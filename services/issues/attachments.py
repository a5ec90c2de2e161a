"""Files of an issue: read by whoever sees it, attached by whoever may comment on it, told in its log."""

from typing import IO

from models.issue import Issue
from models.lifecycle import Verb
from services import access, attachments
from services.actor import Actor
from services.attachments import ISSUE, Attached
from services.issues.moving import moving
from services.issues.steps import ACTIONS
from services.permissions import Action, allows
from services.use_case import use_case


def attached(actor: Actor, issue_id: int) -> list[Attached]:
    """Return the files of an issue, the oldest first, withdrawn ones among them.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        return attachments.of(session, actor, ISSUE, issue_id, may_add=allows(actor, ACTIONS[Verb.ATTACH]))


def attach(actor: Actor, issue_id: int, source: IO[bytes], file_name: str) -> int:
    """Attach a file to an issue and return the attachment's id.

    Raises:
        ConflictError: the issue has the same file already, or as many as it may have.
        NotFoundError: there is no such issue or the actor may not comment on it.
        UserError: the file is refused; the text says why.
    """
    action = ACTIONS[Verb.ATTACH]
    with use_case(actor, action) as session:  # asked before anything is kept, and again when it is
        access.load(session, actor, action, Issue, issue_id)
    taken = attachments.take(source, file_name)
    with moving(actor, issue_id, Verb.ATTACH, reason=taken.file_name) as move:
        row = attachments.keep(move.session, actor, ISSUE, issue_id, taken)
        move.session.flush()
        return row.pk


def withdraw(actor: Actor, attachment_id: int, reason: str) -> None:
    """Withdraw a file: evidence is kept, so it stays in the list, struck through, with the reason.

    Raises:
        ConflictError: it is withdrawn already.
        InvalidError: no reason is given.
        NotFoundError: there is no such file, or the actor may not withdraw it.
    """
    tidy = attachments.checked_reason(reason)
    with use_case(actor, ACTIONS[Verb.WITHDRAW_FILE]) as session:
        found = attachments.find(session, ISSUE, attachment_id)
    with moving(actor, found.subject_id, Verb.WITHDRAW_FILE, reason=f"{found.file_name}: {tidy}") as move:
        attachments.strike(move.session, actor, attachments.find(move.session, ISSUE, attachment_id), tidy)
