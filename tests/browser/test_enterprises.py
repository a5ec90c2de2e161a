"""Enterprises in a real browser: from the list to the profile, a correction, a pair that may be one."""

import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle

pytestmark = pytest.mark.browser
WAIT = 15_000


def _search(page: Page, part: str) -> None:
    box = page.get_by_placeholder("企业名称")
    box.fill(part)
    box.press("Enter")
    wait_idle(page)


def _open_first_row(page: Page) -> None:
    canvas = page.locator("[data-testid=stDataFrame] canvas").first
    canvas.wait_for(timeout=WAIT)
    page.wait_for_timeout(500)  # the grid draws itself on a canvas and tells nobody when it has
    canvas.click(position={"x": 90, "y": 55}, force=True)  # what scrolls lies over what is drawn
    page.wait_for_url("**/enterprises-profile**", timeout=WAIT)
    wait_idle(page)


def test_a_coordinator_finds_corrects_and_goes_back(sign_in: SignIn) -> None:
    """Given a part of a name, when its first hit is opened and corrected, then the list is as it was left."""
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/enterprises-list")
    _search(page, "传感器")
    _open_first_row(page)
    expect(page.get_by_text("企业需要我们做什么")).to_be_visible()
    expect(page.get_by_text("时间轴")).to_be_visible()

    page.get_by_role("button", name="编辑").first.click()
    wait_idle(page)
    page.get_by_label("备注").fill("二期厂房在建")
    page.get_by_label("备注").blur()
    wait_idle(page)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/enterprises-profile**", timeout=WAIT)
    wait_idle(page)
    expect(page.get_by_text("二期厂房在建")).to_be_visible()

    page.get_by_test_id("stMain").get_by_role("button", name="企业", exact=False).first.click()
    page.wait_for_url("**/enterprises-list**", timeout=WAIT)
    wait_idle(page)
    expect(page.get_by_placeholder("企业名称")).to_have_value("传感器")


def test_a_wrong_credit_code_is_told_while_it_is_typed(sign_in: SignIn) -> None:
    page = sign_in(Role.TEAM_LEAD)
    open_page(page, "/enterprises-edit")

    code = page.get_by_role("textbox", name="统一社会信用代码")
    code.fill("91350100M000100Y44")
    code.press("Enter")
    wait_idle(page)

    expect(page.get_by_text("末位应为“3”")).to_be_visible()


def test_a_pair_is_decided_about(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/enterprises-duplicates")
    buttons = page.get_by_role("button", name="不是同一家")
    before = buttons.count()

    buttons.last.click()
    wait_idle(page)

    expect(buttons).to_have_count(before - 1)


def test_a_phone_shows_cards_that_open_the_profile(sign_in: SignIn) -> None:
    page = sign_in(Role.GRID_WORKER, width=PHONE_WIDTH)
    open_page(page, "/enterprises-list")

    page.get_by_test_id("stMain").get_by_role("button", name="最近走访").first.click()
    page.wait_for_url("**/enterprises-profile**", timeout=WAIT)
    wait_idle(page)

    expect(page.get_by_text("联系人", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


def test_a_worker_reaches_the_record_of_a_visit_in_one_tap(sign_in: SignIn) -> None:
    page = sign_in(Role.GRID_WORKER, width=PHONE_WIDTH)

    page.get_by_role("button", name="登记").first.click()

    page.wait_for_url("**/visits-record**", timeout=WAIT)
