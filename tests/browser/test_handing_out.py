"""A chart handed out as a picture, a drawing and a workbook, and a table as a workbook, on the page of a campaign."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.account import Role
from services import fonts
from tests.browser.conftest import SignIn, wait_idle
from tests.browser.hands import shot

pytestmark = pytest.mark.browser


def _content(page: Page, key: str, ending: str) -> bytes:
    with page.expect_download(timeout=60_000) as download:
        page.locator(f".st-key-{key} button:visible").click()
    assert download.value.suggested_filename.endswith(ending)
    return Path(download.value.path()).read_bytes()


def test_what_a_coordinator_sees_of_a_campaign_can_be_taken_along(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    page.goto("/campaigns-campaign?campaign=2")
    expect(page.locator(".st-key-chart_visits_by_day svg").first).to_be_visible()
    wait_idle(page)
    shot(page, "coordinator-campaign")

    page.locator(".st-key-visits_by_day_menu button:visible").click()
    drawing = _content(page, "visits_by_day_svg", ".svg").decode()
    figures = openpyxl.load_workbook(BytesIO(_content(page, "visits_by_day_xlsx", ".xlsx"))).active
    picture = page.locator(".st-key-visits_by_day_png button:visible")
    if fonts.chinese():
        assert Image.open(BytesIO(_content(page, "visits_by_day_png", ".png"))).width > 1000
    else:
        expect(picture).to_be_disabled()
    page.keyboard.press("Escape")
    teams = openpyxl.load_workbook(BytesIO(_content(page, "teams_xlsx", ".xlsx"))).active

    assert "每日走访" in drawing
    assert [cell.value for cell in figures[1]] == ["日期", "已走访"]
    assert figures["B2"].data_type == "n"
    assert [cell.value for cell in teams[1]][:3] == ["政务服务队", "企业", "已走访"]
    assert teams["D2"].number_format == "0.0%"
