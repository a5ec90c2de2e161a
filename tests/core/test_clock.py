"""One source of time."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock


def test_days_are_those_of_the_business_time_zone() -> None:
    with clock.fixed(datetime(2026, 11, 23, 17, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-11-24"
        assert clock.now().isoformat() == "2026-11-24T01:30:00+08:00"


def test_a_held_clock_is_moved_and_let_go() -> None:
    with clock.fixed(datetime(2026, 1, 1, tzinfo=UTC)):
        clock.advance(timedelta(days=2))
        assert clock.today().isoformat() == "2026-01-03"

    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)


def test_a_running_clock_is_not_moved() -> None:
    with pytest.raises(RuntimeError):
        clock.advance(timedelta(days=1))
