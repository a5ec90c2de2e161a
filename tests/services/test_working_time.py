"""The calendar in force: the State Council's days, an administrator's own over them, office hours, convention."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from core import clock
from core.db import transaction
from models.calendar import CountingRule, HolidayNotice, OfficeHours
from models.configuration import CalendarDay, DayKind
from models.worktime import Calendar, Convention, LateReceipt, Limit, LimitUnit, Reason
from services import working_time

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The notices of the General Office of the State Council: each holiday from its first to its last day off, and the
# weekend days worked for it. The first row is from the notice for 2023, whose New Year holiday begins in 2022.
NOTICES = """
2023 元旦    2022-12-31 2023-01-02
2023 春节    2023-01-21 2023-01-27  2023-01-28 2023-01-29
2023 清明节  2023-04-05 2023-04-05
2023 劳动节  2023-04-29 2023-05-03  2023-04-23 2023-05-06
2023 端午节  2023-06-22 2023-06-24  2023-06-25
2023 国庆节  2023-09-29 2023-10-06  2023-10-07 2023-10-08
2024 元旦    2024-01-01 2024-01-01
2024 春节    2024-02-10 2024-02-17  2024-02-04 2024-02-18
2024 清明节  2024-04-04 2024-04-06  2024-04-07
2024 劳动节  2024-05-01 2024-05-05  2024-04-28 2024-05-11
2024 端午节  2024-06-10 2024-06-10
2024 中秋节  2024-09-15 2024-09-17  2024-09-14
2024 国庆节  2024-10-01 2024-10-07  2024-09-29 2024-10-12
2025 元旦    2025-01-01 2025-01-01
2025 春节    2025-01-28 2025-02-04  2025-01-26 2025-02-08
2025 清明节  2025-04-04 2025-04-06
2025 劳动节  2025-05-01 2025-05-05  2025-04-27
2025 端午节  2025-05-31 2025-06-02
2025 国庆节  2025-10-01 2025-10-08  2025-09-28 2025-10-11
2026 元旦    2026-01-01 2026-01-03  2026-01-04
2026 春节    2026-02-15 2026-02-23  2026-02-14 2026-02-28
2026 清明节  2026-04-04 2026-04-06
2026 劳动节  2026-05-01 2026-05-05  2026-05-09
2026 端午节  2026-06-19 2026-06-21
2026 中秋节  2026-09-25 2026-09-27
2026 国庆节  2026-10-01 2026-10-07  2026-09-20 2026-10-10
"""


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _published() -> tuple[set[date], set[date]]:
    off, make_up = set(), set()
    for line in NOTICES.strip().splitlines():
        _year, _name, first, last, *worked = line.split()
        off |= set(_span(date.fromisoformat(first), date.fromisoformat(last)))
        make_up |= {date.fromisoformat(each) for each in worked}
    return off, make_up


def _stored(*rows: object) -> None:
    with transaction() as session:
        session.add_all(rows)


def _calendar() -> Calendar:
    with transaction() as session:
        return working_time.calendar(session)


def _due(calendar: Calendar, start: str, amount: int) -> str:
    began = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    return calendar.deadline(began, Limit(amount, LimitUnit.WORKING_DAYS)).at.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_is_as_the_state_council_published_it(year: int) -> None:
    off, make_up = _published()
    calendar = working_time.published()

    for day in _span(date(year, 1, 1), date(year, 12, 31)):
        expected = day in make_up or (day.weekday() < 5 and day not in off)
        assert calendar.is_working(day) is expected, day
        reason = calendar.told(day).reason
        assert (reason is Reason.MAKE_UP_DAY) is (day in make_up), day
        assert reason is Reason.HOLIDAY or day not in off, day
        assert not calendar.is_provisional(day)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-04", "New Year's Day"),
        ("2026-02-28", "Spring Festival"),
        ("2026-09-20", "National Day"),
        ("2026-09-27", "Mid-Autumn Festival"),
        ("2026-10-06", "National Day"),
        ("2025-10-07", "Mid-Autumn Festival"),
        ("2023-05-02", "Labour Day"),
    ],
)
def test_days_off_and_make_up_days_carry_their_holidays_name(day: str, name: str) -> None:
    assert working_time.published().told(date.fromisoformat(day)).name == name


def test_a_year_without_notice_has_the_statutory_days_and_is_provisional() -> None:
    calendar = working_time.published()

    assert calendar.is_provisional(date(2027, 3, 1))
    assert not calendar.is_working(date(2027, 2, 8))  # the third day of the Spring Festival
    reasons = {calendar.told(day).reason for day in _span(date(2027, 1, 1), date(2027, 12, 31))}
    assert Reason.MAKE_UP_DAY not in reasons


@pytest.mark.parametrize("year", [1901, 2102, 9000])
def test_years_beyond_the_library_have_weekends_only(year: int) -> None:
    calendar = working_time.published()

    assert calendar.is_provisional(date(year, 5, 5))
    assert all(calendar.is_working(day) == (day.weekday() < 5) for day in _span(date(year, 6, 1), date(year, 6, 30)))


@pytest.mark.usefixtures("database")
def test_a_new_installation_has_the_default_hours_and_convention() -> None:
    calendar = _calendar()

    assert calendar.zone == clock.zone()
    assert calendar.minutes_a_day == 420
    assert calendar.convention == Convention(receipt_counts=False, late=LateReceipt.SAME_DAY)
    assert _due(calendar, "2026-09-24T16:00", 5) == "2026-10-09 17:30"


@pytest.mark.usefixtures("database")
def test_an_own_day_overrides_the_state_councils() -> None:
    _stored(
        CalendarDay(day=date(2026, 9, 28), kind=DayKind.HOLIDAY, name="停电检修"),
        CalendarDay(day=date(2026, 10, 7), kind=DayKind.WORKDAY),
    )

    calendar = _calendar()

    assert calendar.told(date(2026, 9, 28)).name == "停电检修"
    assert calendar.told(date(2026, 9, 28)).reason is Reason.OWN_HOLIDAY
    assert calendar.told(date(2026, 10, 7)).reason is Reason.OWN_WORKING_DAY
    assert _due(calendar, "2026-09-24T16:00", 3) == "2026-10-07 17:30"


@pytest.mark.usefixtures("database")
def test_a_year_is_no_longer_provisional_once_its_notice_is_entered() -> None:
    _stored(
        HolidayNotice(year=2027),
        CalendarDay(day=date(2027, 2, 11), kind=DayKind.HOLIDAY, name="春节", notice_year=2027),
        CalendarDay(day=date(2027, 2, 20), kind=DayKind.WORKDAY, name="加班"),
    )

    calendar = _calendar()

    assert not calendar.is_provisional(date(2027, 1, 5))
    assert calendar.is_provisional(date(2028, 1, 5))
    assert calendar.told(date(2027, 2, 11)).reason is Reason.HOLIDAY
    assert calendar.told(date(2027, 2, 20)).reason is Reason.OWN_WORKING_DAY


@pytest.mark.usefixtures("database")
def test_office_hours_and_convention_are_those_of_the_rows() -> None:
    with transaction() as session:
        for row in session.exec(select(OfficeHours)):
            session.delete(row)
        session.flush()
        session.add(OfficeHours(opens=time(8, 30), closes=time(11, 30)))
        rule = session.get_one(CountingRule, 1)
        rule.receipt_counts = True

    calendar = _calendar()

    assert calendar.minutes_a_day == 180
    assert _due(calendar, "2026-09-21T09:00", 1) == "2026-09-21 11:30"


@pytest.mark.usefixtures("database")
def test_a_change_not_committed_yet_is_seen_inside_and_forgotten_after_a_rollback() -> None:
    day = date(2026, 11, 25)
    with transaction() as session:
        session.add(CalendarDay(day=day, kind=DayKind.HOLIDAY))
        inside = working_time.calendar(session).is_working(day)
        session.rollback()

    assert not inside
    assert _calendar().is_working(day)


@pytest.mark.usefixtures("database")
def test_the_calendar_is_built_once_for_the_same_rows() -> None:
    assert _calendar() is _calendar()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "row",
    [
        OfficeHours(opens=time(11), closes=time(14)),  # overlaps
        OfficeHours(opens=time(20), closes=time(19)),
        OfficeHours(opens=time(20, 0, 30), closes=time(21)),
        HolidayNotice(year=1999),
        CountingRule(id=2),
    ],
    ids=["overlapping", "backwards", "seconds", "year", "second rule"],
)
def test_the_database_refuses_what_counting_cannot_use(row: object) -> None:
    with pytest.raises(IntegrityError):
        _stored(type(row)(**row.model_dump()))  # type: ignore[attr-defined]
