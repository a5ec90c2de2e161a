"""A manager sees both directions face to face, and each gap opens its rows; on a telephone one below the other."""

import re

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.browser.hands import shot

pytestmark = pytest.mark.browser


def test_a_gap_opens_exactly_its_rows(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER)
    open_page(page, "/overview-two-way")
    expect(page.get_by_role("heading", name=re.compile("企业需要我做什么"))).to_be_visible()
    shot(page, "manager-two-way")

    link = page.get_by_role("link", name=re.compile("走访到期未记录"))
    count = re.sub(r"\D", "", link.inner_text())
    link.click()
    wait_idle(page)

    expect(page.get_by_role("heading", name="走访任务")).to_be_visible()
    expect(page.get_by_text(f"共 {count} 条")).to_be_visible()


def test_it_fits_a_telephone(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER, width=PHONE_WIDTH)
    open_page(page, "/overview-two-way")

    expect(page.get_by_role("heading", name=re.compile("断点"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
