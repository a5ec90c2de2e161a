"""Work left to the workers that was given up after several attempts: imports, upkeep and the like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.outbox import OutboxMessage
from services import access, audit_trail, outbox
from services.actor import Actor
from services.delivery_log import pulse
from services.delivery_log.acting import Deed
from services.delivery_log.topics import topic_name
from services.permissions import Action
from services.use_case import use_case

MOST = 200
_MECHANICS = {Deed.RETRY: outbox.retry, Deed.DROP: outbox.drop}


@dataclass(frozen=True)
class Parked:
    """One piece of work that was given up."""

    id: int
    topic: str
    """In words."""
    error: str
    attempts: int
    created_at: datetime
    failed_at: datetime


@dataclass(frozen=True)
class Found:
    """The latest pieces of work that were given up, `MOST` at most, and how many there are in all."""

    work: list[Parked]
    total: int


def find(actor: Actor) -> Found:
    """Return the work that was given up, the latest first.

    Raises:
        NotAllowedError: the role may not see the delivery log.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        given_up = _given_up(actor, Action.DELIVERY_VIEW)
        rows = session.exec(given_up.order_by(col(OutboxMessage.failed_at).desc()).limit(MOST)).all()
        total = session.execute(select(func.count()).select_from(given_up.subquery())).scalar_one()
        work = [
            Parked(
                id=row.pk,
                topic=topic_name(row.topic),
                error=row.error,
                attempts=row.attempts,
                created_at=row.created_at,
                failed_at=row.failed_at or row.due_at,
            )
            for row in rows
        ]
        return Found(work, total)


def do(actor: Actor, deed: Deed, message_ids: Sequence[int]) -> int:
    """Retry or drop work that was given up, and return how many pieces; what is not given up stays as it is.

    Raises:
        NotAllowedError: the role may not do this.
    """
    with use_case(actor, Action.DELIVERY_MANAGE) as session:
        asked = _given_up(actor, Action.DELIVERY_MANAGE).where(col(OutboxMessage.id).in_(list(message_ids)))
        rows = session.exec(asked.order_by(col(OutboxMessage.id))).all()
        done = _MECHANICS[deed](session, [row.pk for row in rows])
        if done:
            one = str(rows[0].pk) if done == 1 else ""
            topics = sorted({row.topic for row in rows})
            audit_trail.note(session, "outbox_message", one, deed.value, count=done, topics=topics)
    pulse.forget()
    return done


def _given_up(actor: Actor, action: Action) -> SelectOfScalar[OutboxMessage]:
    return access.visible(actor, action, OutboxMessage).where(
        col(OutboxMessage.failed_at).is_not(None), col(OutboxMessage.done_at).is_(None)
    )
