"""What Streamlit itself says is in the page's language too, and its tables make no files past the exports."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle

pytestmark = pytest.mark.browser
_ENGLISH = """() => [...document.querySelectorAll("[aria-label], [title], [placeholder]")]
  .filter((each) => each.offsetParent)
  .flatMap((each) => ["aria-label", "title", "placeholder"].map((name) => each.getAttribute(name)))
  .filter((said) => said && /^[A-Z][a-z]+([ /][A-Za-z]+)*$/.test(said))"""
"""What is told of elements that can be seen, as far as it consists of English words only."""


def _columns_menu(page: Page) -> Locator:
    """Open the menu of the ledger's third column."""
    table = page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box
    page.mouse.move(box["x"] + 400, box["y"] + 15)
    page.mouse.click(box["x"] + 568, box["y"] + 17)
    return page.get_by_test_id("stDataFrameColumnMenu")


def test_what_streamlit_says_follows_the_language(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/issues-ledger")
    menu = _columns_menu(page)
    expect(menu.get_by_role("menuitem").first).to_contain_text("统计")  # not to sort one page of many
    expect(menu.get_by_text("升序排列")).to_be_hidden()
    expect(menu.get_by_text("降序排列")).to_be_hidden()
    assert not re.search(r"\b[A-Z][a-z]+", menu.inner_text())
    assert page.evaluate(_ENGLISH) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="English").click()
    wait_idle(page)
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    expect(_columns_menu(page).get_by_role("menuitem").first).to_contain_text("Statistics")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="中文").click()
    wait_idle(page)
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("跳到正文")
    expect(page.get_by_test_id("stSidebarNav")).to_have_attribute("aria-label", "页面菜单")


def test_a_choice_without_a_match_and_a_day_still_empty_speak_it_too(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR, width=390)
    open_page(page, "/issues-register")
    choice = page.get_by_test_id("stSelectbox").first.get_by_role("combobox")
    choice.click()
    choice.fill("没有这样的企业")
    expect(page.get_by_role("listbox")).to_have_text("没有匹配的选项")

    open_page(page, "/teams-leave")
    field = page.get_by_test_id("stDateInput").first
    expect(field.get_by_role("spinbutton").first).to_have_text("年")
    field.get_by_test_id("stDateInputCalendarButton").click()
    expect(page.get_by_role("button", name="下个月")).to_be_visible()
    expect(page.get_by_text("时间范围", exact=True)).to_be_visible()
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type("2026")
    expect(field.get_by_role("spinbutton").first).to_have_text("2026")


def test_what_people_wrote_is_left_alone(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/issues-register")
    text = page.get_by_role("textbox", name="反映内容")
    text.fill("No results")
    text.blur()
    wait_idle(page)

    expect(text).to_have_value("No results")


@pytest.mark.parametrize("path", ["/issues-ledger", "/enterprises-list", "/overview-overview", "/overview-areas"])
def test_tables_and_charts_make_no_file_of_their_own(sign_in: SignIn, path: str) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, path)
    shown = page.locator("[data-testid=stDataFrame], [data-testid=stVegaLiteChart]")
    assert shown.count()

    for each in shown.all():
        each.scroll_into_view_if_needed()
        each.hover()
        assert not [
            name
            for button in page.get_by_test_id("stElementToolbar").get_by_role("button").all()
            if re.match("Download|Copy Vega", name := button.get_attribute("aria-label") or "") and button.is_visible()
        ]
