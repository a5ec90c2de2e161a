"""On which days visits are made: the working days of the calendar in force."""

from collections.abc import Iterable
from datetime import date, timedelta

from core import clock
from core.errors import InvalidError
from core.i18n import format_date, gettext
from models.worktime import Calendar

_HORIZON = 28


def visit_days(calendar: Calendar, first_day: date, last_day: date = date.max) -> list[date]:
    """Return the working days of four weeks from a day on, never before today; the day itself even on a day off.

    Args:
        calendar: says which days are worked.
        first_day: the first day.
        last_day: the day after which there are none.
    """
    first = max(first_day, clock.today())
    days = [first + timedelta(days=n) for n in range(_HORIZON)]
    return [day for day in days if day <= last_day and (day == first or calendar.is_working(day))]


def check_days(days: Iterable[date], last: date) -> None:
    """Check that visits can be planned for some days.

    Args:
        days: the days.
        last: the campaign's last one.

    Raises:
        InvalidError: one has passed, or comes after the campaign.
    """
    asked = set(days)
    if any(day < clock.today() for day in asked):
        raise InvalidError({"planned_on": gettext("A visit cannot be planned for a day that has passed.")})
    if any(day > last for day in asked):
        message = gettext("The campaign ends on {day}; plan the visit for that day or earlier.")
        raise InvalidError({"planned_on": message.format(day=format_date(last))})


def next_day(calendar: Calendar) -> date:
    """Return the next working day, on which a visit is planned unless somebody chooses another; tomorrow if unsure."""
    tomorrow = clock.today() + timedelta(days=1)
    return next((day for day in visit_days(calendar, tomorrow) if calendar.is_working(day)), tomorrow)
