"""When reminders go out: offsets in working days and minutes, slots, quiet hours, days off."""

from datetime import UTC, date, datetime, time, timedelta
from time import tzset
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reminder import Effect, Occasion, OffsetUnit, ReminderHours, ReminderRule
from services import working_time
from services.reminders.timing import Shifter, moments, open_slots

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = working_time.published()
SHIFT = Shifter(CALENDAR, (time(9), time(14)))
MOMENTS = st.datetimes(datetime(2023, 1, 2), datetime(2026, 11, 30), timezones=st.just(ZONE))  # noqa: DTZ001


def _rule(offset: int, unit: OffsetUnit = OffsetUnit.WORKING_DAYS, **more: int) -> ReminderRule:
    return ReminderRule(
        name="…", occasion=Occasion.ISSUE_DEADLINE, offset=offset, unit=unit, template_id=1, effect=Effect.RED_CARD,
        **more,
    )  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (-2, "2023-12-06 09:00"),
        (-1, "2023-12-07 09:00"),
        (0, "2023-12-08 09:00"),
        (1, "2023-12-11 09:00"),  # over the weekend
        (3, "2023-12-13 09:00"),
    ],
)
def test_an_offset_in_working_days_is_the_opening_of_the_office_on_that_day(offset: int, expected: str) -> None:
    friday = _at("2023-12-08 17:30")

    assert list(moments(_rule(offset), friday, SHIFT)) == [_at(expected)]


def test_a_make_up_day_counts_and_a_holiday_does_not() -> None:
    before_spring_festival = _at("2024-02-09 17:30")  # a holiday followed by eight more

    assert list(moments(_rule(1), before_spring_festival, SHIFT)) == [_at("2024-02-18 09:00")]  # a worked Sunday


def test_working_days_after_a_day_off_count_from_the_next_working_day() -> None:
    saturday = _at("2023-12-09 23:59")

    on_the_day, after = (next(moments(_rule(offset), saturday, SHIFT)) for offset in (0, 1))

    assert SHIFT.next_slot(on_the_day) == _at("2023-12-11 09:00")
    assert after == _at("2023-12-12 09:00")


@pytest.mark.parametrize(
    ("happened", "told", "again"),
    [
        ("2023-12-08 10:00", "2023-12-08 14:00", "2023-12-11 09:00"),
        ("2023-12-07 15:00", "2023-12-08 09:00", "2023-12-11 09:00"),  # after the day's last slot
        ("2023-12-09 10:00", "2023-12-11 09:00", "2023-12-12 09:00"),  # on a Saturday
    ],
)
def test_the_step_after_what_just_happens_follows_a_working_day_after_it_could_be_told(
    happened: str, told: str, again: str
) -> None:
    rule = _rule(1)
    rule.occasion = Occasion.EXTENSION_AWAITING

    assert SHIFT.next_slot(_at(happened)) == _at(told)
    assert list(moments(rule, _at(happened), SHIFT)) == [_at(again)]


def test_an_offset_in_minutes_is_counted_by_the_clock() -> None:
    assert list(moments(_rule(-60, OffsetUnit.MINUTES), _at("2023-12-08 11:30"), SHIFT)) == [_at("2023-12-08 10:30")]


def test_repetitions_follow_at_their_interval() -> None:
    found = moments(_rule(3, repeats=2, repeat_every=3), _at("2023-12-01 17:30"), SHIFT)

    assert [each.date() for each in found] == [date(2023, 12, 6), date(2023, 12, 11), date(2023, 12, 14)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2023-12-06 08:59", "2023-12-06 09:00"),
        ("2023-12-06 09:00", "2023-12-06 09:00"),
        ("2023-12-06 09:01", "2023-12-06 14:00"),
        ("2023-12-06 14:01", "2023-12-07 09:00"),
        ("2023-12-08 18:00", "2023-12-11 09:00"),  # a Friday evening
        ("2023-09-29 10:00", "2023-10-07 09:00"),  # into the holidays; the 7th is worked
    ],
)
def test_what_is_not_urgent_waits_for_the_next_slot_of_a_working_day(moment: str, expected: str) -> None:
    assert SHIFT.due(_at(moment), urgent=False) == _at(expected)
    assert SHIFT.due(_at(moment), urgent=True) == _at(moment)


def test_days_off_have_slots_where_the_administrator_says_so() -> None:
    shift = Shifter(CALENDAR, (time(9),), on_days_off=True)

    assert shift.next_slot(_at("2023-12-09 08:00")) == _at("2023-12-09 09:00")  # a Saturday


@given(MOMENTS)
def test_a_slot_is_never_early_never_at_night_and_the_next_there_is(moment: datetime) -> None:
    found = SHIFT.next_slot(moment)

    assert found >= moment
    assert found.time() in SHIFT.slots
    assert CALENDAR.is_working(found.date())
    assert SHIFT.next_slot(found) == found  # moving twice moves no further
    assert SHIFT.next_slot(moment - timedelta(minutes=1)) <= found


def test_slots_are_those_of_the_office_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        tzset()
        found = SHIFT.next_slot(_at("2023-12-06 08:30").astimezone(UTC))
        opening = next(moments(_rule(1), _at("2023-12-06 08:30").astimezone(UTC), SHIFT))
    tzset()

    assert found == _at("2023-12-06 09:00")
    assert opening == _at("2023-12-07 09:00")


@pytest.mark.parametrize(
    ("slots", "quiet", "left"),
    [
        (["14:00", "09:00"], (time(20), time(8)), (time(9), time(14))),
        (["07:00", "09:00", "21:00"], (time(20), time(8)), (time(9),)),
        (["12:30", "15:00"], (time(12), time(14)), (time(15),)),
        (["22:00"], (time(20), time(8)), (time(8),)),  # none is left: at the end of quiet
        (["12:00", "14:00"], (time(12), time(14)), (time(14),)),  # quiet begins with its first minute, not its last
        (["08:00", "20:00"], (time(20), time(8)), (time(8),)),
        (["09:00"], (time(8), time(8)), (time(9),)),  # no quiet hours at all
    ],
)
def test_no_slot_lies_in_the_quiet_hours(slots: list[str], quiet: tuple[time, time], left: tuple[time, ...]) -> None:
    assert open_slots(ReminderHours(slots=slots, quiet_from=quiet[0], quiet_until=quiet[1])) == left
