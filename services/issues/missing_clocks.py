"""Gives open issues the clock they lack: those from before there were clocks, and any a restored backup lost."""

from sqlmodel import col, select

from core.errors import UserError
from models.issue import ENDED_STATES, Issue
from models.issue_log import IssueClock
from models.lifecycle import Verb
from services.actor import SYSTEM
from services.issues.moving import moving
from services.permissions import Action
from services.use_case import use_case

_AT_ONCE = 1000


def start() -> int:
    """Start the clock of each open issue that has none; returns how many. Part of the daily upkeep."""
    started = 0
    for issue_id in _without():
        try:
            with moving(SYSTEM, issue_id, Verb.RECOMPUTE):
                started += 1  # the frame of every step lets the clocks follow the issue
        except UserError:  # it has ended meanwhile
            continue
    return started


def _without() -> list[int]:
    running = select(IssueClock.id).where(
        IssueClock.issue_id == Issue.id, col(IssueClock.ended_at).is_(None), col(IssueClock.task_id).is_(None)
    )
    with use_case(SYSTEM, Action.ISSUE_RECOMPUTE) as session:
        found = select(Issue.id).where(col(Issue.state).not_in(ENDED_STATES), ~running.exists())
        return [each for each in session.exec(found.order_by(col(Issue.id)).limit(_AT_ONCE)) if each is not None]
