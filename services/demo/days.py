"""Days and moments at which work is done."""

import random
from datetime import date, datetime, time, timedelta

import holidays

from core import clock


def working_days(first: date, last: date) -> list[date]:
    """Return the working days of a period by the State Council's calendar, both ends included."""
    china = holidays.country_holidays("CN", years=range(first.year, last.year + 1))
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in days if china.is_working_day(day)]


def office_moment(rng: random.Random, day: date) -> datetime:
    """Return a moment within the office hours of a day."""
    hour = rng.choice((9, 10, 11, 14, 15, 16))
    return datetime.combine(day, time(hour, rng.randint(0, 59)), clock.zone())
