"""Days and moments at which work is done."""

import random
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from core import clock

_OPENS, _CLOSES = time(9, 5), time(17, 20)


def working_days(first: date, last: date) -> list[date]:
    """Return the working days of a period by the State Council's calendar, both ends included."""
    china = _china(first.year, last.year)
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in days if china.is_working_day(day)]


@cache
def _china(first: int, last: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=range(first, last + 1))


def office_moment(rng: random.Random, day: date) -> datetime:
    """Return a moment within the office hours of a day."""
    hour = rng.choice((9, 10, 11, 14, 15, 16))
    return datetime.combine(day, time(hour, rng.randint(0, 59)), clock.zone())


class Diary:
    """Finds moments of the past at which somebody did something, in office hours and in order."""

    def __init__(self) -> None:
        self.now = clock.now()
        self._days = working_days(self.now.date() - timedelta(days=200), self.now.date())

    def __contains__(self, day: date) -> bool:
        """Return whether a day is a working day of the last months."""
        place = bisect_left(self._days, day)
        return place < len(self._days) and self._days[place] == day

    def day_ago(self, count: int) -> date:
        """Return the day that lies so many working days back; 0 is today, or the last working day."""
        return self._days[-1 - count]

    def day_after(self, day: date, count: int) -> date | None:
        """Return the working day that follows so many working days after a day; `None` if it has not come yet."""
        place = bisect_left(self._days, day) + count
        return self._days[place] if place < len(self._days) else None

    def moment(self, rng: random.Random, day: date, after: datetime | None) -> datetime:
        """Return a moment of a day that is past; later than `after`, soon after it on the same day."""
        first = datetime.combine(day, _OPENS, clock.zone())
        last = min(datetime.combine(day, _CLOSES, clock.zone()), self.now)
        if after is not None and after >= first:
            return after + max(last - after, timedelta()) * rng.uniform(0.1, 0.5)
        first = min(first, last - timedelta(minutes=30))
        return first + (last - first) * rng.uniform(0.05, 0.9)
