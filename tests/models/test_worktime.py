"""Deadlines: worked examples, and what holds for every calendar, start, limit and pause."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.worktime import (
    HORIZON,
    Calendar,
    Convention,
    Deadline,
    LateReceipt,
    Limit,
    LimitUnit,
    OpenHours,
    Pause,
    Reason,
    SpecialDay,
    TooFarError,
)

ZONE = ZoneInfo("Asia/Shanghai")
DAYS, MINUTES = LimitUnit.WORKING_DAYS, LimitUnit.WORKING_MINUTES
AUTUMN = {
    date(2026, 9, 20): SpecialDay(True, Reason.MAKE_UP_DAY, "National Day"),
    date(2026, 9, 25): SpecialDay(False, Reason.HOLIDAY, "Mid-Autumn Festival"),
    **{date(2026, 10, day): SpecialDay(False, Reason.HOLIDAY, "National Day") for day in range(1, 8)},
    date(2026, 10, 10): SpecialDay(True, Reason.MAKE_UP_DAY, "National Day"),
}


def calendar(
    special: Mapping[date, SpecialDay] = AUTUMN,
    *,
    convention: Convention | None = None,
    hours: tuple[OpenHours, ...] | None = None,
    published: Sequence[int] = (2026,),
) -> Calendar:
    more = {"hours": hours} if hours else {}
    return Calendar(
        zone=ZONE, special=special.get, published=frozenset(published), convention=convention or Convention(), **more
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def days(amount: int) -> Limit:
    return Limit(amount, DAYS)


def minutes(amount: int) -> Limit:
    return Limit(amount, MINUTES)


def told(deadline: Deadline) -> list[tuple[str, bool, str]]:
    return [(day.day.isoformat(), day.counted, day.reason) for day in deadline.days]


def test_days_count_from_the_next_working_day_and_each_is_explained() -> None:
    found = calendar().deadline(at("2026-09-24T16:00"), days(5))

    assert found.at == at("2026-10-09T17:30")
    assert not found.provisional
    assert told(found) == [
        ("2026-09-24", False, "Day of receipt, does not count"),
        ("2026-09-25", False, "Public holiday"),
        ("2026-09-26", False, "Weekend"),
        ("2026-09-27", False, "Weekend"),
        ("2026-09-28", True, "Ordinary working day"),
        ("2026-09-29", True, "Ordinary working day"),
        ("2026-09-30", True, "Ordinary working day"),
        *[(f"2026-10-0{day}", False, "Public holiday") for day in range(1, 8)],
        ("2026-10-08", True, "Ordinary working day"),
        ("2026-10-09", True, "Ordinary working day"),
    ]
    assert found.days[1].name == "Mid-Autumn Festival"


def test_a_make_up_working_day_counts() -> None:
    found = calendar().deadline(at("2026-09-18T10:00"), days(1))

    assert found.at == at("2026-09-20T17:30")
    assert told(found)[-1] == ("2026-09-20", True, "Make-up working day")


@pytest.mark.parametrize(
    ("received", "convention", "due"),
    [
        # Friday 11 September 2026 and the days after it
        ("2026-09-11T10:00", Convention(), "2026-09-14T17:30"),
        ("2026-09-11T18:00", Convention(), "2026-09-14T17:30"),
        ("2026-09-12T10:00", Convention(), "2026-09-14T17:30"),
        ("2026-09-11T10:00", Convention(late=LateReceipt.NEXT_WORKING_DAY), "2026-09-14T17:30"),
        ("2026-09-11T17:30", Convention(late=LateReceipt.NEXT_WORKING_DAY), "2026-09-15T17:30"),
        ("2026-09-12T10:00", Convention(late=LateReceipt.NEXT_WORKING_DAY), "2026-09-15T17:30"),
        ("2026-09-11T07:00", Convention(receipt_counts=True), "2026-09-11T17:30"),
        ("2026-09-11T18:00", Convention(receipt_counts=True), "2026-09-14T17:30"),
        ("2026-09-12T10:00", Convention(receipt_counts=True), "2026-09-14T17:30"),
        (
            "2026-09-11T18:00",
            Convention(receipt_counts=True, late=LateReceipt.NEXT_WORKING_DAY),
            "2026-09-14T17:30",
        ),
    ],
)
def test_the_convention_says_what_a_receipt_starts_with(received: str, convention: Convention, due: str) -> None:
    assert calendar(convention=convention).deadline(at(received), days(1)).at == at(due)


def test_a_start_in_another_time_zone_is_that_moment_here() -> None:
    found = calendar().deadline(datetime(2026, 9, 10, 16, 30, tzinfo=UTC), days(1))  # 00:30 on the 11th here

    assert found.at == at("2026-09-14T17:30")
    assert found.at.tzinfo is ZONE
    assert found.days[0].day == date(2026, 9, 11)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-09-11T08:00", 120, "2026-09-11T11:00"),
        ("2026-09-11T11:00", 120, "2026-09-11T14:30"),  # over lunch
        ("2026-09-11T16:30", 120, "2026-09-14T10:00"),  # over the weekend
        ("2026-09-11T13:30", 240, "2026-09-11T17:30"),  # to the last minute of the day
        ("2026-09-11T18:00", 30, "2026-09-14T09:30"),
        ("2026-09-11T10:00:30", 1, "2026-09-11T10:02"),  # minutes are whole: a begun one is not counted
        ("2026-09-11T10:00", 0, "2026-09-11T10:00"),
        ("2026-09-11T12:30", 0, "2026-09-11T13:30"),
        ("2026-09-12T10:00", 0, "2026-09-14T09:00"),
    ],
)
def test_minutes_count_within_office_hours(start: str, amount: int, due: str) -> None:
    assert calendar().deadline(at(start), minutes(amount)).at == at(due)


def test_a_limit_of_no_days_is_due_as_soon_as_the_office_is_open() -> None:
    found = calendar().deadline(at("2026-09-12T10:00"), days(0))

    assert found.at == at("2026-09-14T09:00")
    assert not any(day.counted for day in found.days)
    assert found.days[-1].reason == "Due as soon as the office opens"


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        # of 2 working days from Thursday: Friday and Monday
        ([("2026-09-11T10:00", "2026-09-11T15:00")], "2026-09-14T17:30"),
        ([("2026-09-11T00:00", "2026-09-11T23:59")], "2026-09-14T17:30"),  # within one day
        ([("2026-09-11T16:00", "2026-09-14T09:30")], "2026-09-15T17:30"),  # frees Friday
        ([("2026-09-12T08:00", "2026-09-14T09:30")], "2026-09-14T17:30"),  # a weekend only
        ([("2026-09-11T16:00", "2026-09-15T09:30")], "2026-09-16T17:30"),  # frees Friday and Monday
        ([("2026-09-11T16:00", "2026-09-11T17:00"), ("2026-09-11T17:00", "2026-09-12T08:00")], "2026-09-15T17:30"),
        ([("2026-09-11T16:00", "2026-09-11T18:00"), ("2026-09-11T18:00", "2026-09-12T08:00")], "2026-09-15T17:30"),
        ([("2026-09-11T17:30", "2026-09-12T08:00")], "2026-09-15T17:30"),  # begins as the office closes
        ([("2026-09-11T17:31", "2026-09-12T08:00")], "2026-09-14T17:30"),
        ([("2026-09-14T09:30", "2026-09-11T16:00")], "2026-09-14T17:30"),  # ends before it begins: none
    ],
)
def test_a_pause_frees_the_days_whose_end_it_covers(pauses: list[tuple[str, str]], due: str) -> None:
    found = calendar().deadline(at("2026-09-10T10:00"), days(2), [Pause(at(s), at(u)) for s, u in pauses])

    assert found.at == at(due)


def test_a_paused_day_says_so() -> None:
    pause = Pause(at("2026-09-30T16:00"), at("2026-10-08T09:30"))

    found = calendar().deadline(at("2026-09-28T10:00"), days(2), [pause])

    assert found.at == at("2026-10-08T17:30")  # the holidays within the pause free nothing more
    assert ("2026-09-30", False, "The clock was paused") in told(found)


def test_paused_minutes_do_not_count() -> None:
    pause = Pause(at("2026-09-11T10:30"), at("2026-09-14T09:20"))

    found = calendar().deadline(at("2026-09-11T10:00"), minutes(60), [pause])

    assert found.at == at("2026-09-14T09:50")
    assert [day.minutes for day in found.days] == [30, 0, 0, 30]


def test_a_day_without_minutes_says_why() -> None:
    pause = Pause(at("2026-09-11T18:00"), at("2026-09-15T08:00"))

    found = calendar().deadline(at("2026-09-11T17:45"), minutes(1), [pause])

    assert [day.reason for day in found.days] == [
        "Received after office hours", "Weekend", "Weekend", "The clock was paused", "Ordinary working day",
    ]  # fmt: skip


def test_a_deadline_in_a_year_without_notice_is_provisional() -> None:
    found = calendar().deadline(at("2026-11-24T10:00"), days(30))

    assert found.at == at("2027-01-05T17:30")
    assert found.provisional
    assert [day.provisional for day in found.days] == [day.day.year == 2027 for day in found.days]
    assert not calendar().deadline(at("2026-11-24T10:00"), days(20)).provisional


def test_a_calendar_without_working_days_ends_with_a_clear_error() -> None:
    never = Calendar(zone=ZONE, special=lambda _day: SpecialDay(False, Reason.OWN_HOLIDAY), published=frozenset())

    for limit in (days(1), minutes(1), days(0)):
        with pytest.raises(TooFarError, match="十年内"):
            never.deadline(at("2026-09-11T10:00"), limit)


@pytest.mark.parametrize("start", ["9999-12-31T23:00", "0001-01-01T00:00"])
def test_a_start_at_the_edge_of_time_ends_with_a_clear_error(start: str) -> None:
    with pytest.raises(TooFarError):
        calendar().deadline(at(start), days(1))


@pytest.mark.parametrize("year", [1900, 9900])
def test_a_start_in_the_first_and_the_last_year_counts(year: int) -> None:
    found = calendar().deadline(at(f"{year}-06-01T10:00"), days(1))

    assert found.at.year == year


def test_a_limit_longer_than_ten_years_ends_with_a_clear_error() -> None:
    with pytest.raises(TooFarError):
        calendar().deadline(at("2026-09-11T10:00"), days(HORIZON))


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar().deadline(at("2026-09-11T10:00"), days(-1))
    with pytest.raises(ValueError, match="time zone"):
        calendar().deadline(datetime(2026, 9, 11, 10), days(1))  # noqa: DTZ001 - meant


def test_working_days_until_a_deadline() -> None:
    due = at("2026-09-15T17:30")

    left = [
        calendar().working_days(at(now), due) for now in ("2026-09-11T10:00", "2026-09-14T16:00", "2026-09-15T09:00")
    ]

    assert left == [2, 1, 0]
    assert calendar().working_days(at("2026-09-16T09:00"), due) == 0


# What holds for every calendar

FIRST = date(2026, 8, 1)
_special = st.builds(
    lambda working: SpecialDay(working, Reason.OWN_WORKING_DAY if working else Reason.OWN_HOLIDAY), st.booleans()
)
_some_days = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
specials = st.dictionaries(_some_days, _special, max_size=40)
moments = st.datetimes(datetime(2026, 8, 1), datetime(2026, 10, 31), timezones=st.sampled_from([ZONE, UTC]))  # noqa: DTZ001 - zones apart
conventions = st.builds(Convention, receipt_counts=st.booleans(), late=st.sampled_from(LateReceipt))
limits = st.one_of(st.integers(0, 40).map(days), st.integers(0, 4000).map(minutes))
pauses = st.lists(st.builds(Pause, since=moments, until=moments), max_size=4)


@st.composite
def office_hours(draw: st.DrawFn) -> tuple[OpenHours, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6)))
    marks = marks[: len(marks) // 2 * 2]
    times = [time(mark // 60, mark % 60) for mark in marks]
    return tuple(OpenHours(opens, closes) for opens, closes in zip(times[::2], times[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    return calendar(draw(specials), convention=draw(conventions), hours=draw(office_hours()))


@given(calendars(), moments, moments, limits, pauses)
def test_a_later_start_is_never_due_earlier(
    given_calendar: Calendar, one: datetime, other: datetime, limit: Limit, paused: list[Pause]
) -> None:
    first, second = sorted((one, other))

    assert given_calendar.deadline(first, limit, paused).at <= given_calendar.deadline(second, limit, paused).at


@given(calendars(), moments, limits, st.integers(0, 40), pauses)
def test_a_longer_limit_is_never_due_earlier(
    given_calendar: Calendar, start: datetime, limit: Limit, more: int, paused: list[Pause]
) -> None:
    longer = Limit(limit.amount + more, limit.unit)

    assert given_calendar.deadline(start, limit, paused).at <= given_calendar.deadline(start, longer, paused).at


@given(specials, _some_days, calendars(), moments, limits)
def test_one_more_day_off_never_brings_a_deadline_forward(
    special: dict[date, SpecialDay], off: date, other: Calendar, start: datetime, limit: Limit
) -> None:
    before = replace(other, special=special.get)
    after = replace(other, special=(special | {off: SpecialDay(False, Reason.HOLIDAY)}).get)
    pause = Pause(start + timedelta(days=1), start + timedelta(days=3))

    for paused in ([], [pause]):
        assert before.deadline(start, limit, paused).at <= after.deadline(start, limit, paused).at


@given(calendars(), moments, limits, pauses)
def test_the_explanation_adds_up(given_calendar: Calendar, start: datetime, limit: Limit, paused: list[Pause]) -> None:
    found = given_calendar.deadline(start, limit, paused)

    first, last = start.astimezone(ZONE).date(), found.at.date()
    assert [day.day for day in found.days] == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert all(given_calendar.is_working(day.day) for day in found.days if day.counted)
    assert given_calendar.is_working(last)
    assert all(day.reason for day in found.days)
    assert found.at >= start
    if limit.unit is MINUTES or not limit.amount:
        assert sum(day.minutes for day in found.days) == limit.amount
        assert all(day.counted == (day.minutes > 0) for day in found.days)
    else:
        assert sum(day.counted for day in found.days) == limit.amount


@given(calendars(), moments, limits, pauses, st.builds(Pause, since=moments, until=moments))
def test_one_more_pause_never_brings_a_deadline_forward(
    given_calendar: Calendar, start: datetime, limit: Limit, paused: list[Pause], another: Pause
) -> None:
    before = given_calendar.deadline(start, limit, paused).at

    assert before <= given_calendar.deadline(start, limit, [*paused, another]).at


@given(calendars(), moments, st.integers(1, 40).map(days), moments, st.integers(0, 24 * 60))
def test_a_pause_within_one_day_frees_no_day(
    given_calendar: Calendar, start: datetime, limit: Limit, since: datetime, length: int
) -> None:
    here = since.astimezone(ZONE)
    until = min(here + timedelta(minutes=length), datetime.combine(here.date(), time.max, ZONE))

    paused = given_calendar.deadline(start, limit, [Pause(since, until)])

    assert paused.at == given_calendar.deadline(start, limit).at


@settings(max_examples=50)
@given(calendars(), moments, st.integers(1, 40))
def test_working_days_undo_a_deadline(given_calendar: Calendar, start: datetime, amount: int) -> None:
    assert given_calendar.working_days(start, given_calendar.deadline(start, days(amount)).at) == amount
