"""When a reminder is told: what a rule's offset means, and the next slot that is neither at night nor on a day off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from sqlmodel import Session, col, select

from core.db import kept
from models.reminder import OffsetUnit, ReminderHours, ReminderRule
from models.worktime import HORIZON, Calendar, TooFarError
from services import working_time
from services.reminders.occasions import SUDDEN


@dataclass(frozen=True)
class Shifter:
    """Moves moments to the times of day at which reminders go out.

    Args:
        calendar: which days are worked.
        slots: times of day, in order, none of them in the quiet hours.
        on_days_off: whether days off have slots too.
    """

    calendar: Calendar
    slots: tuple[time, ...]
    on_days_off: bool = False

    def next_slot(self, moment: datetime) -> datetime:
        """Return the first slot at or after a moment.

        Raises:
            TooFarError: there is none within ten years, because the calendar has no working day.
        """
        local = moment.astimezone(self.calendar.zone)
        for day in _days(local.date(), 1):
            if not (self.on_days_off or self.calendar.is_working(day)):
                continue
            for slot in self.slots:
                at = datetime.combine(day, slot, self.calendar.zone)
                if at >= local:
                    return at
        raise TooFarError

    def due(self, moment: datetime, *, urgent: bool) -> datetime:
        """Return when what a rule wants told at `moment` goes out: urgent things pass."""
        return moment if urgent else self.next_slot(moment)


def shifter(session: Session) -> Shifter:
    """Return what moves moments by the hours and the calendar in force."""
    return kept(session, "reminder hours", lambda: _read(session))


def hours(session: Session) -> ReminderHours:
    """Return the one row of the hours; the defaults where somebody deleted it past the product."""
    return session.exec(select(ReminderHours).order_by(col(ReminderHours.id)).limit(1)).first() or ReminderHours()


def open_slots(given: ReminderHours) -> tuple[time, ...]:
    """Return the slots that do not lie in the quiet hours, in order; at the end of quiet where none is left."""
    slots = sorted({time.fromisoformat(each) for each in given.slots})
    left = tuple(slot for slot in slots if not _quiet(slot, given))
    return left or (given.quiet_until,)


def moments(rule: ReminderRule, anchor: datetime, shift: Shifter) -> Iterator[datetime]:
    """Yield the moments at which a rule wants an occasion told: the first, and its repetitions.

    Args:
        rule: offset, unit and repetitions.
        anchor: the occasion's own moment.
        shift: for offsets in working days, which mean the opening of the office on that day. Those after something
            that just happens count from the slot in which it can be told first: no step falls on the one before.

    Raises:
        TooFarError: the calendar has no working day.
    """
    for step in range(rule.repeats + 1):
        offset = rule.offset + step * rule.repeat_every
        if rule.unit is OffsetUnit.MINUTES:
            yield anchor + timedelta(minutes=offset)
        elif offset > 0:
            since = shift.next_slot(anchor) if rule.occasion in SUDDEN else anchor
            yield _opening(since, offset, shift.calendar)
        else:
            yield _opening(anchor, offset, shift.calendar)


def _read(session: Session) -> Shifter:
    given = hours(session)
    return Shifter(working_time.calendar(session), open_slots(given), given.on_days_off)


def _quiet(slot: time, given: ReminderHours) -> bool:
    if given.quiet_from <= given.quiet_until:
        return given.quiet_from <= slot < given.quiet_until
    return slot >= given.quiet_from or slot < given.quiet_until


def _opening(anchor: datetime, offset: int, calendar: Calendar) -> datetime:
    """Return when the office opens so many working days after a moment, or before it.

    What is told on a day off is told on the next working day: days afterwards count from that one.
    """
    day = anchor.astimezone(calendar.zone).date()
    if offset > 0:
        worked = (each for each in _days(day, 1) if calendar.is_working(each))
        day = next(islice(worked, offset, None), day)
    elif offset < 0:
        worked = (each for each in _days(day, -1) if each != day and calendar.is_working(each))
        day = next(islice(worked, -offset - 1, None), day)
    return datetime.combine(day, calendar.hours[0].opens, calendar.zone)


def _days(first: date, step: int) -> Iterator[date]:
    return (first + timedelta(days=step * number) for number in range(HORIZON))
