"""Walking the areas: down to a grid, a figure's rows counted, and a map that fetches nothing from anywhere."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from pages.overview.parts import area_table
from tests.browser import hands
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_HEADER, _ROW = 38, 38


def _cell(page: Page, row: int, column: int) -> str:
    """Press a cell of the table of areas and return its text.

    The table is drawn on a canvas; what it holds is told beside it for those who cannot see, and read there.
    """
    table = page.get_by_test_id("stDataFrame").first
    cell = table.locator("tbody tr").nth(row).locator("td").nth(column)
    cell.wait_for(state="attached")
    told = cell.text_content() or ""
    page.wait_for_timeout(500)  # the grid draws itself and tells nobody when it has
    box = table.bounding_box()
    assert box is not None
    widths = list(area_table._WIDTHS.values())
    x = sum(widths[:column]) + widths[column] // 2
    table.click(position={"x": x, "y": _HEADER + _ROW * row + _ROW // 2}, force=True)
    wait_idle(page)
    return told


def _few(page: Page, column: int) -> tuple[int, int]:
    """Return the first row whose figure opens so few rows that all are on the screen, and the figure."""
    rows = page.get_by_test_id("stDataFrame").first.locator("tbody tr")
    rows.first.wait_for(state="attached")
    cells = [int(rows.nth(row).locator("td").nth(column).text_content() or "0") for row in range(rows.count())]
    return next((row, count) for row, count in enumerate(cells) if 0 < count < 10)


def _canvas(page: Page) -> Locator:
    return page.locator("canvas[data-points]")


def _drawn(page: Page) -> int:
    return int(_canvas(page).get_attribute("data-drawn") or 0)


def _find(page: Page, text: str, *, press: Callable[[float, float], None]) -> None:
    """Look over the map until the card beside the mouse holds a text, and press there."""
    box = _canvas(page).bounding_box()
    assert box is not None
    card = page.locator(".map .card", has_text=text)
    for step in range(3000):
        x, y = box["x"] + 10 + 17 * step % (box["width"] - 80), box["y"] + 10 + 7 * (step // 60)
        page.mouse.move(x, y)
        if not card.is_visible():
            continue
        page.wait_for_timeout(200)  # a busy browser hands moves on late: the card may still be that of the place before
        if card.is_visible():
            press(x, y)
            wait_idle(page)
            return
    pytest.fail(f"nothing on the map says {text}")


def test_a_manager_walks_down_to_a_grid_and_opens_the_rows_of_a_figure(sign_in: SignIn) -> None:
    """Given the zone, when walked down by its table, then each level is in the address and back leads up again."""
    page = sign_in(Role.MANAGER)
    open_page(page, "/overview-areas")
    expect(page.get_by_role("heading", name="淄博高新区")).to_be_visible()
    names = ["淄博高新区"]
    for _level in range(3):
        names.append(_cell(page, 0, 0))
        expect(page.get_by_role("heading", name=names[-1], exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("第.+网格"))).to_be_visible()

    page.go_back()
    wait_idle(page)
    expect(page.get_by_role("heading", name=names[2], exact=True)).to_be_visible()
    hands.press(page, names[1])
    expect(page.get_by_role("heading", name=names[1], exact=True)).to_be_visible()
    hands.shot(page, "manager-areas")

    row, count = _few(page, 7)
    assert _cell(page, row, 7) == str(count)
    page.wait_for_url("**/issues-ledger?*remaining=overdue*")
    wait_idle(page)
    expect(page.get_by_test_id("stDataFrame").locator("tbody tr")).to_have_count(count)
    page.go_back()
    page.wait_for_url("**/overview-areas*")
    wait_idle(page)
    expect(page.get_by_role("heading", name=names[1], exact=True)).to_be_visible()


def test_the_map_shows_points_pans_zooms_and_asks_nobody(sign_in: SignIn, server: WebServer) -> None:
    """Given the map, when it is shown, moved and pressed, then every request went to this server alone."""
    page = sign_in(Role.MANAGER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, "/overview-areas?view=map")
    expect(_canvas(page)).to_have_attribute("data-points", re.compile("^[1-9][0-9]{2}$"))
    expect(_canvas(page)).to_have_attribute("data-outlines", "2")
    hands.shot(page, "manager-areas-map")
    before = _drawn(page)

    box = _canvas(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.wheel(0, -300)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 250, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="显示全部").click()
    for _attempt in range(100):
        if _drawn(page) > before + 2:
            break
        page.wait_for_timeout(100)
    assert _drawn(page) > before + 2
    page.get_by_role("button", name="按问题").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存为图片").click()
    with page.expect_download() as points:
        page.get_by_role("button", name="点位 GeoJSON").click()

    assert saved.value.suggested_filename == "淄博高新区.png"
    assert points.value.suggested_filename.endswith(".geojson")
    own = {urlsplit(server.url).netloc, ""}  # blob: and data: have none
    assert {urlsplit(url).netloc for url in asked if not url.startswith("blob:")} <= own

    _find(page, "四宝山街道", press=page.mouse.click)
    expect(page.get_by_role("heading", name="四宝山街道", exact=True)).to_be_visible()
    _find(page, "WGS-84", press=page.mouse.click)
    page.wait_for_url("**/enterprises-profile?enterprise=*")


def test_on_a_phone_a_tap_shows_an_area_and_goes_down_into_it(sign_in: SignIn) -> None:
    page = sign_in(Role.TEAM_LEAD, width=PHONE_WIDTH)
    open_page(page, "/overview-areas")
    expect(page.get_by_test_id("stDataFrame")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    hands.shot(page, "lead-areas")

    open_page(page, "/overview-areas?view=map")
    expect(_canvas(page)).to_have_attribute("data-points", re.compile("[1-9]"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    _canvas(page).scroll_into_view_if_needed()
    box = _canvas(page).bounding_box()
    assert box is not None
    card = page.locator(".map .card")
    for number in range(1, 8):
        page.touchscreen.tap(box["x"] + box["width"] * number / 8, box["y"] + box["height"] / 2)
        page.wait_for_timeout(100)
        if card.get_by_role("button").is_visible():
            break
    card.get_by_role("button").click()
    wait_idle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "area=" in page.url or "enterprise=" in page.url
