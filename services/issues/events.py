"""The log of an issue: what each step changed, written in the transaction that changes it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlmodel import Session, col, select

from core import clock
from core.db import add_late
from models.issue import Issue
from models.issue_log import TOLD_COLUMNS, IssueEvent
from models.lifecycle import Verb
from services.actor import Actor

Snapshot = dict[str, Any]
AGAIN = (Verb.REDO, Verb.REOPEN)
"""What begins the next round; the reason of the latest such event is why an issue is handled again."""
DISPATCHED = (Verb.DISPATCH, Verb.REDISPATCH)
"""By what the coordinator says what is asked; the issue keeps the words of the latest."""


def snapshot(issue: Issue) -> Snapshot:
    """Return what the log tells of an issue, as JSON."""
    return {name: _plain(getattr(issue, name)) for name in TOLD_COLUMNS}


def record(
    session: Session, actor: Actor, issue: Issue, verb: Verb, before: Snapshot, *, reason: str = "",
    task_id: int | None = None, spoken: Sequence[str] = (),
) -> IssueEvent:  # fmt: skip
    """Write what happened to an issue since `before` and raise its version; part of the caller's use case.

    Args:
        session: the use case's session.
        actor: who did it.
        issue: the issue as it is now; its row is held by the transaction.
        verb: what was done.
        before: its snapshot from before the step; empty for a new one.
        reason: what the actor wrote.
        task_id: the task it is about.
        spoken: columns to tell even if they have not changed.
    """
    after = snapshot(issue)
    told = [name for name in TOLD_COLUMNS if name not in before or before[name] != after[name] or name in spoken]
    issue.version += 1
    event = IssueEvent(
        issue_id=issue.pk,
        seq=issue.version,
        at=clock.now(),
        actor_id=actor.account_id,
        actor_name=actor.name,
        actor_role=actor.role,
        department_id=actor.department_id,
        verb=verb,
        reason=reason,
        task_id=task_id,
        round=issue.round,
        before={name: before[name] for name in told if name in before},
        after={name: after[name] for name in told},
    )
    add_late(session, event)
    return event


def replay(events: Iterable[IssueEvent]) -> Snapshot:
    """Return the snapshot an issue's events lead to, oldest first: it equals that of its row.

    A column younger than an issue's first event has its default until an event tells otherwise.
    """
    state: Snapshot = dict(_DEFAULTS)
    for event in events:
        state |= event.after
    return state


def of(session: Session, issue_id: int, *, after: int = 0) -> Sequence[IssueEvent]:
    """Return an issue's events in order, those after a version only if asked."""
    found = select(IssueEvent).where(IssueEvent.issue_id == issue_id, col(IssueEvent.seq) > after)
    return session.exec(found.order_by(col(IssueEvent.seq))).all()


def _defaults() -> Snapshot:
    fields = {name: Issue.model_fields[name] for name in TOLD_COLUMNS}
    return {name: _plain(field.get_default()) for name, field in fields.items() if not field.is_required()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).isoformat()
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


_DEFAULTS = {name: value for name, value in _defaults().items() if name != "extra"}
