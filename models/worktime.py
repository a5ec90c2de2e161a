"""Counting working time: limits, pauses, and deadlines with their explanation. Pure: no database, no clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from core.errors import UserError
from core.i18n import N_
from models.base import LabelledEnum

HORIZON = 3660
"""Days looked ahead, about ten years: a calendar almost without working days must not be searched for ever."""


class LimitUnit(LabelledEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days", N_("working days")
    WORKING_MINUTES = "working_minutes", N_("working minutes")


class LateReceipt(LabelledEnum):
    """What a receipt after office hours or on a day off starts with."""

    SAME_DAY = "same_day", N_("The day itself is the day of receipt")
    NEXT_WORKING_DAY = "next_working_day", N_("The next working day is the day of receipt")


class Reason(LabelledEnum):
    """Why a day of an explanation counts or does not."""

    WORKING_DAY = "working_day", N_("Ordinary working day")
    MAKE_UP_DAY = "make_up_day", N_("Make-up working day")
    OWN_WORKING_DAY = "own_working_day", N_("The zone's own working day")
    WEEKEND = "weekend", N_("Weekend")
    HOLIDAY = "holiday", N_("Public holiday")
    OWN_HOLIDAY = "own_holiday", N_("The zone's own day off")
    RECEIPT = "receipt", N_("Day of receipt, does not count")
    AFTER_HOURS = "after_hours", N_("Received after office hours")
    PAUSED = "paused", N_("The clock was paused")
    DUE_AT_ONCE = "due_at_once", N_("Due as soon as the office opens")


@dataclass(frozen=True)
class Limit:
    """How long something may take."""

    amount: int
    unit: LimitUnit


@dataclass(frozen=True)
class Pause:
    """A time that does not count."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class OpenHours:
    """From when to when the office is open on every working day, to the minute."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Convention:
    """How receipt is treated.

    Args:
        receipt_counts: whether the day of receipt counts, if it is a working day whose office hours are not over.
        late: what a receipt after office hours or on a day off starts with.
    """

    receipt_counts: bool = False
    late: LateReceipt = LateReceipt.SAME_DAY


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not what its weekday says."""

    working: bool
    reason: Reason
    name: str = ""


@dataclass(frozen=True)
class CountedDay:
    """One day of an explanation.

    Args:
        day: the day.
        counted: whether it counts, in whole or in part.
        reason: why, as a text of the catalogue.
        name: the holiday's name, if it has one, as a text of the catalogue or an administrator's own words.
        provisional: whether its year has no published notice yet.
        minutes: working minutes counted on it, for limits in minutes.
    """

    day: date
    counted: bool
    reason: str
    name: str = ""
    provisional: bool = False
    minutes: int = 0


@dataclass(frozen=True)
class Deadline:
    """When a limit runs out, and why then."""

    at: datetime
    provisional: bool
    days: tuple[CountedDay, ...]


class TooFarError(UserError):
    """A limit that does not run out within `HORIZON` days."""

    def __init__(self) -> None:
        super().__init__(
            N_("This limit does not end within ten years: it is too long, or the calendar has too few working days.")
        )


DEFAULT_HOURS = (OpenHours(time(9), time(12)), OpenHours(time(13, 30), time(17, 30)))


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are worked, and how time is counted over them.

    Args:
        zone: time zone of the office.
        special: tells the days that are not what their weekday says, `None` for all others.
        published: years whose holidays are published; every other is provisional.
        hours: office hours of a working day, in order and apart from each other.
        convention: how receipt is treated.
    """

    zone: ZoneInfo
    special: Callable[[date], SpecialDay | None] = field(repr=False)
    published: frozenset[int]
    hours: tuple[OpenHours, ...] = DEFAULT_HOURS
    convention: Convention = Convention()

    @property
    def minutes_a_day(self) -> int:
        """How many minutes a working day has."""
        return sum(_minute(each.closes) - _minute(each.opens) for each in self.hours)

    def told(self, day: date) -> SpecialDay:
        """Return whether work is done on a day, why, and its holiday's name."""
        special = self.special(day)
        if special is not None:
            return special
        return _WEEKEND if day.weekday() >= 5 else _WORKING

    def is_working(self, day: date) -> bool:
        """Return whether work is done on a day."""
        return self.told(day).working

    def is_provisional(self, day: date) -> bool:
        """Return whether the holidays of the day's year are not published yet."""
        return day.year not in self.published

    def closing(self, day: date) -> datetime:
        """Return the end of office hours, were the day a working day."""
        return datetime.combine(day, self.hours[-1].closes, self.zone)

    def deadline(self, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Deadline:
        """Return when a limit that starts to run at `start` runs out, and why then.

        A limit in days ends with the office hours of the last counted day; a day is freed by a pause that covers the
        end of its office hours and goes on into another day. Of a limit in minutes every minute of office hours
        counts that is not paused. A limit of zero is due as soon as the office is open.

        Raises:
            TooFarError: it does not run out within ten years.
        """
        if limit.amount < 0:
            raise ValueError("a limit cannot be negative")
        count = _Count(self, self._local(start), self._joined(pauses))
        if limit.amount and limit.unit is LimitUnit.WORKING_DAYS:
            return count.days(limit.amount)
        return count.minutes(limit.amount)

    def working_days(self, start: datetime, end: datetime) -> int:
        """Return how many days that count from `start` on have ended by `end`: the inverse of `deadline`."""
        started, ended = self._local(start), self._local(end)
        count = _Count(self, started, ())
        days = takewhile(lambda day: self.closing(day) <= ended, _days_from(started.date()))
        return sum(count.skipped(day) is None for day in days)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise TooFarError
        return moment.astimezone(self.zone)

    def _joined(self, pauses: Sequence[Pause]) -> tuple[Pause, ...]:
        """Return pauses in order, joined where they touch: two that follow each other free what one would."""
        joined: list[Pause] = []
        for since, until in sorted((self._local(each.since), self._local(each.until)) for each in pauses):
            if joined and since <= joined[-1].until:
                joined[-1] = Pause(joined[-1].since, max(joined[-1].until, until))
            elif since < until:
                joined.append(Pause(since, until))
        return tuple(joined)


class _Count:
    """One walk through the days from a start, both given in the office's zone."""

    def __init__(self, calendar: Calendar, started: datetime, pauses: Sequence[Pause]) -> None:
        self._calendar = calendar
        self._started = started
        self._pauses = pauses
        self._late = calendar.is_working(started.date()) and started >= calendar.closing(started.date())
        self._receipt = self._day_of_receipt()

    def days(self, amount: int) -> Deadline:
        told = []
        for day in _days_from(self._started.date()):
            skipped = self.skipped(day)
            told.append(self._told(day, skipped))
            amount -= skipped is None
            if not amount:
                return _deadline(self._calendar.closing(day), told)
        raise TooFarError

    def minutes(self, amount: int) -> Deadline:
        told = []
        for day in _days_from(self._started.date()):
            spans = self._spans(day)
            taken = min(amount, sum(until - since for since, until in spans))
            ends = bool(spans) and taken == amount
            told.append(self._told(day, None if taken else self._idle(day, due=ends), taken))
            if ends:
                at = _reached(spans, taken)
                return _deadline(datetime.combine(day, time(at // 60, at % 60), self._calendar.zone), told)
            amount -= taken
        raise TooFarError

    def skipped(self, day: date) -> Reason | None:
        """Return why a whole day does not count; `None` if it does."""
        told = self._calendar.told(day)
        if not told.working:
            return told.reason
        if day == self._started.date() and self._late and day != self._receipt:
            return Reason.AFTER_HOURS
        if day == self._receipt and not self._calendar.convention.receipt_counts:
            return Reason.RECEIPT
        return Reason.PAUSED if self._freed(day) else None

    def _day_of_receipt(self) -> date:
        """Return what counts as the day of receipt."""
        day, convention = self._started.date(), self._calendar.convention
        on_time = self._calendar.is_working(day) and not self._late
        if on_time or (convention.late is LateReceipt.SAME_DAY and not convention.receipt_counts):
            return day
        later = (each for each in _days_from(day) if each > day and self._calendar.is_working(each))
        found = next(later, None)
        if found is None:
            raise TooFarError
        return found

    def _freed(self, day: date) -> bool:
        closing = self._calendar.closing(day)
        return any(each.since <= closing and each.until.date() > day for each in self._pauses)

    def _idle(self, day: date, *, due: bool) -> Reason:
        """Return why no minute of a day counts."""
        told = self._calendar.told(day)
        if due:
            return Reason.DUE_AT_ONCE
        if not told.working:
            return told.reason
        return Reason.AFTER_HOURS if day == self._started.date() and self._late else Reason.PAUSED

    def _spans(self, day: date) -> list[tuple[int, int]]:
        """Return the open minutes of a day that count, in whole minutes: a start is rounded up, a pause widened."""
        if not self._calendar.is_working(day):
            return []
        spans = [(_minute(each.opens), _minute(each.closes)) for each in self._calendar.hours]
        if day == self._started.date():
            spans = _without(spans, 0, _rounded_up(self._started))
        for each in self._pauses:
            if each.since.date() <= day <= each.until.date():
                since = _minute(each.since.time()) if each.since.date() == day else 0
                spans = _without(spans, since, _rounded_up(each.until) if each.until.date() == day else _DAY)
        return spans

    def _told(self, day: date, skipped: Reason | None, minutes: int = 0) -> CountedDay:
        told = self._calendar.told(day)
        reason = skipped or told.reason
        provisional = self._calendar.is_provisional(day)
        return CountedDay(day, skipped is None, reason.label, told.name, provisional, minutes)


_WORKING = SpecialDay(working=True, reason=Reason.WORKING_DAY)
_WEEKEND = SpecialDay(working=False, reason=Reason.WEEKEND)
_FIRST_YEAR, _LAST_YEAR = 1900, 9900
_DAY = 24 * 60


def _deadline(at: datetime, days: Sequence[CountedDay]) -> Deadline:
    return Deadline(at, any(day.provisional for day in days), tuple(days))


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(HORIZON))


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _rounded_up(moment: datetime) -> int:
    return _minute(moment.time()) + bool(moment.second or moment.microsecond)


def _without(spans: Sequence[tuple[int, int]], since: int, until: int) -> list[tuple[int, int]]:
    parts = [part for first, last in spans for part in ((first, min(last, since)), (max(first, until), last))]
    return [(first, last) for first, last in parts if first < last]


def _reached(spans: Sequence[tuple[int, int]], minutes: int) -> int:
    """Return the minute of the day at which so many open minutes have passed."""
    for first, last in spans:
        if minutes <= last - first:
            return first + minutes
        minutes -= last - first
    raise ValueError("there are fewer open minutes")
