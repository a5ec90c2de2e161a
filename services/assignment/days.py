"""On which days visits are made: the working days of the calendar in force."""

from datetime import date, timedelta

from core import clock
from models.worktime import Calendar

_HORIZON = 28


def visit_days(calendar: Calendar, first_day: date) -> list[date]:
    """Return the working days of four weeks from a day on, never before today; the day itself even on a day off."""
    first = max(first_day, clock.today())
    days = [first + timedelta(days=n) for n in range(_HORIZON)]
    return [day for day in days if day == first or calendar.is_working(day)]


def next_day(calendar: Calendar) -> date:
    """Return the next working day, on which a visit is planned unless somebody chooses another; tomorrow if unsure."""
    tomorrow = clock.today() + timedelta(days=1)
    return next((day for day in visit_days(calendar, tomorrow) if calendar.is_working(day)), tomorrow)
