"""An administrator changes a step of a ladder and sees before saving what it would send, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import press, shot

pytestmark = pytest.mark.browser
STEP, CHANGED = "到期前 1 个工作日 → 当前经办人", "到期前 2 个工作日 → 当前经办人、领导"
_AHEAD = re.compile(r"未来 7 天将发出 \d+ 条提醒")


@pytest.mark.usefixtures("as_it_runs")
def test_a_step_is_changed_with_its_preview_and_changed_back(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    open_page(page, "/reminders-rules")
    ladder = page.locator(".st-key-ladder_promise_due")
    expect(ladder.get_by_text(STEP)).to_be_visible()
    shot(page, "administrator-reminder-rules")

    drawer = _open(page, ladder, "承诺到期前 1 个工作日")
    before = _foreseen(drawer)
    shot(page, "administrator-reminder-rule")
    press(drawer, "领导")
    _amount(page, drawer, "2")
    assert _foreseen(drawer) > before
    expect(drawer.get_by_text("（领导）").first).to_be_visible()
    expect(ladder.get_by_text(STEP)).to_be_attached()  # nothing is stored yet
    press(drawer, "保存")
    expect(drawer).to_have_count(0)
    expect(ladder.get_by_text(CHANGED)).to_be_visible()

    drawer = _open(page, ladder, "承诺到期前 1 个工作日")
    press(drawer, "领导")
    _amount(page, drawer, "1")
    press(drawer, "保存")
    expect(ladder.get_by_text(STEP)).to_be_visible()


def test_a_phone_shows_the_preview_and_a_step_is_switched_off_and_on(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR, width=390)
    open_page(page, "/reminders-rules")
    ladder = page.locator(".st-key-ladder_promise_due")
    drawer = _open(page, ladder, "承诺到期前 1 个工作日")
    assert _foreseen(drawer) > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    drawer.get_by_role("button", name="关闭").click()
    expect(drawer).to_have_count(0)

    switch = ladder.get_by_role("switch", name="启用“承诺到期前 1 个工作日”").or_(
        ladder.get_by_role("checkbox", name="启用“承诺到期前 1 个工作日”")
    )
    for wanted in (False, True):
        ladder.get_by_test_id("stCheckbox").first.locator("label").click()
        wait_idle(page)
        expect(switch).to_be_checked(checked=wanted)
    page.reload()
    wait_idle(page)
    expect(switch).to_be_checked()


def _open(page: Page, ladder: Locator, rule: str) -> Locator:
    ladder.get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", name=rule)).to_be_visible()
    wait_idle(page)
    return drawer


def _foreseen(drawer: Locator) -> int:
    told = drawer.get_by_text(_AHEAD).first
    expect(told).to_be_visible()
    return int(re.findall(r"\d+", told.inner_text())[1])


def _amount(page: Page, drawer: Locator, amount: str) -> None:
    field = drawer.get_by_label("多久")
    field.fill(amount)
    field.press("Enter")
    wait_idle(page)
