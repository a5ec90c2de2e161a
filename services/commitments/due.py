"""What of the commitments waits for somebody: for the start page."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select

from core import clock
from models.commitment import Commitment
from services import access
from services.actor import Actor
from services.commitments.following import followed_by
from services.permissions import Action, allows
from services.use_case import use_case

SOON = timedelta(days=7)
"""How long before its day a commitment presses."""


@dataclass(frozen=True)
class Due:
    """How many commitments somebody follows that press."""

    overdue: int = 0
    soon: int = 0
    """Due today or within a week."""


def due(actor: Actor) -> Due:
    """Return what presses of the commitments the actor follows, those of nobody that fall to them included."""
    if not allows(actor, Action.COMMITMENT_FULFIL):
        return Due()
    today = clock.today()
    with use_case(actor, Action.COMMITMENT_FULFIL) as session:
        row = session.execute(
            select(
                func.count().filter(col(Commitment.due_on) < today),
                func.count().filter(col(Commitment.due_on).between(today, today + SOON)),
            )
            .select_from(Commitment)
            .where(access.condition(actor, Action.COMMITMENT_FULFIL, Commitment))
            .where(col(Commitment.fulfilled_at).is_(None), followed_by(actor))
        ).one()
        return Due(*row)
