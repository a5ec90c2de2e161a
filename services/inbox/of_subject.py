"""What was told to whom about a subject, and what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.account import Account
from models.enterprise import Contact
from models.issue import Issue
from models.reminder import (
    OPEN_REMINDER_STATES,
    Effect,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    Subject,
)
from services import access
from services.actor import Actor
from services.permissions import Action
from services.reminders.acknowledging import ACKNOWLEDGED
from services.use_case import use_case

_MOST = 200


@dataclass(frozen=True)
class Told:
    """Somebody a step goes to.

    Args:
        name: who; empty for the product itself.
        relation: what they are to the subject.
        state: how far it came with them.
        at: when it came so far.
    """

    name: str
    relation: Relation | None
    state: ReminderState
    at: datetime


@dataclass(frozen=True)
class Occurrence:
    """One step of a ladder at one time, with all it goes to."""

    at: datetime
    rule: str
    effect: Effect
    urgent: bool
    people: list[Told]


@dataclass(frozen=True)
class History:
    """The reminders of a subject.

    Args:
        past: what was told, the newest first.
        next: what is still to come, the next first.
        stopped: what acknowledging stopped, the newest first.
    """

    past: list[Occurrence]
    next: list[Occurrence]
    stopped: list[Occurrence]


def of_issue(actor: Actor, issue_id: int) -> History:
    """Return the reminders of an issue for somebody who may see it.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        rows = _rows(session, Subject.ISSUE, issue_id)
    return History(
        past=_occurrences([row for row in rows if row.state in _TOLD], newest=True),
        next=_occurrences([row for row in rows if row.state in OPEN_REMINDER_STATES], newest=False),
        stopped=_occurrences([row for row in rows if _was_stopped(row)], newest=True),
    )


_TOLD = (
    ReminderState.SENT, ReminderState.DELIVERED, ReminderState.READ, ReminderState.ACTED_ON, ReminderState.FAILED,
)  # fmt: skip


def _was_stopped(row: Any) -> bool:
    return row.state is ReminderState.CANCELLED and row.note == ACKNOWLEDGED


def _rows(session: Session, subject: Subject, subject_id: int) -> Sequence[Any]:
    found = _ROWS.where(col(Reminder.subject) == subject, col(Reminder.subject_id) == subject_id)
    return session.execute(found.order_by(col(Reminder.due_at).desc(), col(Reminder.id)).limit(_MOST)).all()


def _occurrences(rows: Sequence[Any], *, newest: bool) -> list[Occurrence]:
    ordered = sorted(rows, key=_when_and_what, reverse=newest)
    return [_occurrence(list(group)) for _key, group in groupby(ordered, key=_when_and_what)]


def _when_and_what(row: Any) -> tuple[datetime, str]:
    return row.when.replace(second=0, microsecond=0), row.rule


def _occurrence(rows: list[Any]) -> Occurrence:
    first = rows[0]
    people = [Told(row.person, row.relation, row.state, row.at) for row in rows if row.relation]
    return Occurrence(first.when, first.rule, first.effect or Effect.NONE, first.urgent, people)


_ROWS = (
    columns(
        func.coalesce(Reminder.sent_at, Reminder.due_at).label("when"),
        func.coalesce(ReminderRule.name, "").label("rule"), col(ReminderRule.effect),
        col(Reminder.urgent), col(Reminder.relation), col(Reminder.state), col(Reminder.note),
        func.coalesce(Account.name, Contact.name, "").label("person"),
        func.coalesce(
            Reminder.acted_at, Reminder.read_at, Reminder.failed_at, Reminder.cancelled_at, Reminder.delivered_at,
            Reminder.sent_at, Reminder.due_at,
        ).label("at"),
    )
    .outerjoin(ReminderRule, col(ReminderRule.id) == Reminder.rule_id)
    .outerjoin(Account, col(Account.id) == Reminder.recipient_id)
    .outerjoin(Contact, col(Contact.id) == Reminder.contact_id)
)  # fmt: skip
