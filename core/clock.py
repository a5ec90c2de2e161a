"""The only source of time.

Rows hold moments with a time zone; business rules and screens use the zone of the settings.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.settings import settings

_fixed: datetime | None = None


def now() -> datetime:
    """Return the present moment in the business time zone."""
    return (_fixed or datetime.now(UTC)).astimezone(zone())


def today() -> date:
    """Return the present day in the business time zone."""
    return now().date()


def in_zone(moment: datetime) -> datetime:
    """Return a moment somebody typed: without a zone, it is meant in the business time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone())


def midnight(day: date) -> datetime:
    """Return the moment a day begins in the business time zone."""
    return datetime.combine(day, time(), zone())


def zone() -> ZoneInfo:
    """Return the business time zone."""
    return ZoneInfo(settings().timezone)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock of this process at `moment` (with a time zone): for tests and demonstration data."""
    global _fixed  # noqa: PLW0603 - one process has one clock
    before, _fixed = _fixed, moment
    try:
        yield
    finally:
        _fixed = before


def advance(step: timedelta) -> None:
    """Move a clock held by `fixed` forward by `step`.

    Raises:
        RuntimeError: the clock is not held.
    """
    global _fixed  # noqa: PLW0603 - one process has one clock
    if _fixed is None:
        raise RuntimeError("the clock runs freely; hold it with fixed() first")
    _fixed += step
