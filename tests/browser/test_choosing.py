"""Rows of a table are chosen while others are at work: what is acted on are the rows that were ticked."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import press, tick

pytestmark = pytest.mark.browser
ASSIGN = "/assignment-assign"
ASSIGNED = re.compile(r"已分派 \d+ 家")


def tables(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame")


def column(table: Locator, place: int) -> list[str]:
    """Return the cells of a column as they are told to those who cannot see the canvas; the first ticks rows."""
    cells = table.locator(f'td[id^="glide-cell-{place}-"]')
    cells.first.wait_for(state="attached")
    return [cell.strip() for cell in cells.all_text_contents()]


def test_what_was_ticked_is_assigned_though_a_colleague_took_the_row_above(sign_in: SignIn) -> None:
    slow, quick = sign_in(Role.TEAM_LEAD), sign_in(Role.TEAM_LEAD)
    open_page(slow, ASSIGN)
    open_page(quick, ASSIGN)
    first, second, third = column(tables(slow).nth(0), 1)[:3]
    tick(tables(slow).nth(0), second)
    tick(tables(slow).nth(1), "李娜")
    tick(tables(quick).nth(0), first)
    tick(tables(quick).nth(1), "李娜")
    press(quick, re.compile("^分派"))
    expect(quick.get_by_text(ASSIGNED)).to_be_visible()

    press(slow, re.compile("^分派 1 家"))

    expect(slow.get_by_text(ASSIGNED)).to_be_visible()
    left = column(tables(slow).nth(0), 1)
    assert second not in left
    assert left[0] == third


def test_the_sign_in_that_was_ticked_is_ended_though_somebody_came_meanwhile(sign_in: SignIn) -> None:
    worker = sign_in(Role.GRID_WORKER)
    desk = sign_in(Role.ADMINISTRATOR)
    open_page(desk, "/admin-sessions")
    tick(tables(desk), "worker")
    expect(desk.get_by_role("button", name="结束 1 个登录")).to_be_visible()
    manager = sign_in(Role.MANAGER)

    press(desk, "结束 1 个登录")
    desk.locator(".st-key-end_yes button").click()
    wait_idle(desk)

    expect(desk.get_by_text("所选登录已结束")).to_be_visible()
    worker.reload()
    expect(worker.locator("#username")).to_be_visible()
    open_page(manager, "/")
    expect(manager.locator("#username")).to_have_count(0)
