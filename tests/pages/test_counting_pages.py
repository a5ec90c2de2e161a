"""The calendar and the time limits on their pages: nothing changes before its effects are shown and confirmed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from models.account import Account, Role
from models.calendar import CountingRule, HolidayNotice, OfficeHours
from models.configuration import CalendarDay, DayKind
from models.issue import IssueState
from models.limits import Stage, TimeLimit
from models.worktime import LateReceipt, LimitUnit
from tests import factories as given
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp

CALENDAR, LIMITS = "pages/admin/calendar.py", "pages/admin/limits.py"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    """The small world of the ledger; its administrator reads English."""
    assert database
    assert frozen_clock
    return issue_world.build()


@pytest.fixture
def admin(world: IssueWorld) -> Account:
    assert world
    return given.account(Role.ADMINISTRATOR, "An administrator", locale="en")


def _press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def _moved(app: AppTest) -> list[list[str]]:
    return [list(row) for row in app.dataframe[0].value.to_numpy()] if app.dataframe else []


def test_a_day_off_is_previewed_with_the_deadlines_it_moves_and_then_confirmed(
    world: IssueWorld, admin: Account, open_app: OpenApp
) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    app = _press(open_app(admin, CALENDAR), "counting_change")
    app.date_input(key="counting_first_2023-12-06").set_value(date(2023, 12, 20))
    app.date_input(key="counting_last_2023-12-06").set_value(date(2023, 12, 21))
    app.text_input(key="counting_name").set_value("停电检修")

    _press(app, "counting_days")
    assert given.rows(CalendarDay) == []
    assert _moved(app) == [[world.row(issue_id).number, "Handle", "Dec 27, 2023 17:30", "Dec 29, 2023 17:30"]]

    _press(app, "counting_confirm")
    assert [toast.value for toast in app.toast] == ["Saved; 1 deadline recomputed."]
    assert [(row.day.day, row.kind) for row in given.rows(CalendarDay)] == [
        (20, DayKind.HOLIDAY),
        (21, DayKind.HOLIDAY),
    ]
    assert world.row(issue_id).due_at == datetime(2023, 12, 29, 17, 30, tzinfo=ZONE)


def test_cancelling_changes_nothing(admin: Account, open_app: OpenApp) -> None:
    app = _press(open_app(admin, CALENDAR), "counting_change")

    _press(app, "counting_days")
    _press(app, "counting_cancel")

    assert given.rows(CalendarDay) == []
    assert "counting_confirm" not in [button.key for button in app.button]


def test_days_in_the_wrong_order_are_told_beside_their_field(admin: Account, open_app: OpenApp) -> None:
    app = _press(open_app(admin, CALENDAR), "counting_change")
    app.date_input(key="counting_last_2023-12-06").set_value(date(2023, 12, 1))

    _press(app, "counting_days")

    assert [error.value for error in app.error] == ["The last day must not lie before the first, nor a year after it."]


def test_what_others_move_meanwhile_is_shown_before_it_is_done(
    world: IssueWorld, admin: Account, open_app: OpenApp
) -> None:
    world.issue(IssueState.HANDLING)
    app = _press(open_app(admin, CALENDAR), "counting_change")
    app.date_input(key="counting_first_2023-12-06").set_value(date(2023, 12, 20))
    app.date_input(key="counting_last_2023-12-06").set_value(date(2023, 12, 20))
    _press(app, "counting_days")
    world.issue(IssueState.HANDLING)

    _press(app, "counting_confirm")
    assert [error.value for error in app.error] == [
        "Other deadlines are affected than a moment ago. Look at them again."
    ]
    assert given.rows(CalendarDay) == []

    _press(app, "counting_confirm")
    assert len(given.rows(CalendarDay)) == 1


def test_a_year_without_notice_has_a_banner_until_the_notice_is_pasted(
    world: IssueWorld, admin: Account, open_app: OpenApp
) -> None:
    with clock.fixed(datetime(2026, 12, 14, 10, tzinfo=ZONE)):
        issue_id = world.issue(IssueState.HANDLING)
        app = open_app(admin, CALENDAR, _year=2027)
        assert any("2027" in warning.value for warning in app.warning)

        _press(app, "counting_notice")
        app.text_area(key="notice_text").set_value("元旦：1月1日至4日放假调休，共4天。1月9日上班。").run()
        assert any("4 days off and 1 make-up" in caption.value for caption in app.caption)
        app.text_input(key="notice_source").set_value("国办发明电〔2026〕7号")
        _press(app, "notice_preview")
        _press(app, "counting_confirm")

        assert not app.warning
        assert [row.year for row in given.rows(HolidayNotice)] == [2027]
        assert not world.row(issue_id).due_provisional


def test_office_hours_and_the_convention_are_changed(admin: Account, open_app: OpenApp) -> None:
    app = _press(open_app(admin, CALENDAR), "counting_less")
    app.time_input(key="counting_opens_0").set_value(time(8, 30))
    _press(app, "counting_hours")
    _press(app, "counting_confirm")
    assert [(row.opens, row.closes) for row in given.rows(OfficeHours)] == [(time(8, 30), time(12))]

    app.radio(key="counting_receipt").set_value(True)
    app.radio(key="counting_late").set_value("next_working_day")
    _press(app, "counting_convention")
    _press(app, "counting_confirm")
    assert [(row.receipt_counts, row.late) for row in given.rows(CountingRule)] == [
        (True, LateReceipt.NEXT_WORKING_DAY)
    ]


def test_a_limit_is_changed_after_its_effects_were_shown(world: IssueWorld, admin: Account, open_app: OpenApp) -> None:
    issue_id = world.issue(IssueState.REGISTERED)
    general = given.rows(TimeLimit, lambda row: row.stage is Stage.ACCEPT)[0]
    app = open_app(admin, LIMITS)
    app.number_input(key=f"limit_{general.id}_amount").set_value(2)

    _press(app, f"limit_{general.id}_save")
    assert _moved(app)[0][2:] == ["Dec 7, 2023 17:30", "Dec 8, 2023 17:30"]
    _press(app, "counting_confirm")

    assert world.row(issue_id).due_at == datetime(2023, 12, 8, 17, 30, tzinfo=ZONE)
    assert f"limit_{general.id}_delete" not in [button.key for button in app.button]  # the general one stays


def test_a_limit_is_added_and_deleted(admin: Account, open_app: OpenApp) -> None:
    app = _press(open_app(admin, LIMITS), "limit_new")
    app.selectbox(key="limit_stage").set_value("review")
    app.selectbox(key="limit_urgency").set_value("urgent")
    app.number_input(key="limit_new_amount").set_value(90)
    app.selectbox(key="limit_new_unit").set_value("working_minutes")
    _press(app, "limit_new_save")
    _press(app, "counting_confirm")

    made = given.rows(TimeLimit)[-1]
    assert (made.stage, made.amount, made.unit) == (Stage.REVIEW, 90, LimitUnit.WORKING_MINUTES)

    _press(app, f"limit_{made.id}_delete")
    _press(app, "counting_confirm")
    assert made.id not in [row.id for row in given.rows(TimeLimit)]


@pytest.mark.parametrize("page", [CALENDAR, LIMITS])
def test_nobody_but_an_administrator_reaches_the_pages(world: IssueWorld, open_app: OpenApp, page: str) -> None:
    with pytest.raises(Exception, match=page.rpartition("/")[2].replace(".", r"\.")):
        open_app(world.people["coordinator"], page)
