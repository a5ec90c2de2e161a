"""Which backups are kept, whatever moments there are, and how an archive is named."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.i18n import in_locale
from services.backups import places
from services.backups.keeping import Keep, kept

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2022, 1, 1, tzinfo=UTC)
MINUTES = st.integers(0, 5 * 366 * 24 * 60)
MOMENTS = st.lists(MINUTES.map(lambda number: FIRST + timedelta(minutes=number)), min_size=1, max_size=80)
KEEPS = st.builds(Keep, st.integers(1, 10), st.integers(0, 8), st.integers(0, 14))


@given(moments=MOMENTS, keep=KEEPS)
def test_the_latest_is_kept_nothing_is_invented_and_never_more_than_told(moments: list[datetime], keep: Keep) -> None:
    found = kept(moments, keep, ZONE)

    assert max(moments) in found
    assert found <= set(moments)
    assert len(found) <= keep.days + keep.weeks + keep.months


@given(moments=MOMENTS, keep=KEEPS)
def test_what_is_kept_is_kept_again(moments: list[datetime], keep: Keep) -> None:
    found = kept(moments, keep, ZONE)

    assert kept(found, keep, ZONE) == found


@given(moments=MOMENTS, keep=KEEPS)
def test_of_each_of_the_latest_days_the_last_backup_is_kept(moments: list[datetime], keep: Keep) -> None:
    found = kept(moments, keep, ZONE)

    days = sorted({each.astimezone(ZONE).date() for each in moments}, reverse=True)[: keep.days]
    for day in days:
        assert max(each for each in moments if each.astimezone(ZONE).date() == day) in found


@given(moments=MOMENTS, keep=KEEPS, more=st.integers(1, 5))
def test_keeping_more_loses_nothing(moments: list[datetime], keep: Keep, more: int) -> None:
    wider = Keep(keep.days + more, keep.weeks + more, keep.months + more)

    assert kept(moments, keep, ZONE) <= kept(moments, wider, ZONE)


@given(keep=KEEPS, hours=st.integers(5, 30))
def test_years_of_removing_after_each_backup_leave_what_removing_once_would(keep: Keep, hours: int) -> None:
    at, present = datetime(2024, 1, 1, tzinfo=UTC), set[datetime]()
    every = []
    for number in range(500):
        every.append(at + timedelta(hours=hours * number))
        present = kept([*present, every[-1]], keep, ZONE)

    assert present == kept(every, keep, ZONE)


def test_an_ordinary_year() -> None:
    daily = [datetime(2025, 1, 1, 2, tzinfo=ZONE) + timedelta(days=day) for day in range(365)]

    found = sorted(kept(daily, Keep(7, 4, 12), ZONE))

    assert [each.date().isoformat() for each in found[-9:]] == [
        "2025-12-14", "2025-12-21", "2025-12-25", "2025-12-26", "2025-12-27", "2025-12-28", "2025-12-29",
        "2025-12-30", "2025-12-31",
    ]  # fmt: skip
    assert [each.date().isoformat() for each in found[:-9]] == [
        f"2025-{month:02}-{day}" for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30), 1)
    ]


@pytest.mark.parametrize("address", ["s3://bucket", "s3://bucket/"])
def test_a_bucket_without_the_name_of_an_archive_is_told_as_that(address: str) -> None:
    with in_locale("zh_CN"), pytest.raises(UserError) as problem, places.at_hand(address):
        pass
    assert str(problem.value) == f"{address} 未指明备份文件：请填写 s3://桶名/前缀/文件名。"
