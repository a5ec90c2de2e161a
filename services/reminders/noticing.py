"""Notices every change that reminders depend on, and plans anew in the same transaction.

A listener of the session rather than a call in each service: a service that forgot the call would lose reminders.
"""

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from sqlalchemy import event, inspect
from sqlalchemy.orm import SessionTransaction, UOWTransaction
from sqlmodel import Session, col, func, select

from models.account import Account
from models.area import Area
from models.base import Row
from models.calendar import CountingRule, HolidayNotice, OfficeHours
from models.campaign import Campaign
from models.commitment import Commitment
from models.configuration import CalendarDay
from models.enterprise import Contact, Enterprise
from models.issue import Issue
from models.issue_log import IssueTask
from models.reminder import ReminderHours, ReminderRule, Subject
from models.team import Team, TeamMember
from models.visit import Promise, Visit
from services import outbox
from services.reminders import weeks

REPLAN = "reminders.replan"
"""Topic of the message that plans everything anew."""
_SUBJECTS: dict[type[Row], Subject] = {
    Issue: Subject.ISSUE,
    IssueTask: Subject.ISSUE_TASK,
    Visit: Subject.VISIT,
    Promise: Subject.PROMISE,
    Commitment: Subject.COMMITMENT,
}
_OF_ENTERPRISES = (Issue, Visit, Promise, Commitment)
"""Subjects whose people are those around an enterprise: its contact, and the leads of its area."""
_EVERYTHING = (
    CalendarDay, OfficeHours, HolidayNotice, CountingRule, ReminderHours, ReminderRule, Team, TeamMember, Area,
    Campaign,
)  # fmt: skip
"""Tables a change of which may move or readdress reminders of any subject."""
_OF_ACCOUNTS = ("role", "active", "department_id", "heads_department")
_AT_ONCE = 500


class _Pending:
    """What a transaction has changed so far."""

    def __init__(self) -> None:
        self.subjects: dict[Subject, set[int]] = {}
        self.enterprises: set[int] = set()
        self.everything = False


_pending: WeakKeyDictionary[Session, _Pending] = WeakKeyDictionary()


def touch(session: Session, subject: Subject, ids: Iterable[int]) -> None:
    """Plan the reminders of these subjects anew before the transaction commits.

    For statements that change rows past the session; all other changes are noticed by themselves.
    """
    _pending.setdefault(session, _Pending()).subjects.setdefault(subject, set()).update(ids)


def replan(session: Session) -> None:
    """Owe a new planning of all reminders from the moment the transaction commits; see `replanning`."""
    outbox.put(session, REPLAN, {})


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _flush: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Account) and inspect(row).attrs.weekly_digest.history.has_changes():
            touch(session, Subject.DIGEST, weeks.weeks())
        if isinstance(row, Row) and (subject := _SUBJECTS.get(type(row))):
            touch(session, subject, [row.pk])
        elif isinstance(row, _EVERYTHING) or (isinstance(row, Account) and _is_someone_else(row)):
            _pending.setdefault(session, _Pending()).everything = True
    if any(isinstance(row, _EVERYTHING) for row in session.deleted):
        _pending.setdefault(session, _Pending()).everything = True
    if readdressed := {each for row in (*session.new, *session.dirty, *session.deleted) for each in _readdressed(row)}:
        _pending.setdefault(session, _Pending()).enterprises |= readdressed


@event.listens_for(Session, "before_commit")
def _plan(session: Session) -> None:
    from services.reminders import planning  # the sources stand on services that stand on this

    if session.in_nested_transaction():  # a savepoint is released; what it holds may still change
        return
    session.flush()
    found = _pending.pop(session, None)
    if found is None:
        return
    for model in _OF_ENTERPRISES if found.enterprises else ():
        # As one array: an import changes more enterprises than a statement may have parameters.
        around = select(model.id).where(col(model.enterprise_id) == func.any(list(found.enterprises)))
        found.subjects.setdefault(_SUBJECTS[model], set()).update(each for each in session.exec(around) if each)
    for subject in sorted(found.subjects):
        ids = sorted(found.subjects[subject])
        for start in range(0, len(ids), _AT_ONCE):
            planning.reconcile(session, subject, ids[start : start + _AT_ONCE])
    if found.everything:
        replan(session)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        _pending.pop(session, None)


def _is_someone_else(account: Account) -> bool:
    """Return whether what decides what an account is told has changed."""
    attributes = inspect(account).attrs
    return any(attributes[name].history.has_changes() for name in _OF_ACCOUNTS)


def _readdressed(row: object) -> Iterator[int]:
    """Yield the enterprises whose main contact, or whose area, a change of a row makes another.

    Of no other contact: planning holds all that is open around the enterprise, which those who hand in records of two
    of its visits would wait for in each other.
    """
    if isinstance(row, Contact):
        attributes = inspect(row).attrs
        if row.is_primary or True in (attributes.is_primary.history.deleted or ()):
            yield from (row.enterprise_id, *(attributes.enterprise_id.history.deleted or ()))
    elif isinstance(row, Enterprise) and inspect(row).attrs.area_id.history.deleted:
        yield row.pk
