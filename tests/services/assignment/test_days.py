"""Visits are planned for working days: not on holidays, but on the days off that are worked instead."""

from datetime import date, datetime

import pytest

from core import clock
from services import working_time
from services.assignment.days import next_day, visit_days


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=clock.zone())


def test_the_spring_festival_is_left_out_and_the_days_worked_for_it_are_not() -> None:
    with clock.fixed(_at(2024, 2, 2)):
        days = visit_days(working_time.published(), date(2024, 2, 2))

    assert [each for each in days if date(2024, 2, 10) <= each <= date(2024, 2, 17)] == []
    assert date(2024, 2, 3) not in days
    assert {date(2024, 2, 4), date(2024, 2, 18)} < set(days)  # Sundays, by the State Council's notice for 2024
    assert days[-1] == date(2024, 2, 29)


def test_the_day_one_asks_for_is_kept_even_if_it_is_off_and_none_is_past() -> None:
    with clock.fixed(_at(2024, 1, 3)):
        assert visit_days(working_time.published(), date(2024, 1, 6))[:2] == [date(2024, 1, 6), date(2024, 1, 8)]
        assert visit_days(working_time.published(), date(2024, 1, 1))[0] == date(2024, 1, 3)


@pytest.mark.parametrize(
    ("today", "wanted"),
    [((2024, 1, 3), date(2024, 1, 4)), ((2024, 1, 5), date(2024, 1, 8)), ((2024, 2, 9), date(2024, 2, 18))],
)
def test_the_next_day_is_one_on_which_work_is_done(today: tuple[int, int, int], wanted: date) -> None:
    with clock.fixed(_at(*today)):
        assert next_day(working_time.published()) == wanted
