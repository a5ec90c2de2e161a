"""How much time an issue has left: one rule, as a function for one issue and as a condition for lists of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col

from core import clock
from core.i18n import N_
from models.base import LabelledEnum
from models.issue import Issue
from models.worktime import Calendar
from services import working_time

SOON_DAYS = 2
"""Working days left from which on an issue is due soon."""
_FURTHEST = 60


class Remaining(LabelledEnum):
    """How much time is left for what is to be done next, the most pressing first."""

    OVERDUE = "overdue", N_("Overdue")
    TODAY = "today", N_("Runs out today")
    SOON = "soon", N_("Due soon")
    IN_TIME = "in_time", N_("In time")
    PAUSED = "paused", N_("Clock paused")
    NONE = "none", N_("No deadline")


@dataclass(frozen=True)
class Moments:
    """What deadlines are compared with; made once for a list.

    Args:
        now: a deadline before it is overdue.
        tonight: the end of today.
        soon: the end of the second working day from today.
    """

    now: datetime
    tonight: datetime
    soon: datetime


class Timed(Protocol):
    """What has a deadline: an issue, or a row of a list of them."""

    @property
    def due_at(self) -> datetime | None:
        """When it is due."""

    @property
    def paused_since(self) -> datetime | None:
        """Since when its clock is paused, if it is."""


def moments(session: Session) -> Moments:
    """Return what deadlines are compared with now, by the working calendar."""
    return moments_of(working_time.calendar(session))


def moments_of(calendar: Calendar) -> Moments:
    """Return the same by a calendar that is there already."""
    now = clock.now()
    return Moments(now, _end_of(now.date()), _end_of(_working_day(calendar, now.date(), SOON_DAYS)))


def remaining(row: Timed, at: Moments) -> Remaining:
    """Return how much time an issue has left."""
    if row.paused_since is not None:
        return Remaining.PAUSED
    if row.due_at is None:
        return Remaining.NONE
    bounds = ((at.now, Remaining.OVERDUE), (at.tonight, Remaining.TODAY), (at.soon, Remaining.SOON))
    return next((found for bound, found in bounds if row.due_at < bound), Remaining.IN_TIME)


def condition(wanted: Remaining, at: Moments, model: type[Any] = Issue) -> ColumnElement[bool]:
    """Return the condition that rows of a table with `due_at` and `paused_since` have so much time left."""
    due, running = col(model.due_at), col(model.paused_since).is_(None)
    conditions: dict[Remaining, ColumnElement[bool]] = {
        Remaining.OVERDUE: overdue(at.now, model),
        Remaining.TODAY: and_(due >= at.now, due < at.tonight, running),
        Remaining.SOON: and_(due >= at.tonight, due < at.soon, running),
        Remaining.IN_TIME: and_(due >= at.soon, running),
        Remaining.PAUSED: col(model.paused_since).is_not(None),
        Remaining.NONE: and_(due.is_(None), running),
    }
    return conditions[wanted]


def overdue(now: datetime, model: type[Any] = Issue) -> ColumnElement[bool]:
    """Return the condition of `Remaining.OVERDUE`, for whoever needs no calendar to ask for the others."""
    return and_(col(model.due_at) < now, col(model.paused_since).is_(None))


def any_of(wanted: list[Remaining], at: Moments, model: type[Any] = Issue) -> ColumnElement[bool]:
    """Return the condition that rows have one of several amounts of time left."""
    return or_(*(condition(each, at, model) for each in wanted))


def _working_day(calendar: Calendar, today: date, count: int) -> date:
    """Return the last of so many working days after today; where a calendar has hardly any, a day far away."""
    days = list(_working_days(calendar, today))
    return days[count - 1] if len(days) >= count else today + timedelta(days=_FURTHEST)


def _working_days(calendar: Calendar, today: date) -> Iterator[date]:
    return (day for step in range(1, _FURTHEST) if calendar.is_working(day := today + timedelta(days=step)))


def _end_of(day: date) -> datetime:
    return clock.midnight(day + timedelta(days=1))
