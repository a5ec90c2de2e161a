"""Changing how deadlines are counted: first what it would move, then the change and every moved deadline together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core.errors import ConflictError
from core.i18n import N_
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
class Preview:
    """What a change would move.

    Args:
        moved: the deadlines, soonest first.
        token: names exactly this; `confirm` takes it to make sure that nothing else is done.
    """

    moved: tuple[Moved, ...]
    token: str


def preview(actor: Actor, change: Change) -> Preview:
    """Return what a change would move, without making it.

    Raises:
        InvalidError, ConflictError: the change is not acceptable.
        TooFarError: a running deadline could no longer be computed.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        found = _changed(session, change)
        told = _preview(found)
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
        found = _changed(session, change)
        if _preview(found).token != token:
            raise ConflictError(N_("Other deadlines are affected than a moment ago. Look at them again."))
        _apply(session, actor, found, change.told())
    return len(found)


def _changed(session: Session, change: Change) -> Sequence[Recomputed]:
    before = limits.finder(session)
    change.carry_out(session)
    return clocks.recomputed(session, working_time.calendar(session), before)


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


def _preview(found: Sequence[Recomputed]) -> Preview:
    moved = tuple(
        Moved(each.number, each.clock.stage, each.clock.due_at, each.deadline.at, each.deadline.provisional)
        for each in found
    )
    lines = sorted(
        f"{each.clock.id} {each.clock.due_at} {each.deadline.at} {each.deadline.provisional}" for each in found
    )
    return Preview(moved, sha256("\n".join(lines).encode()).hexdigest())
