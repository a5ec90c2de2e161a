"""What is still to come about a subject, and what acknowledging it stopped."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, tuple_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.reminder import (
    OPEN_REMINDER_STATES,
    Effect,
    Occasion,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    StopsOn,
    Subject,
)
from services.reminders.acknowledging import ACKNOWLEDGED

Matter = tuple[Subject, int, Occasion, int]
"""One ladder: the subject, its occasion and the deadline the steps count from."""


@dataclass(frozen=True)
class Step:
    """What one rule sends at one time: still to come, or stopped.

    Args:
        due_at: when it goes out, or would have.
        rule: the rule's name.
        relations: to whom, as what they are to the subject.
        effect: what the product does itself then.
    """

    due_at: datetime
    rule: str
    relations: tuple[Relation, ...]
    effect: Effect


def matter(row: Any) -> Matter:
    """Return the ladder a reminder, or a row with its columns, belongs to."""
    return row.subject, row.subject_id, row.occasion, row.due_version


def follows(told: type[Reminder] = Reminder) -> ColumnElement[bool]:
    """Return the condition that acknowledging a reminder would stop something that is still to come."""
    later, rule = aliased(Reminder), aliased(ReminderRule)
    same = and_(
        col(later.subject) == told.subject,
        col(later.subject_id) == told.subject_id,
        col(later.occasion) == told.occasion,
        col(later.due_version) == told.due_version,
        col(later.state).in_(OPEN_REMINDER_STATES),
    )
    found = columns(col(later.id)).join(rule, col(rule.id) == later.rule_id)
    return found.where(same, col(rule.stops_on) == StopsOn.ACKNOWLEDGED).exists()


def to_come(session: Session, matters: Iterable[Matter]) -> dict[Matter, list[Step]]:
    """Return the steps of ladders that are still to come, the next first."""
    return _steps(session, matters, col(Reminder.state).in_(OPEN_REMINDER_STATES))


def stopped(session: Session, matters: Iterable[Matter]) -> dict[Matter, list[Step]]:
    """Return the steps of ladders that an acknowledgement stopped, the earliest first."""
    return _steps(session, matters, col(Reminder.state) == ReminderState.CANCELLED, col(Reminder.note) == ACKNOWLEDGED)


def _steps(session: Session, matters: Iterable[Matter], *conditions: ColumnElement[bool]) -> dict[Matter, list[Step]]:
    found: dict[Matter, list[Step]] = defaultdict(list)
    wanted = list(dict.fromkeys(matters))
    if not wanted:
        return found
    one_of = tuple_(*_MATTER).in_(wanted)
    rows = session.execute(_STEPS.where(one_of, *conditions).order_by(*_MATTER, *_TIME, col(Reminder.id)))
    for _same, group in groupby(rows, key=lambda row: (matter(row), row.due_at, row.name)):
        together = list(group)
        found[matter(together[0])].append(_step(together))
    return found


def _step(rows: Sequence[Any]) -> Step:
    first = rows[0]
    relations = tuple(dict.fromkeys(row.relation for row in rows if row.relation))
    acts = any(row.relation is None for row in rows)
    return Step(first.due_at, first.name, relations, first.effect if acts else Effect.NONE)


_MATTER: Sequence[Any] = (
    col(Reminder.subject), col(Reminder.subject_id), col(Reminder.occasion), col(Reminder.due_version),
)  # fmt: skip
_TIME: Sequence[Any] = (col(Reminder.due_at), col(ReminderRule.name))
_STEPS = columns(
    *_MATTER, col(Reminder.due_at), col(Reminder.relation), col(ReminderRule.name), col(ReminderRule.effect),
).join(ReminderRule, col(ReminderRule.id) == Reminder.rule_id)  # fmt: skip
