"""An administrator keeps the calendar and adds a field, which a coordinator finds in form, list and filter."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import enter, press

pytestmark = pytest.mark.browser
_FITS = """() => {
  const drawer = document.querySelector('[role=dialog]')?.getBoundingClientRect();
  return drawer && drawer.left >= 0 && drawer.right <= 390;
}"""


def test_a_day_is_pressed_made_a_day_off_seen_as_such_and_taken_back(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    open_page(page, "/admin-calendar?_year=2026")

    _press_day(page, "2026-12-25 周五 工作日")
    dialog = page.get_by_role("dialog")
    enter(dialog, "名称", "园区检修日")
    press(dialog, "预览")
    expect(dialog.get_by_text("2026年12月25日")).to_be_visible()
    press(dialog, "确认")
    expect(dialog).to_have_count(0)

    _press_day(page, "2026-12-25 周五 本区自定休息日：园区检修日")
    press(dialog, "按公布安排")
    press(dialog, "预览")
    press(dialog, "确认")
    expect(_day(page, "2026-12-25 周五 工作日")).to_be_visible()


def test_a_row_is_entered_found_by_its_link_deleted_and_brought_back(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    open_page(page, "/admin-choices")

    page.get_by_role("button", name="新增选项").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer.get_by_text("中文文字：必须填写")).to_be_visible()
    enter(drawer, "中文文字", "检修行业")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer).to_have_count(0)
    wait_idle(page)

    open_page(page, "/admin-choices?active=yes&_q=检修行业")
    expect(page.get_by_text("共 1 条")).to_be_visible()
    expect(page.get_by_text("筛选（1）")).to_be_visible()
    _sort_by_first_column(page)
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_text("启用").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.get_by_test_id("stPopoverBody").get_by_text("中文文字", exact=True)).to_be_visible()
    page.get_by_role("heading", name="选项列表").click()
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"active=yes.*_sort=label"))

    _press_first_row(page)
    drawer.get_by_role("button", name="删除").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="删除").click()
    expect(page.get_by_text("已删除")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("共 1 条")).to_be_visible()


def test_a_field_added_by_an_administrator_is_in_the_coordinators_form_list_and_filter(sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    open_page(admin, "/admin-extra-fields")
    admin.get_by_role("button", name="新增扩展字段").click()
    drawer = admin.get_by_role("dialog")
    drawer.get_by_label("字段名称").fill("用能等级")
    drawer.get_by_label("字段名称").press("Tab")
    wait_idle(admin)
    drawer.get_by_role("combobox", name="字段类型").click()
    admin.get_by_role("option", name="单选", exact=True).click()
    wait_idle(admin)
    drawer.get_by_label("选项", exact=True).fill("一级\n二级")
    drawer.get_by_label("选项", exact=True).press("Control+Enter")
    wait_idle(admin)
    expect(drawer.get_by_text("二级", exact=True)).to_be_visible()
    drawer.get_by_role("button", name="保存").click()
    expect(drawer).to_have_count(0)

    coordinator = sign_in(Role.COORDINATOR)
    open_page(coordinator, "/enterprises-edit")
    expect(coordinator.get_by_text("用能等级")).to_be_visible()


def test_a_phone_shows_cards_and_the_drawer_fits(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR, width=390)
    open_page(page, "/admin-departments")

    expect(page.get_by_test_id("stDataFrame")).to_be_hidden()
    page.get_by_role("button", name="税务局").first.click()

    page.wait_for_function(_FITS)  # once it has slid in


def _day(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=title, exact=True)


def _press_day(page: Page, title: str) -> None:
    _day(page, title).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wait_idle(page)


def _sort_by_first_column(page: Page) -> None:
    wait_idle(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 60, box["y"] + 18)
    wait_idle(page)


def _press_first_row(page: Page) -> None:
    """Press the first cell; the table takes a first press after a closed popover for its focus only."""
    wait_idle(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    for _ in range(3):
        page.mouse.click(box["x"] + 60, box["y"] + 60)
        page.wait_for_timeout(1500)
        if page.get_by_role("dialog").count():
            return
    pytest.fail("the row did not open")
