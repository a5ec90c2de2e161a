"""What has been entered about a visit and not handed in yet, kept on the server for every device."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlmodel import Session, delete

from core import clock
from models.visit import Visit, VisitDraft
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case
from services.visits.content import Content


@dataclass(frozen=True)
class Draft:
    """A stored draft and when it was stored."""

    content: Content
    saved_at: datetime


def save_draft(actor: Actor, visit_id: int, content: Content, seen: datetime | None) -> tuple[datetime, Draft | None]:
    """Store what has been entered so far; the newest wins.

    Args:
        actor: who enters it; the visit is theirs.
        visit_id: the visit.
        content: everything entered.
        seen: when the draft the person began with was stored; `None` if there was none.

    Returns:
        When this one was stored, and the other device's draft it replaced, if another device stored one since.

    Raises:
        NotFoundError: the visit is not the actor's.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        access.load(session, actor, Action.VISIT_RECORD, Visit, visit_id, lock=True)
        row = session.get(VisitDraft, (visit_id, actor.pk))
        other = _read(row) if row is not None and row.saved_at != seen else None
        row = row or VisitDraft(visit_id=visit_id, account_id=actor.pk, saved_at=clock.now())
        row.content, row.saved_at = content.model_dump(mode="json"), clock.now()
        session.add(row)
        return row.saved_at, other


def find_draft(session: Session, actor: Actor, visit_id: int) -> Draft | None:
    """Return the actor's draft of a visit; part of the caller's use case."""
    row = session.get(VisitDraft, (visit_id, actor.pk))
    return _read(row) if row else None


def remove_drafts(session: Session, visit_id: int) -> None:
    """Remove the drafts of a visit; part of the caller's use case."""
    session.execute(delete(VisitDraft).where(VisitDraft.visit_id == visit_id))  # type: ignore[arg-type]  # a column


def _read(row: VisitDraft) -> Draft | None:
    try:
        return Draft(Content.model_validate(row.content), row.saved_at)
    except ValidationError:  # written by an earlier release whose form was another
        return None
