"""Months of bulletins: when one begins and ends, and on which days its bulletin is built and due."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from core import clock
from models.bulletin import BulletinSettings
from models.worktime import Calendar


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def before(month: date, count: int = 1) -> date:
    """Return the first day of the month so many months before a month; negative counts lead forward."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def begin(month: date) -> datetime:
    """Return the moment a month begins."""
    return datetime.combine(month, time(), clock.zone())


def end(month: date) -> datetime:
    """Return the moment a month ends, which is that the next begins."""
    return begin(before(month, -1))


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def numbered(month: date) -> int:
    """Return the number by which reminders name a month, such as 202312."""
    return month.year * 100 + month.month


def of_number(number: int) -> date:
    """Return the month a number such as 202312 names."""
    return date(number // 100, number % 100, 1)


def working_day_after(month: date, count: int, calendar: Calendar) -> date:
    """Return the working day of that number in the month after a month; the last where there are not so many."""
    following = before(month, -1)
    days = (following + timedelta(days=n) for n in range(last_day(following).day))
    working = [day for day in days if calendar.is_working(day)]
    return working[min(count, len(working)) - 1] if working else following


def last_working_days(month: date, count: int, calendar: Calendar) -> tuple[date, int]:
    """Return the first of the last so many working days of a month, and how many working days it has."""
    days = (month + timedelta(days=n) for n in range(last_day(month).day))
    working = [day for day in days if calendar.is_working(day)]
    return (working[-min(count, len(working))] if working else last_day(month)), len(working)


def settings_of(session: Session) -> BulletinSettings:
    """Return the settings in force: the stored row, or the defaults of a new one."""
    return session.get(BulletinSettings, 1) or BulletinSettings()
