"""The deadline on a page: its bar in words and its days explained, in both languages and safe for any name."""

from streamlit.testing.v1 import AppTest


def _page(start: str, state: str, locale: str, *, own: str = "") -> None:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from core import clock, i18n
    from models.worktime import Calendar, Limit, LimitUnit, Reason, SpecialDay
    from pages.common import deadline
    from services.issues.remaining import Remaining
    from services.working_time import published

    i18n.set_locale(locale)
    calendar = published()
    if own:
        special = {date(2023, 12, 8): SpecialDay(False, Reason.OWN_HOLIDAY, own)}
        calendar = Calendar(zone=clock.zone(), special=special.get, published=calendar.published)
    began = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    found = calendar.deadline(began, Limit(5, LimitUnit.WORKING_DAYS))
    deadline.bar(found, Remaining.of(state))
    deadline.explain(found)


def shown(frozen: object, start: str, state: str, locale: str = "en", **more: str) -> tuple[str, str]:
    """Return the bar and the explanation as HTML."""
    assert frozen  # the clock stands at Wednesday 6 December 2023, 10:00
    app = AppTest.from_function(_page, args=(start, state, locale), kwargs=more).run()
    assert not app.exception
    bar, days = (body for each in app.get("html") if "<style>" not in (body := each.proto.body))
    return bar, days


def test_the_bar_tells_its_share_and_what_is_left_in_words(frozen_clock: object) -> None:
    bar, _days = shown(frozen_clock, "2023-12-04T10:00", "in_time")

    assert "aria-valuenow='20'" in bar  # one of five days has passed
    assert "3 working days left" in bar  # after today
    assert "Due Dec 11, 2023 17:30" in bar


def test_an_overdue_bar_is_full_and_red(frozen_clock: object) -> None:
    bar, _days = shown(frozen_clock, "2023-11-20T10:00", "overdue", "zh_CN")

    assert "aria-valuenow='100'" in bar
    assert "var(--q-red)" in bar
    assert "逾期 9 天" in bar


def test_a_paused_bar_is_grey_and_says_so(frozen_clock: object) -> None:
    bar, _days = shown(frozen_clock, "2023-12-04T10:00", "paused")

    assert "var(--q-soft)" in bar
    assert "Clock paused" in bar


def test_every_day_is_explained(frozen_clock: object) -> None:
    _bar, days = shown(frozen_clock, "2023-12-07T10:00", "in_time", "zh_CN")

    assert days.count("<tr") == 1 + 8
    assert "2023-12-07 周四</td><td>收到当日，不计入</td><td>—" in days
    assert "2023-12-09 周六</td><td>双休日</td><td>—" in days
    assert "2023-12-14 周四</td><td>工作日</td><td>✓ 第5天" in days


def test_a_name_an_administrator_wrote_stays_text(frozen_clock: object) -> None:
    _bar, days = shown(frozen_clock, "2023-12-07T10:00", "in_time", own="<img src=x onerror=alert(1)>")

    assert "<img" not in days
    assert "&lt;img" in days
