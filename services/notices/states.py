"""Counting how the recipients of batches stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from models.reminder import OPEN_REMINDER_STATES, REACHED_STATES, READ_STATES, Reminder, ReminderState, Subject


@dataclass(frozen=True)
class Counts:
    """How many recipients of a batch stand where."""

    by_state: dict[ReminderState, int] = field(default_factory=dict)

    def of(self, *states: ReminderState) -> int:
        """Return how many are in any of some states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """How many recipients have been written down."""
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        """How many still wait for it."""
        return self.of(*OPEN_REMINDER_STATES)

    @property
    def reached(self) -> int:
        """How many have it."""
        return self.of(*REACHED_STATES)

    @property
    def read(self) -> int:
        """How many have read it."""
        return self.of(*READ_STATES)


def counts_of(session: Session, batch_ids: Sequence[int]) -> dict[int, Counts]:
    """Return how the recipients of batches stand, in one query; a batch nobody was written down for has none."""
    statement = (
        select(col(Reminder.subject_id), col(Reminder.state), func.count())
        .where(Reminder.subject == Subject.NOTICE, col(Reminder.subject_id).in_(batch_ids))
        .group_by(col(Reminder.subject_id), col(Reminder.state))
    )
    found: dict[int, Counts] = {batch_id: Counts() for batch_id in batch_ids}
    for batch_id, state, count in session.exec(statement):
        found[batch_id].by_state[state] = count
    return found
