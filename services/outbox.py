"""The outbox: owed work is a row of the transaction that causes it, so neither can be lost without the other.

A message goes `put → claim → begin → finish | fail`. Whoever holds a claim is named by the moment it runs out
(`claimed_until`): only the holder of the latest claim may begin or finish, so a message that the queue delivers
twice is done once, and one whose worker died is claimed again when its claim has run out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from core.errors import PassingError, UserError
from models.outbox import OutboxMessage
from services import backoff
from services.waking import wake

CLAIM = timedelta(seconds=60)
"""How long a claim lasts unless it is renewed; after a crash the work waits this long at most."""
MAX_ATTEMPTS = 10
KEPT = timedelta(days=30)
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=6)


class PermanentError(Exception):
    """Trying again would not help: the message is parked with the reason."""


@dataclass(frozen=True)
class Claimed:
    """A claim on one message."""

    id: int
    until: datetime


@dataclass
class Held:
    """A message whose work has begun."""

    id: int
    topic: str
    payload: dict[str, Any]
    attempts: int
    until: datetime


def put(session: Session, topic: str, payload: dict[str, Any], due_at: datetime | None = None) -> OutboxMessage:
    """Owe a piece of work from the moment the session commits, and wake the scheduler then.

    Args:
        session: the transaction that causes the work.
        topic: which handler does it.
        payload: what the handler needs, as JSON; ids rather than contents.
        due_at: not before this moment; `None` means at once.
    """
    message = OutboxMessage(topic=topic, payload=payload, due_at=due_at or clock.now())
    session.add(message)
    wake(session)
    return message


def owed_lately(session: Session, topic: str, within: timedelta) -> bool:
    """Return whether a piece of work of a topic was owed within a time, done or not.

    One owed further ahead than that is from before a clock was set back; it keeps nothing from being owed anew.
    """
    now, owed_at = clock.now(), col(OutboxMessage.created_at)
    lately = (owed_at > now - within, owed_at < now + within)
    found = select(OutboxMessage.id).where(OutboxMessage.topic == topic, *lately)
    return session.exec(found.limit(1)).first() is not None


def claim(limit: int) -> list[Claimed]:
    """Claim up to `limit` due messages, the longest due first; several schedulers never claim the same one.

    A claim that runs out later than any can is from before a clock was set back: it is taken over at once.
    """
    now = clock.now()
    due = (
        select(OutboxMessage.id)
        .where(*_open(), col(OutboxMessage.due_at) <= now, _unclaimed(now))
        .order_by(col(OutboxMessage.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(due))
        .values(claimed_until=now + CLAIM)
        .returning(col(OutboxMessage.id), col(OutboxMessage.claimed_until))
    )
    with transaction() as session:
        return [Claimed(row[0], row[1]) for row in session.execute(statement)]


def release(claims: list[Claimed]) -> None:
    """Give claims back that could not be handed to the queue."""
    with transaction() as session:
        for each in claims:
            session.execute(_of(each).values(claimed_until=None))


def begin(claimed: Claimed) -> Held | None:
    """Begin the work of a claimed message, or return `None` if the claim no longer holds.

    A message whose work ended with the death of its worker `MAX_ATTEMPTS` times is parked instead of killing more.
    """
    until = _later(claimed.until)
    statement = (
        _of(claimed)
        .values(claimed_until=until, attempts=OutboxMessage.attempts + 1)
        .returning(col(OutboxMessage.topic), col(OutboxMessage.payload), col(OutboxMessage.attempts))
    )
    with transaction() as session:
        row = session.execute(statement).one_or_none()
    if row is None:
        return None
    held = Held(claimed.id, row[0], row[1], row[2], until)
    if held.attempts > MAX_ATTEMPTS:
        fail(held, PermanentError("its worker died each time"))
        return None
    return held


def renew(held: Held) -> bool:
    """Lengthen the claim while the work goes on; false means that somebody else took it over."""
    until = _later(held.until)
    with transaction() as session:
        row = session.execute(_of(held).values(claimed_until=until).returning(col(OutboxMessage.id))).one_or_none()
    if row is not None:
        held.until = until
    return row is not None


def finish(held: Held) -> None:
    """Record that the work is done."""
    with transaction() as session:
        session.execute(_of(held).values(done_at=clock.now(), claimed_until=None, error=""))


def fail(held: Held, error: BaseException) -> bool:
    """Record that the work failed: it is tried again later, or parked if that would not help.

    Returns:
        Whether it is parked: the error is permanent, or it was the last of `MAX_ATTEMPTS`.
    """
    parked = _is_final(error) or held.attempts >= MAX_ATTEMPTS
    now = clock.now()
    values: dict[str, Any] = {"claimed_until": None, "error": f"{type(error).__name__}: {error}"[:1000]}
    values |= {"failed_at": now} if parked else {"due_at": now + wait(held.attempts)}
    with transaction() as session:
        session.execute(_of(held).values(values))
    return parked


def wait(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return backoff.wait(attempts, _FIRST_WAIT, _LONGEST_WAIT)


def tidy() -> int:
    """Delete messages done long ago and return how many; parked ones stay until somebody decides."""
    statement = delete(OutboxMessage).where(col(OutboxMessage.done_at) < clock.now() - KEPT)
    with transaction() as session:
        return len(session.execute(statement.returning(col(OutboxMessage.id))).all())


def next_moment() -> datetime | None:
    """Return when the next message is due, or the next claim runs out."""
    moment = func.greatest(OutboxMessage.due_at, OutboxMessage.claimed_until)  # ignores what is NULL
    with transaction() as session:
        found: datetime | None = session.execute(select(func.min(moment)).where(*_open())).scalar_one()
    return found


def retry(session: Session, message_ids: Sequence[int]) -> int:
    """Owe parked messages anew, from now on; returns how many there were."""
    again = {"failed_at": None, "attempts": 0, "due_at": clock.now(), "claimed_until": None, "error": ""}
    return _decide(session, message_ids, again)


def drop(session: Session, message_ids: Sequence[int]) -> int:
    """Give parked messages up for good; returns how many there were. `tidy` deletes them later."""
    return _decide(session, message_ids, {"done_at": clock.now()})


def _decide(session: Session, message_ids: Sequence[int], values: dict[str, Any]) -> int:
    parked = (col(OutboxMessage.failed_at).is_not(None), col(OutboxMessage.done_at).is_(None))
    statement = update(OutboxMessage).where(col(OutboxMessage.id).in_(message_ids), *parked).values(values)
    decided = session.execute(statement.returning(col(OutboxMessage.id))).all()
    if decided:
        wake(session)
    return len(decided)


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands."""

    due: int
    planned: int
    parked: int
    oldest_due_seconds: float


def backlog() -> Backlog:
    """Count what is due, planned and parked."""
    now = clock.now()
    is_due = col(OutboxMessage.due_at) <= now
    counts = select(
        func.count().filter(is_due, col(OutboxMessage.failed_at).is_(None)),
        func.count().filter(~is_due, col(OutboxMessage.failed_at).is_(None)),
        func.count().filter(col(OutboxMessage.failed_at).is_not(None)),
        func.min(OutboxMessage.due_at).filter(col(OutboxMessage.failed_at).is_(None)),
    ).where(col(OutboxMessage.done_at).is_(None))
    with transaction() as session:
        due, planned, parked, oldest = session.execute(counts).one()
    age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return Backlog(due, planned, parked, age)


def _is_final(error: BaseException) -> bool:
    return isinstance(error, (PermanentError, UserError)) and not isinstance(error, PassingError)


def _later(until: datetime) -> datetime:
    """Return when a claim taken now runs out; it names its holder, so it always differs from the one before."""
    wanted = clock.now() + CLAIM
    return wanted if until > wanted + CLAIM else max(wanted, until + timedelta(microseconds=1))


def _of(claim: Claimed | Held) -> Any:
    """Return an UPDATE of a message that does nothing unless `claim` is the latest."""
    return update(OutboxMessage).where(
        col(OutboxMessage.id) == claim.id, *_open(), col(OutboxMessage.claimed_until) == claim.until
    )


def _open() -> list[ColumnElement[bool]]:
    return [col(OutboxMessage.done_at).is_(None), col(OutboxMessage.failed_at).is_(None)]


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    until = col(OutboxMessage.claimed_until)
    return until.is_(None) | (until < now) | (until > now + 2 * CLAIM)
