"""Claims: who works on which due rows, and until when; the same for reminders and for deliveries.

A row goes `planned → hold → begin → …`. The holder of a batch is named by the moment its claims run out
(`claimed_until`): only the holder begins, renews and gives back. What the holder of a batch did not finish in time is
planned again, so a dead worker or an emptied queue delays rows and loses none. A row that was begun again and again is
claimed with ever fewer others, so that one that kills its workers is found, alone, and parked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, func, literal_column, select, update
from sqlmodel import Session

from core import clock
from core.arrays import table_of
from core.db import transaction
from core.i18n import N_
from core.settings import settings
from models.base import Moment, metadata
from models.reminder import Delivery, Reminder
from services.waking import wake

_WORKER_DIED = N_("Its worker died each time")


@dataclass(frozen=True)
class Work:
    """Rows of one table that are worked on under claims.

    Args:
        table: has the columns state, due_at, claimed_at, claimed_until, attempts, failed_at and note.
        size: how many rows make a batch.
        narrowing: a row that was begun n times shares a batch with `size >> n * narrowing` rows.
        patience: a row that was begun so many times is parked when its claim runs out once more.
    """

    table: Table
    size: int
    narrowing: int
    patience: int

    def batch_size(self, attempts: int) -> int:
        """Return how many rows go together that were begun so many times."""
        return max(self.size >> min(attempts * self.narrowing, 30), 1)

    def due(self, now: datetime) -> list[ColumnElement[bool]]:
        """Return the conditions of rows that are due and unclaimed; written so that partial indexes serve them."""
        return [self.in_state("planned"), self.table.c.due_at <= now]

    def in_state(self, name: str) -> ColumnElement[bool]:
        """Return the condition of a state as a constant, which is what partial indexes need."""
        value: ColumnElement[Any] = literal_column(f"'{name}'")
        return self.table.c.state == value


REMINDERS = Work(metadata.tables[str(Reminder.__tablename__)], size=500, narrowing=4, patience=5)
DELIVERIES = Work(metadata.tables[str(Delivery.__tablename__)], size=100, narrowing=1, patience=20)


@dataclass(frozen=True)
class Batch:
    """A claim on some rows."""

    ids: tuple[int, ...]
    until: datetime


def lease() -> timedelta:
    """Return how long a claim lasts unless it is renewed."""
    return timedelta(seconds=settings().claim_seconds)


def hold(session: Session, work: Work, groups: Sequence[Sequence[int]]) -> list[Batch]:
    """Claim rows that the session has locked, each group as one batch."""
    now = clock.now()
    batches = [
        Batch(tuple(ids), now + lease() + timedelta(microseconds=number)) for number, ids in enumerate(groups) if ids
    ]
    if batches:
        rows = ((each, batch.until) for batch in batches for each in batch.ids)
        given = table_of(rows, id=Integer(), until=Moment)
        statement = (
            update(work.table)
            .where(work.table.c.id == given.c.id, work.in_state("planned"))
            .values(state="claimed", claimed_at=now, claimed_until=given.c.until)
        )
        session.execute(statement)
    return batches


def begin(session: Session, work: Work, batch: Batch, *columns: Any) -> list[Any]:
    """Note that the work on a batch begins, and return `columns` of the rows that are still the holder's."""
    statement = (
        update(work.table)
        .where(*held(work, batch))
        .values(attempts=work.table.c.attempts + 1)
        .returning(*columns or (work.table.c.id,))
    )
    return list(session.execute(statement).all())


def held(work: Work, batch: Batch) -> list[ColumnElement[bool]]:
    """Return the conditions of the rows of a batch that are still the holder's."""
    own = work.table.c.claimed_until == batch.until
    return [work.table.c.id == func.any(list(batch.ids)), work.in_state("claimed"), own]


def renew(work: Work, batch: Batch) -> Batch:
    """Lengthen the claims of a batch while the work goes on.

    Returns:
        What is left of it: without rows that somebody else has taken over or cancelled.
    """
    until = max(clock.now() + lease(), batch.until + timedelta(microseconds=1))
    statement = update(work.table).where(*held(work, batch)).values(claimed_until=until).returning(work.table.c.id)
    with transaction() as session:
        return Batch(tuple(session.execute(statement).scalars()), until)


def release(work: Work, batch: Batch, *, begun: bool = False) -> None:
    """Give a batch back: its rows are due as before.

    Args:
        work: of which kind it is.
        batch: what is given back.
        begun: whether its work had begun; this does not count as an attempt.
    """
    attempts = func.greatest(work.table.c.attempts - int(begun), 0)
    statement = update(work.table).where(*held(work, batch)).values(_planned() | {"attempts": attempts})
    with transaction() as session:
        session.execute(statement)
        wake(session)


def rescue(work: Work) -> int:
    """Plan rows again whose claims ran out, and park those whose workers died each time.

    A claim that runs out later than any can is from before a clock was set back: nobody would ever take it over.

    Returns:
        How many rows there were.
    """
    now = clock.now()
    until = work.table.c.claimed_until
    lost = [work.in_state("claimed"), (until < now) | (until > now + 2 * lease())]
    worn = work.table.c.attempts >= work.patience
    parked = {"state": "failed", "failed_at": now, "note": _WORKER_DIED, "claimed_until": None}
    locked = select(work.table.c.id).where(*lost).order_by(work.table.c.id).with_for_update(skip_locked=True)
    with transaction() as session:
        ids = list(session.execute(locked).scalars())
        if not ids:
            return 0
        these = work.table.c.id == func.any(ids)
        session.execute(update(work.table).where(these, worn).values(parked))
        session.execute(update(work.table).where(these, work.in_state("claimed")).values(_planned()))
    return len(ids)


def _planned() -> dict[str, Any]:
    return {"state": "planned", "claimed_until": None}
