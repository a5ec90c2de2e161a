"""The main journeys by keyboard alone: Tab, Enter, space and letters, with the focus always to be seen."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.demo import PASSWORD
from tests.browser.conftest import wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_MOST = 150
_NAME = """() => {
  const each = document.activeElement;
  const label = each.labels && each.labels[0] ? each.labels[0].innerText : "";
  const told = each.getAttribute("aria-label");
  return [told, label, each.innerText, each.placeholder, each.id].filter(Boolean).join(" | ");
}"""
_VISIBLE = """() => {
  let each = document.activeElement;
  for (let up = 0; each && up < 4; up++, each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    if (style.boxShadow !== "none" || document.activeElement.matches("input, textarea")) return true;
  }
  return false;
}"""


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so, and see that the focus shows."""
    passed = []
    for _press in range(_MOST):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(_NAME))
        if re.search(name, passed[-1]):
            assert page.evaluate(_VISIBLE), f"nobody sees that {passed[-1]} has the focus"
            return
    raise AssertionError(f"{name} is not reached by Tab; passed {passed[:60]}")


def _signed_in(browser: Browser, server: WebServer, username: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.keyboard.type(username)  # the field has the focus from the start
    _tab_to(page, "password|密码")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    wait_idle(page)
    return context, page


def test_signing_in_and_narrowing_the_ledger(browser: Browser, server: WebServer) -> None:
    context, page = _signed_in(browser, server, "coordinator")

    _tab_to(page, r"\s问题台账$")
    page.keyboard.press("Enter")
    wait_idle(page)
    expect(page.get_by_role("heading", name="问题台账")).to_be_visible()
    _tab_to(page, "^全部在办")
    page.keyboard.press("ArrowRight")
    _tab_to(page, "编号、内容、企业名称")
    page.keyboard.type("消防")
    page.keyboard.press("Enter")
    wait_idle(page)
    expect(page).to_have_url(re.compile(r"%E6%B6%88%E9%98%B2|消防"))
    context.close()
