"""How the reminders and deliveries stand, in numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from core import clock
from core.db import transaction
from services.delivery.claiming import DELIVERIES, REMINDERS, Work


@dataclass(frozen=True)
class Backlog:
    """What is waiting, and for how long."""

    due: int
    planned: int
    claimed: int
    failed: int
    oldest_due_seconds: float
    deliveries_due: int
    deliveries_failed: int
    oldest_delivery_seconds: float


def backlog() -> Backlog:
    """Count what is due, planned for later, being worked on and failed."""
    now = clock.now()
    with transaction() as session:
        return Backlog(
            due=_count_due(session, REMINDERS, now),
            planned=_count(session, REMINDERS, "planned") - _count_due(session, REMINDERS, now),
            claimed=_count(session, REMINDERS, "claimed"),
            failed=_count(session, REMINDERS, "failed"),
            oldest_due_seconds=_oldest(session, REMINDERS, now),
            deliveries_due=_count_due(session, DELIVERIES, now),
            deliveries_failed=_count(session, DELIVERIES, "failed"),
            oldest_delivery_seconds=_oldest(session, DELIVERIES, now),
        )


def oldest_due_seconds() -> float:
    """Return for how long the longest due reminder or delivery has been waiting: cheap enough for every page."""
    now = clock.now()
    with transaction() as session:
        return max(_oldest(session, work, now) for work in (REMINDERS, DELIVERIES))


def next_moment() -> datetime | None:
    """Return when the next reminder or delivery is due, or the next claim runs out."""
    with transaction() as session:
        moments = [
            session.execute(select(func.min(column)).where(work.in_state(state))).scalar_one()
            for work in (REMINDERS, DELIVERIES)
            for column, state in ((work.table.c.due_at, "planned"), (work.table.c.claimed_until, "claimed"))
        ]
    return min((each for each in moments if each is not None), default=None)


def _oldest(session: Session, work: Work, now: datetime) -> float:
    """Count what is being worked on as well: a worker that hangs must be noticed too."""
    moments = [
        session.execute(select(func.min(work.table.c.due_at)).where(work.in_state(state))).scalar_one()
        for state in ("planned", "claimed")
    ]
    return max(((now - each).total_seconds() for each in moments if each is not None and each < now), default=0.0)


def _count(session: Session, work: Work, state: str) -> int:
    return int(session.execute(select(func.count()).where(work.in_state(state))).scalar_one())


def _count_due(session: Session, work: Work, now: datetime) -> int:
    return int(session.execute(select(func.count()).where(*work.due(now))).scalar_one())
