"""Dates, numbers and order as each language expects."""

from datetime import UTC, date, datetime

import pytest

from core import i18n


def test_dates_and_numbers_follow_the_language() -> None:
    with i18n.in_locale("zh_CN"):
        assert i18n.format_date(date(2026, 11, 24)) == "2026年11月24日"
        assert i18n.format_number(12345.5) == "12,345.5"
        assert i18n.format_percent(0.4) == "40%"
    with i18n.in_locale("en"):
        assert i18n.format_date(date(2026, 11, 24)) == "Nov 24, 2026"


@pytest.mark.parametrize(
    ("share", "decimals", "shown"),
    [
        (658 / 660, 0, "99%"), (1, 0, "100%"), (0.994, 0, "99%"), (0.4, 0, "40%"), (0, 0, "0%"), (1.2, 0, "120%"),
        (0.99961, 1, "99.9%"), (1, 1, "100.0%"), (0.954, 1, "95.4%"), (0, 1, "0.0%"),
    ],
)  # fmt: skip
def test_only_what_is_whole_reads_100_percent(share: float, decimals: int, shown: str) -> None:
    with i18n.in_locale("zh_CN"):
        assert i18n.format_percent(share, decimals) == shown


def test_moments_are_shown_in_the_business_time_zone() -> None:
    with i18n.in_locale("zh_CN"):
        assert i18n.format_moment(datetime(2026, 11, 24, 1, 5, tzinfo=UTC)) == "2026年11月24日 09:05"
        assert i18n.format_moment(None) == ""


def test_chinese_is_ordered_by_pinyin_and_english_by_letters() -> None:
    with i18n.in_locale("zh_CN"):
        assert sorted(["张店", "博山", "临淄"], key=i18n.sort_key) == ["博山", "临淄", "张店"]
    with i18n.in_locale("en"):
        assert sorted(["b", "A"], key=i18n.sort_key) == ["A", "b"]


def test_an_unknown_language_is_the_default() -> None:
    with i18n.in_locale("xx"):
        assert i18n.locale() == "zh_CN"
