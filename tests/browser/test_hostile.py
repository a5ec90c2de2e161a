"""Hostile text in a real browser: it is there to be read, and does nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from services.demo import PASSWORD
from tests.attack.conftest import hostile_database, hostile_server  # noqa: F401 - fixtures
from tests.attack.hostile import FOREIGN, MARK
from tests.browser.conftest import open_page, wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_PAGES = (
    "/issues-ledger",
    "/enterprises-list",
    "/overview-overview",
    "/overview-areas",
    "/campaigns-list",
    "/notices-list",
)


@pytest.fixture
def page(browser: Browser, hostile_server: WebServer) -> Iterator[Page]:  # noqa: F811 - the fixture
    """A coordinator's page over the hostile world."""
    context = browser.new_context(base_url=hostile_server.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.goto("/sign-in")
    opened.fill("#username", "coordinator")
    opened.fill("#password", PASSWORD)
    opened.click("button[type=submit]")
    wait_idle(opened)
    yield opened
    context.close()


def test_hostile_text_runs_nothing_in_a_browser(page: Page) -> None:
    foreign: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if FOREIGN in request.url else None)
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    for address in _PAGES:
        open_page(page, address)

        assert page.evaluate("typeof __owned") == "undefined"
        assert page.locator(f"img[src*='{FOREIGN}'], a[href^='javascript:']").count() == 0
        for link in page.locator(f"a[href*='{FOREIGN}']").all():  # Streamlit links addresses
            assert link.inner_text().startswith(f"https://{FOREIGN}")
            assert "noopener" in (link.get_attribute("rel") or "")
        assert MARK in page.locator("body").inner_text()

    assert foreign == []
    assert dialogs == []


def test_hostile_names_in_tooltips_of_charts_and_on_the_map_are_text(page: Page) -> None:
    open_page(page, "/overview-areas")
    page.get_by_test_id("stButtonGroup").get_by_text("柱状图", exact=True).click()
    wait_idle(page)
    told = _hovered(page, page.get_by_test_id("stVegaLiteChart").first, "#vg-tooltip-element")
    assert MARK in told

    page.get_by_test_id("stButtonGroup").get_by_text("地图", exact=True).click()
    wait_idle(page)
    told = _hovered(page, page.locator(".map canvas"), ".map .card")
    assert MARK in told

    assert page.evaluate("typeof __owned") == "undefined"


def _hovered(page: Page, drawn: Locator, teller: str) -> str:
    """Move over all of a drawing; return what was told of it, in which nothing may act."""
    drawn.wait_for()
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    told: set[str] = set()
    for down in range(1, 12):
        for across in range(1, 12):
            page.mouse.move(box["x"] + box["width"] * across / 12, box["y"] + box["height"] * down / 12)
            told |= {each.inner_text() for each in page.locator(teller).all()}
            assert page.locator(f"{teller} img[src=x], {teller} script:not([src])").count() == 0
    return "\n".join(told)
