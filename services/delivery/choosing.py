"""Which due rows the scheduler claims next, and which of them go together."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, column, func, literal, select, values
from sqlmodel import Session

from core import clock
from core.db import transaction
from models.base import metadata
from models.channel import Channel, ChannelKind
from services.delivery.claiming import DELIVERIES, REMINDERS, Batch, hold

_DUE_ROWS = 2000
_MORE_ROWS = 20_000
_EFFECTS = 20  # each is a transaction of its own
_BATCHES_PER_LINE = 4
_reminder, _delivery, _channel = REMINDERS.table, DELIVERIES.table, metadata.tables[str(Channel.__tablename__)]


class _Due(NamedTuple):
    id: int
    recipient_key: str
    recipient_id: int | None
    attempts: int


@dataclass(frozen=True)
class Line:
    """One way out, of which many messages make use."""

    kind: ChannelKind
    channel_id: int | None


@dataclass(frozen=True)
class LineBatch:
    """Claimed deliveries that all go out by one line."""

    line: Line
    batch: Batch


def claim_reminders() -> list[Batch]:
    """Claim the reminders that are longest due, each with all others that are due to its recipient.

    So that whoever is told gets one message, however many came together while everything was down.
    """
    now = clock.now()
    with transaction() as session:
        rows = _due_reminders(session, now, _DUE_ROWS)
        if len(rows) == _DUE_ROWS:
            people = sorted({row.recipient_id for row in rows if row.recipient_id is not None})
            rows += _due_reminders(session, now, _MORE_ROWS, _reminder.c.recipient_id == func.any(people))
        return hold(session, REMINDERS, list(_packed(set(rows))))


def claim_deliveries(at_most: int) -> list[LineBatch]:
    """Claim due deliveries, each batch for one line.

    Args:
        at_most: how many batches may be under way at a time, on all machines; few of them by the same line, so that
            one that hangs does not take the workers from all others, and not all of them by robots and webhooks,
            so that those do not take all workers from mail.
    """
    now = clock.now()
    with transaction() as session:
        busy = _batches_under_way(session)
        room = at_most - sum(busy.values())
        found: list[tuple[Line, list[int]]] = []
        for line in _lines_with_due(session, now) if room > 0 else []:
            free = min(room - len(found), _room_of(line, busy, at_most))
            chosen = list(_due_of(session, line, now, free)) if free > 0 else []
            busy[line] += len(chosen)
            found += [(line, ids) for ids in chosen]
        batches = hold(session, DELIVERIES, [ids for _line, ids in found])
    return [LineBatch(line, batch) for (line, _ids), batch in zip(found, batches, strict=True)]


def claim_next(line: Line) -> Batch | None:
    """Claim the next batch of a line for the worker that has just sent one by it: the line is open, and its own."""
    now = clock.now()
    with transaction() as session:
        return next(iter(hold(session, DELIVERIES, list(_due_of(session, line, now, 1)))), None)


def _room_of(line: Line, busy: Mapping[Line, int], at_most: int) -> int:
    """Return how many batches more a line may send at a time, for there are always others that wait."""
    own = min(_BATCHES_PER_LINE, max(at_most // 2, 1)) - busy.get(line, 0)
    if line.kind is ChannelKind.MAIL:
        return own
    robots = sum(number for each, number in busy.items() if each.kind is not ChannelKind.MAIL)
    return min(own, max(at_most - 1, 1) - robots)


def _due_reminders(session: Session, now: datetime, limit: int, *more: ColumnElement[bool]) -> list[_Due]:
    wanted = [_reminder.c[name] for name in _Due._fields]
    statement = select(*wanted).where(*REMINDERS.due(now), *more).order_by(_reminder.c.due_at, _reminder.c.id)
    found = session.execute(statement.limit(limit).with_for_update(skip_locked=True))
    return [_Due(*row) for row in found]


def _packed(rows: Iterable[_Due]) -> Iterator[list[int]]:
    """Put the rows of a recipient together, and recipients together until a batch is full."""
    by_size: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows):
        size = REMINDERS.batch_size(row.attempts)
        by_size[size if row.recipient_key else min(size, _EFFECTS)][row.recipient_key].append(row.id)
    for size, by_recipient in by_size.items():
        whole = size >= REMINDERS.size
        yield from _filled(by_recipient.values() if whole else _single(by_recipient.values()), size)


def _single(groups: Iterable[Sequence[int]]) -> Iterator[Sequence[int]]:
    return ([each] for group in groups for each in group)


def _filled(groups: Iterable[Sequence[int]], size: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for group in groups:
        batch += group
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _batches_under_way(session: Session) -> dict[Line, int]:
    line = (_delivery.c.kind, _delivery.c.channel_id)
    count = select(*line, func.count(_delivery.c.claimed_until.distinct())).where(DELIVERIES.in_state("claimed"))
    found = session.execute(count.group_by(*line))
    return defaultdict(int, {Line(kind, channel_id): number for kind, channel_id, number in found})


def _lines_with_due(session: Session, now: datetime) -> list[Line]:
    """Return the lines by which something is due, in no order, so that none always comes last."""
    kinds = values(column("kind", String), name="kinds").data([(each.value,) for each in ChannelKind])
    none: Any = None
    without = select(kinds.c.kind, literal(none)).where(_any_due(now, kinds.c.kind, None))
    with_row = select(_channel.c.kind, _channel.c.id).where(_any_due(now, _channel.c.kind, _channel.c.id))
    found = [
        Line(ChannelKind.of(kind), channel_id)
        for statement in (without, with_row)
        for kind, channel_id in session.execute(statement)
    ]
    random.shuffle(found)
    return found


def _any_due(now: datetime, kind: ColumnElement[Any], channel_id: ColumnElement[Any] | None) -> ColumnElement[bool]:
    return (
        select(literal(1))
        .select_from(_delivery)
        .where(*DELIVERIES.due(now), _delivery.c.kind == kind, _delivery.c.channel_id == channel_id)
        .exists()
    )


def _due_of(session: Session, line: Line, now: datetime, batches: int) -> Iterator[list[int]]:
    statement = (
        select(_delivery.c.id, _delivery.c.attempts)
        .where(*DELIVERIES.due(now), _delivery.c.kind == line.kind, _delivery.c.channel_id == line.channel_id)
        .order_by(_delivery.c.due_at, _delivery.c.id)
        .limit(batches * DELIVERIES.size)
        .with_for_update(skip_locked=True)
    )
    by_size: dict[int, list[int]] = defaultdict(list)
    for number, attempts in session.execute(statement):
        by_size[DELIVERIES.batch_size(attempts)].append(number)
    packed = (ids for size, rows in by_size.items() for ids in _filled(_single([rows]), size))
    for _number, ids in zip(range(batches), packed, strict=False):
        yield ids
