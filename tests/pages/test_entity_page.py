"""A page made from an entity's declaration: list, search, filters, form, undo, history; on a page of tests' own."""

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core import db
from models.account import Account, Department, Role
from models.configuration import CalendarDay, DayKind
from pages.shell import navigation
from pages.shell.navigation import Entry
from services.actor import SYSTEM
from services.permissions import Action
from tests import factories as given
from tests.pages.conftest import OpenApp
from tests.servers import ROOT

PAGE = "pages/../tests/pages/special_days.py"
pytestmark = pytest.mark.usefixtures("frozen_clock", "registered")


class _Entry(Entry):
    url_path = "special-days"  # type: ignore[assignment]  # its file does not lie below pages/


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is one of the product's."""
    entry = _Entry("../tests/pages/special_days.py", "Special days", "event", Action.CONFIGURE, navigation.SETUP)
    monkeypatch.setattr(navigation, "PAGES", (*navigation.PAGES, entry))


@pytest.fixture
def admin(database: str) -> Account:  # noqa: ARG001 - asked for its effect
    return given.account(Role.ADMINISTRATOR, locale="en")


def day(when: str, name: str, kind: DayKind = DayKind.HOLIDAY) -> CalendarDay:
    return given.stored(CalendarDay(day=date.fromisoformat(when), kind=kind, name=name))


def listed(app: AppTest) -> list[str]:
    """Return the names in the list as it is shown now."""
    assert not app.exception
    return list(app.dataframe[0].value["name"]) if app.dataframe else []


def test_the_page_of_a_simple_entity_has_fewer_than_thirty_lines() -> None:
    assert len((ROOT / "pages/admin/departments.py").read_text("utf-8").splitlines()) < 30


def test_an_empty_list_says_what_to_do(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, PAGE)

    assert any("Press “New”" in caption.value for caption in app.caption)
    assert not app.dataframe


def test_a_new_row_is_entered_corrected_beside_its_field_and_saved(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, PAGE)

    app.button(key="calendar_day_new").click().run()
    app.text_input(key="calendar_day_form_new_name").set_value("除夕")
    app.button(key="calendar_day_form_new_save").click().run()
    assert [error.value for error in app.error] == ["Day: must be filled in", "Kind: must be filled in"]
    assert app.text_input(key="calendar_day_form_new_name").value == "除夕"

    app.date_input(key="calendar_day_form_new_day").set_value(date(2024, 2, 9))
    app.pills(key="calendar_day_form_new_kind").set_value("holiday")
    app.button(key="calendar_day_form_new_save").click().run()

    assert [toast.value for toast in app.toast] == ["Saved."]
    assert listed(app) == ["除夕"]
    assert "_row" not in app.query_params


def test_a_row_is_opened_changed_and_its_history_told(admin: Account, open_app: OpenApp) -> None:
    row = day("2024-02-09", "除夕")
    app = open_app(admin, PAGE)

    app.button(key=f"calendar_day_open_{row.id}").click().run()
    app.text_input(key=f"calendar_day_form_{row.id}_name").set_value("除夕夜")
    app.button(key=f"calendar_day_form_{row.id}_save").click().run()
    app.button(key=f"calendar_day_open_{row.id}").click().run()

    assert listed(app) == ["除夕夜"]
    assert any("除夕 → 除夕夜" in caption.value for caption in app.caption)


def _overtaken(admin: Account, open_app: OpenApp) -> tuple[AppTest, str]:
    """Open a row, let somebody else change its name, change it too and save; return the page and its form's key."""
    row = day("2024-02-09", "除夕")
    key = f"calendar_day_form_{row.id}"
    app = open_app(admin, PAGE, _row=row.id)
    with db.transaction(actor=SYSTEM) as session:
        session.get_one(CalendarDay, row.pk).name = "除夕夜"
    app.text_input(key=f"{key}_name").set_value("大年三十")
    app.button(key=f"{key}_save").click().run()
    return app, key


def test_a_change_of_what_somebody_else_changed_is_asked_about_and_keeps_what_was_typed(
    admin: Account, open_app: OpenApp
) -> None:
    """Given a row open in two windows, when both change its name, then the second decides whose stays."""
    app, key = _overtaken(admin, open_app)

    assert [warning.value for warning in app.warning] == [
        "Somebody else has changed this meanwhile\\: Name\\.  \nWhat you entered is still here and not saved yet."
    ]
    assert any("除夕夜" in caption.value for caption in app.caption)
    assert app.text_input(key=f"{key}_name").value == "大年三十"
    assert given.rows(CalendarDay)[0].name == "除夕夜"

    app.button(key=f"_began_{key}_mine").click().run()

    assert given.rows(CalendarDay)[0].name == "大年三十"
    assert not app.warning


def test_whoever_was_slower_can_go_on_from_what_the_other_wrote(admin: Account, open_app: OpenApp) -> None:
    app, key = _overtaken(admin, open_app)

    app.button(key=f"_began_{key}_drop").click().run()

    assert app.text_input(key=f"{key}_again1_name").value == "除夕夜"
    assert not app.warning

    app.text_input(key=f"{key}_again1_name").set_value("除夕之夜")
    app.button(key=f"{key}_again1_save").click().run()

    assert given.rows(CalendarDay)[0].name == "除夕之夜"


def test_a_row_is_deleted_after_a_question_and_brought_back_by_undo(admin: Account, open_app: OpenApp) -> None:
    row = day("2024-02-09", "除夕")
    app = open_app(admin, PAGE)

    app.button(key=f"calendar_day_open_{row.id}").click().run()
    app.button(key="calendar_day_delete_yes").click().run()
    assert listed(app) == []

    app.button(key="calendar_day_undo").click().run()

    assert listed(app) == ["除夕"]
    assert [toast.value for toast in app.toast] == ["Taken back."]


def test_search_and_filters_narrow_the_list_and_stand_in_the_address(admin: Account, open_app: OpenApp) -> None:
    day("2024-02-09", "除夕")
    day("2024-02-04", "调休", DayKind.WORKDAY)
    app = open_app(admin, PAGE)

    app.multiselect(key="calendar_day_filter_kind").set_value(["workday"]).run()
    assert listed(app) == ["调休"]
    assert app.query_params["kind"] == "workday"

    app.button(key="calendar_day_clear").click().run()
    assert sorted(listed(app)) == ["调休", "除夕"]
    assert "kind" not in app.query_params

    app.text_input(key="calendar_day_search").set_value("夕").run()
    assert listed(app) == ["除夕"]
    assert app.query_params["_q"] == "夕"


def test_a_link_restores_search_filters_order_and_columns(admin: Account, open_app: OpenApp) -> None:
    day("2024-02-09", "除夕")
    day("2024-02-10", "春节")
    day("2024-02-04", "调休", DayKind.WORKDAY)
    app = open_app(admin, PAGE)

    app.query_params.update({"kind": "holiday", "_sort": "day", "_columns": ["name", "day"]})
    app.run()

    assert listed(app) == ["除夕", "春节"]
    assert list(app.dataframe[0].value.columns) == ["name", "day"]
    assert app.multiselect(key="calendar_day_filter_1_kind").value == ["holiday"]


def test_an_address_typed_wrongly_shows_the_whole_list(admin: Account, open_app: OpenApp) -> None:
    day("2024-02-09", "除夕")
    app = open_app(admin, PAGE)

    app.query_params.update({"kind": "party", "_page": "x", "_size": "7", "_sort": "nothing", "_row": "999"})
    app.run()

    assert listed(app) == ["除夕"]
    assert [warning.value for warning in app.warning] == ["This entry does not exist or is not visible to you."]


def test_long_lists_come_in_pages_and_a_new_search_begins_at_the_first(admin: Account, open_app: OpenApp) -> None:
    for number in range(1, 29):
        day(f"2024-02-{number:02d}", f"day {number}")
    app = open_app(admin, PAGE)
    assert len(listed(app)) == 20

    app.pagination[0].select(2).run()
    assert len(listed(app)) == 8
    assert app.query_params["_page"] == "2"

    app.text_input(key="calendar_day_search").set_value("day").run()
    assert len(listed(app)) == 20
    assert "_page" not in app.query_params


def test_what_is_made_inactive_can_be_made_active_again(admin: Account, open_app: OpenApp) -> None:
    row = given.stored(Department(name="税务局"))
    app = open_app(admin, "pages/admin/departments.py")

    app.button(key=f"department_open_{row.id}").click().run()
    app.button(key="department_deactivate_yes").click().run()
    assert [one.active for one in given.rows(Department)] == [False]
    app.button(key="department_undo").click().run()

    assert [one.active for one in given.rows(Department)] == [True]


def test_nobody_but_an_administrator_reaches_the_page(database: str, open_app: OpenApp) -> None:  # noqa: ARG001
    lead = given.account(Role.TEAM_LEAD)
    with pytest.raises(Exception, match=re.escape("special_days.py")):
        open_app(lead, PAGE)
