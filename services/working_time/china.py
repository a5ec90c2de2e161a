"""The State Council's calendar: public holidays and make-up working days, from the library `holidays`."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from core.i18n import N_
from models.worktime import Reason, SpecialDay

_NAMES = {
    # what the library's names contain → what we call it
    "New Year's Day": N_("New Year's Day"),
    "Chinese New Year": N_("Spring Festival"),
    "Tomb-Sweeping": N_("Tomb-Sweeping Day"),
    "Labor Day": N_("Labour Day"),
    "Dragon Boat": N_("Dragon Boat Festival"),
    "Mid-Autumn": N_("Mid-Autumn Festival"),
    "National Day": N_("National Day"),
    "Victory": N_("Victory Day"),
}
_ONE = timedelta(days=1)


@cache
def published_years() -> frozenset[int]:
    """Return the years for which the library knows the notice, that is: its make-up days."""
    from holidays.countries.china import ChinaStaticHolidays

    return frozenset(ChinaStaticHolidays.special_public_holidays)


@cache
def special_days(year: int) -> Mapping[date, SpecialDay]:
    """Return the holidays and make-up days of a year; without a notice, only the holidays the law itself fixes."""
    import holidays

    found = holidays.country_holidays("CN", years=range(year - 1, year + 2), language="en_US")
    make_up = set(found.weekend_workdays)
    off = set(found) | set(_weekends_beside(found, make_up))
    named = {day: name for day in found if (name := _name(found[day]))}
    days = {day: SpecialDay(working=False, reason=Reason.HOLIDAY, name=nearest(day, named)) for day in off}
    for day in make_up:
        name = nearest(_exchanged().get(day, day), named)
        days[day] = SpecialDay(working=True, reason=Reason.MAKE_UP_DAY, name=name)
    return {day: special for day, special in days.items() if day.year == year}


def special(day: date) -> SpecialDay | None:
    """Return what the calendar says of a day that is not what its weekday says."""
    return special_days(day.year).get(day)


def nearest(day: date, named: Mapping[date, str]) -> str:
    """Return the name of the holiday a day belongs to: the nearest, of two the earlier; empty if none is near.

    Args:
        day: the day.
        named: day → name of the days whose holiday is known.
    """
    for distance in range(10):
        for step in (-distance, distance):
            if name := named.get(day + step * _ONE):
                return name
    return ""


def _name(text: str) -> str:
    return next((ours for theirs, ours in _NAMES.items() if theirs in text), "")


def _weekends_beside(days: Mapping[date, str], make_up: set[date]) -> Iterator[date]:
    """Yield the weekend days that a holiday joins: a notice counts them as part of it."""
    for day in days:
        for step in (-_ONE, _ONE):
            beside = day + step
            while beside.weekday() >= 5 and beside not in make_up:
                yield beside
                beside += step


@cache
def _exchanged() -> Mapping[date, date]:
    """Return each make-up day and the day off it is exchanged for."""
    from holidays.countries.china import ChinaStaticHolidays

    found = {}
    for year, rows in ChinaStaticHolidays.special_public_holidays.items():
        for month, day, *other in rows:
            make_up = [int(each) for each in other if isinstance(each, int)]  # a text names a holiday without one
            if make_up:
                found[date(make_up[2] if len(make_up) > 2 else year, make_up[0], make_up[1])] = date(
                    year, int(month), int(day)
                )
    return found
