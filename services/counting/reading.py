"""What administrators see before they change anything: a year of the calendar, the rules of counting, the limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from core import clock
from models.calendar import HolidayNotice
from models.configuration import CalendarDay
from models.issue import Urgency
from models.limits import Stage, TimeLimit
from models.worktime import Calendar, CountedDay, Reason
from services import limits, working_time
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case
from services.working_time import china

_AHEAD = 2


@dataclass(frozen=True)
class YearShown:
    """A year of the calendar.

    Args:
        year: the year.
        days: every day; `counted` says whether work is done on it.
        published: whether its holidays are certain.
        notice: the notice an administrator entered, if the product did not bring it.
        own: the days that depart from what was published.
    """

    year: int
    days: tuple[CountedDay, ...]
    published: bool
    notice: HolidayNotice | None
    own: tuple[CalendarDay, ...]


def year_shown(actor: Actor, year: int) -> YearShown:
    """Return a year of the calendar as it is in force."""
    with use_case(actor, Action.CONFIGURE) as session:
        calendar = working_time.calendar(session)
        notice = session.exec(select(HolidayNotice).where(HolidayNotice.year == year)).one_or_none()
        first, last = date(year, 1, 1), date(year, 12, 31)
        own = session.exec(
            select(CalendarDay).where(CalendarDay.day >= first, CalendarDay.day <= last).order_by(col(CalendarDay.day))
        ).all()
    days = tuple(_day(calendar, first + timedelta(days=n)) for n in range((last - first).days + 1))
    return YearShown(year, days, year in calendar.published, notice, tuple(own))


def day_shown(actor: Actor, day: date) -> CountedDay:
    """Return what the calendar says of a day."""
    return _day(in_force(actor), day)


def years(actor: Actor) -> list[int]:
    """Return the years worth showing: from last year to two ahead, and all that have days of their own."""
    with use_case(actor, Action.CONFIGURE) as session:
        own = {day.year for day in session.exec(select(col(CalendarDay.day))).all()}
    this = clock.today().year
    return sorted({*range(this - 1, this + _AHEAD + 1), *own})


def in_force(actor: Actor) -> Calendar:
    """Return the calendar in force with its office hours and convention."""
    with use_case(actor, Action.CONFIGURE) as session:
        return working_time.calendar(session)


def time_limits(actor: Actor) -> dict[Stage, Sequence[TimeLimit]]:
    """Return the limits of every stage, the most specific, which counts first, at the top."""
    with use_case(actor, Action.CONFIGURE) as session:
        rows = session.exec(select(TimeLimit).order_by(col(TimeLimit.id))).all()
    ordered = sorted(sorted(rows, key=_urgency, reverse=True), key=limits.specificity, reverse=True)
    return {stage: [row for row in ordered if row.stage is stage] for stage in Stage}


def known_to_product(year: int) -> bool:
    """Return whether this version of the product brings the year's notice."""
    return year in china.published_years()


def _urgency(row: TimeLimit) -> int:
    return list(Urgency).index(row.urgency) if row.urgency else -1


def _day(calendar: Calendar, day: date) -> CountedDay:
    told = calendar.told(day)
    return CountedDay(day, told.working, told.reason.label, told.name, calendar.is_provisional(day))


LOOKS = {
    Reason.WORKING_DAY.label: "work",
    Reason.WEEKEND.label: "weekend",
    Reason.HOLIDAY.label: "holiday",
    Reason.MAKE_UP_DAY.label: "make_up",
    Reason.OWN_HOLIDAY.label: "own_off",
    Reason.OWN_WORKING_DAY.label: "own_work",
}
"""Reason of a day → how a calendar colours it."""
