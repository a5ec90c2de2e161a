"""On which working days bulletins are built and due, and the settings that say so."""

from datetime import date, timedelta

from sqlmodel import Session

from core import months
from models.bulletin import BulletinSettings
from models.worktime import Calendar


def working_day_after(month: date, count: int, calendar: Calendar) -> date:
    """Return the working day of that number in the month after a month; the last where there are not so many."""
    following = months.after(month)
    days = (following + timedelta(days=n) for n in range(months.last_day(following).day))
    working = [day for day in days if calendar.is_working(day)]
    return working[min(count, len(working)) - 1] if working else following


def last_working_days(month: date, count: int, calendar: Calendar) -> tuple[date, int]:
    """Return the first of the last so many working days of a month, and how many working days it has."""
    days = (month + timedelta(days=n) for n in range(months.last_day(month).day))
    working = [day for day in days if calendar.is_working(day)]
    return (working[-min(count, len(working))] if working else months.last_day(month)), len(working)


def settings_of(session: Session) -> BulletinSettings:
    """Return the settings in force: the stored row, or the defaults of a new one."""
    return session.get(BulletinSettings, 1) or BulletinSettings()
