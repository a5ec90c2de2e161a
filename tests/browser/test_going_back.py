"""The browser's own button leads to a page as it was asked, whatever the page that was gone to is asked."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle

pytestmark = pytest.mark.browser


def _asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def _go_back(page: Page, path: str) -> None:
    page.go_back()
    page.wait_for_url(f"**{path}*")
    wait_idle(page)


def test_the_overview_is_not_narrowed_by_what_a_figure_led_to(sign_in: SignIn) -> None:
    """Given the whole zone's overview of last month, when a team's reason is opened and left, then it is as before."""
    page = sign_in(Role.MANAGER)
    open_page(page, "/overview-overview?period=last_month")
    rate = page.locator("[class*=st-key-rate_response_whole] button")
    before = rate.inner_text()
    page.locator("[class*=st-key-team_][class*=_unassigned] button").first.click()
    page.wait_for_url("**/campaigns-*team=*")
    wait_idle(page)

    _go_back(page, "/overview-overview")

    assert _asked(page) == {"period": ["last_month"]}
    expect(page.get_by_role("button", name="筛选", exact=True)).to_be_visible()
    expect(rate).to_have_text(before)


def test_a_list_of_visits_keeps_its_filters(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/visits-list?outcome=refused")
    counted = page.get_by_test_id("stMain").get_by_text("共").first
    before = counted.inner_text()
    page.wait_for_timeout(500)  # the grid draws itself on a canvas and tells nobody when it has
    page.get_by_test_id("stDataFrame").locator("canvas").first.click(position={"x": 60, "y": 55}, force=True)
    page.wait_for_url("**/visits-record-view?visit=*")
    wait_idle(page)

    _go_back(page, "/visits-list")

    assert _asked(page) == {"outcome": ["refused"]}
    expect(counted).to_have_text(before)
