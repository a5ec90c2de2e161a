"""The main journeys by keyboard alone: Tab, Enter, space and letters, with the focus always to be seen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from services.demo import PASSWORD
from tests.browser.conftest import wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_MOST = 150
_NAME = """() => {
  const each = document.activeElement;
  if (each.matches("body, main, div:not([role])")) return "";
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


@pytest.fixture
def page(browser: Browser, server: WebServer) -> Iterator[Page]:
    """Give a browser of its own that nobody has signed in with."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield context.new_page()
    context.close()


def _sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    expect(page.locator("#username")).to_be_focused()  # from the start
    page.keyboard.type(username)
    _tab_to(page, "password|密码")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    wait_idle(page)


def test_signing_in_and_narrowing_the_ledger(page: Page) -> None:
    _sign_in(page, "coordinator")

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


def _choose(page: Page, name: str, option: str, *, write: str = "") -> None:
    """Choose from a list that opens: letters narrow it, arrows walk it, Enter takes it."""
    _tab_to(page, name)
    if write:
        page.keyboard.type(write, delay=30)
    wanted = page.get_by_role("option", name=re.compile(option)).first
    page.keyboard.press("ArrowDown")
    wanted.wait_for()
    page.keyboard.press("Enter")
    wait_idle(page)


_KEY = "document.activeElement.closest('[class*=st-key-]').className.match(/st-key-[\\w-]+/)[0]"
"""The class of the element that has the focus, by which the page knows it."""


def _press(page: Page, name: str, key: str = "Enter") -> None:
    """Tab to what is called so, press it and wait for what it brings."""
    _tab_to(page, name)
    page.keyboard.press(key)
    wait_idle(page)


def _write(page: Page, name: str, text: str) -> None:
    _tab_to(page, name)
    page.keyboard.type(text)


def test_recording_a_visit(page: Page) -> None:
    _sign_in(page, "worker")

    _press(page, r"\s今日走访$")
    expect(page.get_by_role("heading", name="今日走访")).to_be_visible()
    _press(page, r"^edit\s+登记$")
    page.wait_for_url("**/visits-record?visit=*")
    wait_idle(page)
    _press(page, "^上门$", "Space")
    _press(page, "^见到企业$", "Space")
    _write(page, "受访人", "门卫老刘")
    _tab_to(page, "^已解决$")
    for _option in range(3):
        page.keyboard.press("ArrowRight")  # to the last: there was none
    page.keyboard.press("Space")
    wait_idle(page)
    _press(page, "^增长$", "Space")
    _press(page, r"\s提交$")
    expect(page.get_by_role("heading", name="今日已完成")).to_be_visible()


def test_registering_an_issue(page: Page) -> None:
    _sign_in(page, "coordinator")

    _press(page, r"\s登记问题$")
    _choose(page, "^企业（必填）", "公司", write="淄博")
    _tab_to(page, "^意见建议")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    wait_idle(page)
    _write(page, "^反映内容", "厂门口路灯夜里不亮，工人下夜班看不清路。")
    _choose(page, "^问题类别", "供电", write="供电")
    _press(page, r"\s登记$")
    expect(page.get_by_text(re.compile(r"QY-\d{4}-\d{6}")).first).to_be_visible()


def test_accepting_an_issue_from_the_to_dos(page: Page) -> None:
    _sign_in(page, "officer")

    _press(page, r"\s我的待办$")
    _tab_to(page, r"^签收\s")
    own = page.locator("." + page.evaluate(_KEY))  # others may come up in its place
    expect(own).to_have_count(1)
    page.keyboard.press("Enter")
    wait_idle(page)
    assert page.evaluate(_NAME) == "签收", "a popover gets the focus"
    page.keyboard.press("Enter")
    wait_idle(page)
    expect(own).to_have_count(0)


def test_leaving_a_popover_leads_back_to_what_opened_it(page: Page) -> None:
    _sign_in(page, "officer")

    _press(page, r"\s我的待办$")
    _press(page, r"^签收\s")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(page.get_by_test_id("stPopoverButton").and_(page.locator(":focus"))).to_have_count(1)
