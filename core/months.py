"""Months: each is named by its first day, or by a number such as 202312."""

from calendar import monthrange
from datetime import date, datetime

from core import clock


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def before(month: date, count: int = 1) -> date:
    """Return the first day of the month so many months before a day's; negative counts lead forward."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def after(month: date) -> date:
    """Return the first day of the month after a day's."""
    return before(month, -1)


def begin(month: date) -> datetime:
    """Return the moment a month begins in the business time zone."""
    return clock.midnight(month)


def end(month: date) -> datetime:
    """Return the moment a month ends, which is that the next begins."""
    return begin(after(month))


def last_day(month: date) -> date:
    """Return the last day of a day's month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def numbered(month: date) -> int:
    """Return the number that names a month, such as 202312."""
    return month.year * 100 + month.month


def of_number(number: int) -> date:
    """Return the first day of the month a number such as 202312 names."""
    return date(number // 100, number % 100, 1)
