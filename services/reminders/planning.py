"""Planning: what rules make of how subjects stand, written as rows in the transaction that changes the subject.

`reconcile` is the one way reminders come to be planned or cancelled. It may be called any number of times: rows are
unique for (subject, rule, deadline's number, step, recipient), and what was told is never touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core import clock
from core.db import kept
from core.i18n import N_
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
from services.reminders import rows
from services.reminders.acknowledging import ACKNOWLEDGED
from services.reminders.sources import SOURCES
from services.reminders.standing import Standing
from services.reminders.timing import Shifter, moments, shifter

NO_LONGER = N_("No longer needed: it was handled, moved or given to somebody else.")
"""Note of what was cancelled because its reason is gone; such a row is planned again if the reason comes back."""
_UNTIL = (NO_LONGER, ACKNOWLEDGED)
"""Notes of what was cancelled until its reason comes back, or until nobody's acknowledgement counts any more."""
GRACE = timedelta(days=1)
"""How long ago a step may lie that is planned only now, such as that of an issue entered when it was already late.

This is no window for what is planned: a planned row is told however late the workers come to it.
"""

Key = tuple[int, int | None, int, int, str]
"""(subject's id, rule's id, deadline's number, step, recipient's key): what names a row among those of one subject."""
Acknowledged = Mapping[tuple[int, Occasion, int], list[Row[Any]]]
"""(subject's id, occasion, deadline's number) → what was acknowledged of that ladder."""


@dataclass(frozen=True)
class Wanted:
    """A reminder as a rule wants it."""

    standing: Standing
    rule: ReminderRule
    step: int
    moment: datetime
    due_at: datetime
    relation: Relation | None = None
    account_id: int | None = None
    contact_id: int | None = None

    @property
    def key(self) -> Key:
        """What names its row."""
        recipient = f"a{self.account_id}" if self.account_id else f"c{self.contact_id}" if self.contact_id else ""
        return self.standing.subject_id, self.rule.id, self.standing.due_version, self.step, recipient


def reconcile(session: Session, subject: Subject, ids: Sequence[int]) -> None:
    """Write the reminders these subjects now need, and cancel those they no longer do.

    Args:
        session: the transaction that changed the subjects; they are held until it ends.
        subject: what kind of thing they are.
        ids: which of them.
    """
    standings = SOURCES[subject].standings(session, ids)
    wanted = {each.key: each for each in wanted_by(session, standings, rules(session))}
    known = _known(session, subject, ids)
    acknowledged = defaultdict(list)
    for row in known.values():
        if row.acted_at is not None:
            acknowledged[row.subject_id, row.occasion, row.due_version].append(row)
    kept_up = {
        key: each for key, each in wanted.items() if not _is_stopped(each, acknowledged) or _was_told(known.get(key))
    }
    needless = [row.id for key, row in known.items() if _is_open(row) and key not in kept_up]
    if needless:
        rows.cancel(session, NO_LONGER, col(Reminder.id).in_(needless))
    _move(session, [(known[key], each) for key, each in kept_up.items() if key in known])
    _plan(session, [each for each in _timely(kept_up.values()) if each.key not in known])


def rules(session: Session) -> Sequence[ReminderRule]:
    """Return the rules in force, in the order they were made: what they plan is stored in it."""
    found = select(ReminderRule).where(ReminderRule.active).order_by(col(ReminderRule.id))
    return kept(session, "reminder rules", lambda: session.exec(found).all())


def wanted_by(session: Session, standings: Iterable[Standing], by: Iterable[ReminderRule]) -> Iterator[Wanted]:
    """Yield all that rules want of these standings, whenever it is or was to be told."""
    of_occasion: dict[Occasion, list[ReminderRule]] = defaultdict(list)
    for rule in by:
        of_occasion[rule.occasion].append(rule)
    shift = shifter(session)
    for standing in standings:
        for rule in of_occasion[standing.occasion]:
            if rule.stage in {None, standing.stage}:
                yield from _of_rule(standing, rule, shift)


def _of_rule(standing: Standing, rule: ReminderRule, shift: Shifter) -> Iterator[Wanted]:
    for step, moment in enumerate(moments(rule, standing.moment, shift)):
        due_at = shift.due(moment, urgent=rule.urgent)
        if rule.effect is not Effect.NONE and standing.subject is Subject.ISSUE:  # a task has no cards of its own
            yield Wanted(standing, rule, step, moment, moment)
        told: set[int] = set()
        for relation in rule.recipients:
            if relation is Relation.ENTERPRISE_CONTACT:
                yield from (
                    Wanted(standing, rule, step, moment, due_at, relation, contact_id=each)
                    for each in standing.contacts
                )
                continue
            for account_id in standing.people.get(relation, ()):
                if account_id not in told:  # one who is two things is told once
                    told.add(account_id)
                    yield Wanted(standing, rule, step, moment, due_at, relation, account_id)


def _timely(wanted: Iterable[Wanted]) -> Iterator[Wanted]:
    """Yield what still lies ahead, and of what has just passed the latest step only.

    What was to be told before a moment that has come by now is not made up for.
    """
    now = clock.now()
    passed: dict[tuple[int, Occasion, int], list[Wanted]] = defaultdict(list)
    for each in wanted:
        if each.moment > now:
            yield each
        elif _is_timely(each, now):
            passed[each.standing.subject_id, each.standing.occasion, each.standing.due_version].append(each)
    for group in passed.values():
        latest = max(each.moment for each in group)
        yield from (each for each in group if each.moment == latest)


def _is_timely(wanted: Wanted, now: datetime) -> bool:
    return wanted.moment > now or (wanted.moment > now - GRACE and wanted.rule.offset >= 0)


_COLUMNS = (
    Reminder.id, Reminder.subject_id, Reminder.rule_id, Reminder.due_version, Reminder.step, Reminder.recipient_key,
    Reminder.occasion, Reminder.state, Reminder.moment, Reminder.due_at, Reminder.attempts, Reminder.note,
    Reminder.acted_at, Reminder.relation, Reminder.recipient_id, Reminder.contact_id,
)  # fmt: skip


def _known(session: Session, subject: Subject, ids: Sequence[int]) -> dict[Key, Row[Any]]:
    found = select_columns(*(col(each) for each in _COLUMNS)).where(
        col(Reminder.subject) == subject, col(Reminder.subject_id).in_(ids), col(Reminder.rule_id).is_not(None)
    )
    return {
        (row.subject_id, row.rule_id, row.due_version, row.step, row.recipient_key): row
        for row in session.execute(found)
    }


def _is_open(row: Row[Any]) -> bool:
    return row.state in OPEN_REMINDER_STATES


def _was_told(row: Row[Any] | None) -> bool:
    return row is not None and row.state not in {*OPEN_REMINDER_STATES, ReminderState.CANCELLED}


def _is_stopped(wanted: Wanted, acknowledged: Acknowledged) -> bool:
    of = wanted.standing
    if wanted.rule.stops_on is not StopsOn.ACKNOWLEDGED:
        return False
    return any(_counts(row, of) for row in acknowledged.get((of.subject_id, of.occasion, of.due_version), ()))


def _counts(row: Row[Any], of: Standing) -> bool:
    """Return whether an acknowledgement counts: of this turn, by somebody who still is to it what they were.

    That of an enterprise's contact never does: it says that they got a message, not that anybody acts.
    """
    if of.since is not None and row.acted_at < of.since:
        return False
    return row.recipient_id in of.people.get(row.relation, ())


def _move(session: Session, pairs: Iterable[tuple[Row[Any], Wanted]]) -> None:
    """Let planned rows follow a moment or a slot that changed, and take up again what was cancelled meanwhile."""
    now, shift = clock.now(), shifter(session)
    changes = []
    for row, wanted in pairs:
        again = row.state is ReminderState.CANCELLED and row.note in _UNTIL and _is_timely(wanted, now)
        moved = row.state is ReminderState.PLANNED and row.attempts == 0 and _differs(row, wanted, now)
        if again or moved:
            due_at = _due_at(wanted, now, shift)
            changes.append({"row": row.id, "was": row.state, "moment": wanted.moment, "due_at": due_at})
    if changes:
        session.connection().execute(_MOVE, changes)


def _differs(row: Row[Any], wanted: Wanted, now: datetime) -> bool:
    return bool(row.moment != wanted.moment) or (row.due_at != wanted.due_at and min(row.due_at, wanted.due_at) > now)


_MOVE = (
    update(Reminder.__table__)  # type: ignore[attr-defined]  # SQLModel adds it
    .where(Reminder.__table__.c.id == bindparam("row"))  # type: ignore[attr-defined]
    .where(Reminder.__table__.c.state == bindparam("was"))  # type: ignore[attr-defined]  # not what is told meanwhile
    .values(
        state=ReminderState.PLANNED, moment=bindparam("moment"), due_at=bindparam("due_at"), cancelled_at=None, note=""
    )
)


def _plan(session: Session, wanted: Sequence[Wanted]) -> None:
    if not wanted:
        return
    now, shift = clock.now(), shifter(session)
    # into the table rather than the class, which would send rows with and without a contact in statements of their own
    into = insert(Reminder.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]  # SQLModel adds it
    session.execute(into, [_row(each, now, shift) for each in wanted])


def _row(wanted: Wanted, now: datetime, shift: Shifter) -> Mapping[str, Any]:
    standing, rule = wanted.standing, wanted.rule
    return {
        "created_at": now, "updated_at": now, "subject": standing.subject, "subject_id": standing.subject_id,
        "occasion": standing.occasion, "rule_id": rule.id, "due_version": standing.due_version, "step": wanted.step,
        "relation": wanted.relation, "recipient_id": wanted.account_id, "contact_id": wanted.contact_id,
        "recipient_key": wanted.key[4], "moment": wanted.moment, "due_at": _due_at(wanted, now, shift),
        "urgent": rule.urgent, "state": ReminderState.PLANNED,
    }  # fmt: skip


def _due_at(wanted: Wanted, now: datetime, shift: Shifter) -> datetime:
    """Return when it is told: in its slot, or in the next one if that has passed by the time it is planned."""
    if wanted.due_at > now:
        return wanted.due_at
    return shift.due(now, urgent=wanted.rule.urgent or wanted.relation is None)
