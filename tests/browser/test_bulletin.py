"""A coordinator withdraws a bulletin, builds it anew, looks into a figure, issues it; a manager reads it on a phone."""

import re

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.browser.hands import enter, press, press_for, shot

pytestmark = pytest.mark.browser


def test_a_bulletin_is_looked_into_issued_and_read(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/bulletin-list")
    expect(page.get_by_role("heading", name="月通报")).to_be_visible()
    open_page(page, "/bulletin-bulletin?bulletin=3")
    press_for(page, "撤回", page.get_by_label("原因"))
    enter(page, "原因", "一件问题的结果登记有误")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="撤回", exact=True).click()
    press_for(page, "重新生成", page.get_by_text("草稿", exact=True))
    shot(page, "coordinator-bulletin")

    tile = page.get_by_role("button", name=re.compile("登记诉求"))
    count = re.search(r"\d+", tile.inner_text())
    assert count
    tile.click()
    wait_idle(page)
    expect(page.get_by_role("dialog").get_by_text(re.compile(f"共 {count[0]} 条，为"))).to_be_visible()
    shot(page, "coordinator-bulletin-rows")
    page.keyboard.press("Escape")
    wait_idle(page)

    press_for(page, "印发", page.get_by_text("同时发通知"))
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="印发", exact=True).click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()

    address = page.url.rpartition("/")[2]
    reader = sign_in(Role.MANAGER, width=PHONE_WIDTH)
    open_page(reader, f"/{address}")
    expect(reader.get_by_text(re.compile("现将"))).to_be_visible()
    expect(reader.get_by_role("button", name="撤回")).to_have_count(0)
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    shot(reader, "manager-bulletin-phone")
    press(reader, re.compile("登记诉求"))
    expect(reader.get_by_role("dialog").get_by_text(re.compile(f"共 {count[0]} 条"))).to_be_visible()
