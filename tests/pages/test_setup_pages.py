"""Extra fields, choice lists, areas and own texts on their pages."""

import pytest
from sqlmodel import delete

from core.db import transaction
from models.account import Account, Role
from models.area import Area, Tier
from models.configuration import ChoiceItem, ChoiceList, CustomText, ExtraField
from services.actor import SYSTEM
from tests import factories as given
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def admin(database: str) -> Account:  # noqa: ARG001 - asked for its effect
    return given.account(Role.ADMINISTRATOR, locale="en")


def test_a_field_is_made_with_a_preview_and_choices_only_where_they_mean_something(
    admin: Account, open_app: OpenApp
) -> None:
    app = open_app(admin, "pages/admin/extra_fields.py")
    app.button(key="extra_field_new").click().run()
    assert "extra_field_form_new_options" not in [area.key for area in app.text_area]

    app.text_input(key="extra_field_form_new_label").set_value("Level").run()
    app.selectbox(key="extra_field_form_new_kind").set_value("choice").run()
    app.text_area(key="extra_field_form_new_options").set_value("high\nlow").run()
    assert app.pills(key="extra_field_preview_choice").options == ["high", "low"]
    app.button(key="extra_field_form_new_save").click().run()

    assert not app.exception
    assert [(row.key, row.entity) for row in given.rows(ExtraField)] == [("level", "enterprise")]
    assert list(app.dataframe[0].value["label"]) == ["Level"]


def test_each_entity_has_its_own_list_of_fields(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, "pages/admin/extra_fields.py")

    app.segmented_control(key="switch_of").set_value("visit").run()
    app.button(key="extra_field_new").click().run()
    app.text_input(key="extra_field_form_new_label").set_value("Companions").run()
    app.selectbox(key="extra_field_form_new_kind").set_value("text").run()
    app.button(key="extra_field_form_new_save").click().run()

    assert [(row.key, row.entity) for row in given.rows(ExtraField)] == [("companions", "visit")]
    app.segmented_control(key="switch_of").set_value("enterprise").run()
    assert not app.dataframe


def test_values_of_a_list_are_kept_on_one_page(admin: Account, open_app: OpenApp) -> None:
    given.stored(ChoiceList(key="industry", name="行业"))
    app = open_app(admin, "pages/admin/choices.py")

    app.button(key="choice_item_new").click().run()
    app.text_input(key="choice_item_form_new_label").set_value("食品")
    app.button(key="choice_item_form_new_save").click().run()

    assert not app.exception
    assert [row.value for row in given.rows(ChoiceItem, lambda row: row.list_key == "industry")] == ["shi_pin"]


def test_the_first_list_is_made_where_there_is_none(admin: Account, open_app: OpenApp) -> None:
    with transaction(actor=SYSTEM) as session:
        session.execute(delete(ChoiceItem), execution_options={"unaudited": True})
        session.execute(delete(ChoiceList), execution_options={"unaudited": True})
    app = open_app(admin, "pages/admin/choices.py")

    app.button(key="choice_list_new").click().run()
    app.text_input(key="choice_list_form_new_name").set_value("园区")
    app.button(key="choice_list_form_new_save").click().run()

    assert not app.exception
    assert [row.key for row in given.rows(ChoiceList)] == ["yuan_qu"]


def test_a_text_is_replaced_by_choosing_the_standard_one(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, "pages/admin/texts.py")

    app.button(key="custom_text_new").click().run()
    app.pills(key="custom_text_form_new_locale").set_value("zh_CN")
    app.selectbox(key="custom_text_form_new_message").set_value("Areas")
    app.text_input(key="custom_text_form_new_text").set_value("辖区")
    app.button(key="custom_text_form_new_save").click().run()

    assert not app.exception
    assert [(row.locale, row.message) for row in given.rows(CustomText)] == [("zh_CN", "Areas")]


def test_the_tree_is_walked_searched_and_a_branch_moved_and_moved_back(admin: Account, open_app: OpenApp) -> None:
    zone = given.area(Tier.ZONE, name="高新区")
    west, east = given.area(Tier.STREET, zone, "西街道"), given.area(Tier.STREET, zone, "东街道")
    village = given.area(Tier.VILLAGE, west, "李家村")
    app = open_app(admin, "pages/admin/areas.py")

    app.button(key=f"area_open_{zone.id}").click().run()
    app.button(key=f"area_open_{west.id}").click().run()
    assert [button.key for button in app.button if str(button.key).startswith("area_up_")] == [f"area_up_{zone.id}"]
    app.text_input(key="area_search").set_value("家村").run()
    app.button(key=f"area_hit_{village.id}").click().run()
    assert app.title[0].value == "李家村"

    app.button(key="area_move").click().run()
    app.selectbox(key="area_target").set_value(east.id).run()
    assert [metric.value for metric in app.metric] == ["1", "0", "0"]
    app.button(key="area_move_now").click().run()
    assert _parent("李家村") == east.id

    app.button(key="area_undo").click().run()
    assert not app.exception
    assert _parent("李家村") == west.id


def test_an_area_is_added_below_the_one_shown(admin: Account, open_app: OpenApp) -> None:
    zone = given.area(Tier.ZONE, name="高新区")
    app = open_app(admin, "pages/admin/areas.py")

    app.button(key=f"area_open_{zone.id}").click().run()
    app.button(key="area_new").click().run()
    app.text_input(key="area_form_new_code").set_value("S1")
    app.text_input(key="area_form_new_name").set_value("新街道")
    app.button(key="area_form_new_save").click().run()

    assert not app.exception
    assert [(row.tier, row.parent_id) for row in given.rows(Area) if row.name == "新街道"] == [(Tier.STREET, zone.id)]


def _parent(name: str) -> int | None:
    return next(row.parent_id for row in given.rows(Area) if row.name == name)
