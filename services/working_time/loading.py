"""The calendar in force: the State Council's, the administrator's own days over it, office hours and convention."""

import json
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, col

from core import clock
from core.db import kept
from models.calendar import CountingRule, HolidayNotice, OfficeHours
from models.configuration import CalendarDay, DayKind
from models.worktime import Calendar, Convention, LateReceipt, OpenHours, Reason, SpecialDay
from services.working_time import china

_KINDS = {
    # kind → (working, reason of an own day, reason of a day of a notice that an administrator entered)
    DayKind.HOLIDAY: (False, Reason.OWN_HOLIDAY, Reason.HOLIDAY),
    DayKind.WORKDAY: (True, Reason.OWN_WORKING_DAY, Reason.MAKE_UP_DAY),
}


def calendar(session: Session) -> Calendar:
    """Return the calendar in force, as the session sees it.

    One short query; what it answers is the key under which the calendar made of it is kept, so that a change, also one
    not committed yet, is never missed.
    """
    return kept(session, "calendar", lambda: _read(session))


def published() -> Calendar:
    """Return the calendar of the State Council with the default office hours and convention."""
    return Calendar(zone=clock.zone(), special=china.special, published=china.published_years())


def _read(session: Session) -> Calendar:
    session.flush()
    days, hours, years, rule = session.execute(_ALL).one()
    return _made(clock.zone().key, days, hours, years, rule)


def _rows(order: Any, *columns: Any) -> ScalarSelect[str]:
    row = func.json_build_array(*columns)
    return select(cast(func.json_agg(aggregate_order_by(row, order)), Text)).scalar_subquery()


_ALL = select(
    _rows(col(CalendarDay.day), CalendarDay.day, CalendarDay.kind, CalendarDay.name, CalendarDay.notice_year),
    _rows(col(OfficeHours.opens), OfficeHours.opens, OfficeHours.closes),
    _rows(col(HolidayNotice.year), HolidayNotice.year),
    _rows(col(CountingRule.id), CountingRule.receipt_counts, CountingRule.late),
)


@lru_cache(maxsize=16)
def _made(zone: str, days: str | None, hours: str | None, years: str | None, rule: str | None) -> Calendar:
    entered = frozenset(year for (year,) in json.loads(years or "[]"))
    unknown = entered - china.published_years()  # to the library, whose guesses a notice replaces as a whole
    own = _own_days(json.loads(days or "[]"), unknown)
    given: dict[str, Any] = {}
    if hours:  # without any, the defaults hold: a calendar needs some
        given["hours"] = tuple(
            OpenHours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in json.loads(hours)
        )
    for counts, late in json.loads(rule or "[]"):
        given["convention"] = Convention(receipt_counts=counts, late=LateReceipt.of(late))
    return Calendar(
        zone=ZoneInfo(zone),
        special=lambda day: own.get(day) or (None if day.year in unknown else china.special(day)),
        published=china.published_years() | entered,
        **given,
    )


def _own_days(rows: list[tuple[str, str, str, int | None]], entered: frozenset[int]) -> Mapping[date, SpecialDay]:
    found = {}
    for text, kind, name, notice_year in rows:
        working, own, of_notice = _KINDS[DayKind.of(kind)]
        reason = of_notice if notice_year in entered else own
        found[date.fromisoformat(text)] = SpecialDay(working=working, reason=reason, name=name)
    return found
