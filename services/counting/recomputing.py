"""Changing how deadlines are counted: first what it would move, then the change and every moved deadline together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core.errors import ConflictError
from core.i18n import N_
from models.configuration import CalendarDay, DayKind
from models.issue import Issue
from models.lifecycle import Verb
from models.limits import Stage
from services import limits, working_time
from services.actor import Actor
from services.counting.changes import Change
from services.issues import clocks, events
from services.issues.clocks import Recomputed
from services.permissions import Action
from services.use_case import use_case

_BATCH = 1_000
"""Issues that are loaded at once: a statement takes 65,535 parameters, and memory has an end too."""


@dataclass(frozen=True)
class Moved:
    """A running deadline that a change moves."""

    number: str
    stage: Stage
    before: datetime
    after: datetime
    provisional: bool


@dataclass(frozen=True)
class DayLost:
    """A day that stands in the calendar apart from what was published, and would so no more, or as something else.

    Args:
        day: the day.
        name: what it was called.
        before: what it was.
        after: what it becomes; `None`: what was published.
    """

    day: date
    name: str
    before: DayKind
    after: DayKind | None


@dataclass(frozen=True)
class Preview:
    """What a change would move.

    Args:
        moved: the deadlines, soonest first.
        lost: the days that would not be any more what they are, whoever entered them, earliest first.
        token: names exactly this; `confirm` takes it to make sure that nothing else is done.
    """

    moved: tuple[Moved, ...]
    lost: tuple[DayLost, ...]
    token: str


def preview(actor: Actor, change: Change) -> Preview:
    """Return what a change would move, without making it.

    Raises:
        InvalidError, ConflictError: the change is not acceptable.
        TooFarError: a running deadline could no longer be computed.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        told = _preview(*_changed(session, change))
        session.rollback()
    return told


def confirm(actor: Actor, change: Change, token: str) -> int:
    """Make a change and recompute every deadline it moves, all in one transaction.

    Args:
        actor: who changes it.
        change: what changes.
        token: of the preview the person has seen.

    Returns:
        How many deadlines have moved.

    Raises:
        InvalidError, ConflictError: the change is not acceptable, or moves something else than the person has seen.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        # No issue moves meanwhile: a step holds its issue first and only then counts, by the old calendar or the new.
        session.execute(sql("LOCK TABLE issue IN EXCLUSIVE MODE"))
        found, lost = _changed(session, change)
        if _preview(found, lost).token != token:
            raise ConflictError(N_("Other deadlines are affected than a moment ago. Look at them again."))
        _apply(session, actor, found, change.told())
    return len(found)


def _changed(session: Session, change: Change) -> tuple[Sequence[Recomputed], tuple[DayLost, ...]]:
    before, days = limits.finder(session), _days(session)
    change.carry_out(session)
    after = _days(session)
    lost = tuple(
        DayLost(day, name, kind, after[day][0] if day in after else None)
        for day, (kind, name) in days.items()
        if day not in after or after[day][0] is not kind
    )
    return clocks.recomputed(session, working_time.calendar(session), before), lost


def _days(session: Session) -> dict[date, tuple[DayKind, str]]:
    rows = session.exec(select(CalendarDay).order_by(col(CalendarDay.day)))
    return {row.day: (row.kind, row.name) for row in rows}


def _apply(session: Session, actor: Actor, found: Sequence[Recomputed], reason: str) -> None:
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        wanted = [each.clock.issue_id for each in batch]
        rows = {row.pk: row for row in session.exec(select(Issue).where(col(Issue.id).in_(wanted))).all()}
        for moved in batch:
            issue = rows[moved.clock.issue_id]
            before = events.snapshot(issue)
            clocks.apply(session, issue, moved)
            events.record(session, actor, issue, Verb.RECOMPUTE, before, reason=reason, task_id=moved.clock.task_id)


def _preview(found: Sequence[Recomputed], lost: tuple[DayLost, ...]) -> Preview:
    moved = tuple(
        Moved(each.number, each.clock.stage, each.clock.due_at, each.deadline.at, each.deadline.provisional)
        for each in found
    )
    lines = sorted(
        f"{each.clock.id} {each.clock.due_at} {each.deadline.at} {each.deadline.provisional}" for each in found
    )
    lines += [str(each) for each in lost]
    return Preview(moved, lost, sha256("\n".join(lines).encode()).hexdigest())
