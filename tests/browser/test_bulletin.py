"""A coordinator looks into a figure of the draft, issues it, and a manager reads it on a telephone."""

import re

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.browser.hands import press, press_for, shot

pytestmark = pytest.mark.browser


def test_a_bulletin_is_looked_into_issued_and_read(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/bulletin-list")
    expect(page.get_by_role("heading", name="月通报")).to_be_visible()
    open_page(page, "/bulletin-bulletin?bulletin=4")
    expect(page.get_by_text("草稿", exact=True)).to_be_visible()
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

    reader = sign_in(Role.MANAGER, width=PHONE_WIDTH)
    open_page(reader, "/bulletin-bulletin?bulletin=4")
    expect(reader.get_by_text(re.compile("现将"))).to_be_visible()
    expect(reader.get_by_role("button", name="撤回")).to_have_count(0)
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    shot(reader, "manager-bulletin-phone")
    press(reader, re.compile("登记诉求"))
    expect(reader.get_by_role("dialog").get_by_text(re.compile(f"共 {count[0]} 条"))).to_be_visible()
