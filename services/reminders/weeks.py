"""Weeks as subjects of reminders: a week is named by its ISO year and number, such as 202348."""

from datetime import date, datetime, time, timedelta

from core import clock

_AT = time(9)
_WEEK = timedelta(days=7)


def weeks() -> list[int]:
    """Return this week and the next: those whose digests are planned."""
    today = clock.today()
    return [numbered(today), numbered(today + _WEEK)]


def numbered(day: date) -> int:
    """Return the number of the week a day lies in."""
    year, week, _day = day.isocalendar()
    return year * 100 + week


def monday(week: int) -> date:
    """Return the first day of a week."""
    return date.fromisocalendar(week // 100, week % 100, 1)


def moment(week: int) -> datetime:
    """Return when a week's digest is due: on its Monday, about the week before."""
    return datetime.combine(monday(week), _AT, clock.zone())


def days_before(week: int) -> tuple[date, date]:
    """Return the first and the last day of the week before, which a week's digest tells of."""
    first = monday(week) - _WEEK
    return first, first + _WEEK - timedelta(days=1)
