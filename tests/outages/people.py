"""What people do on a page before, in and after an outage, and how one sees that a page is well."""

import time
from collections.abc import Callable
from itertools import count

from playwright.sync_api import Locator, Page, expect

from tests import uploads
from tests.browser.conftest import wait_idle
from tests.outages.table import Row
from tests.outages.world import World

Person = Callable[..., Page]
Told = Callable[[Row], None]
PHONE = 390
SOON = 15.0
"""Seconds within which a page is well again once the server is."""
_SIZES = count(300)


def with_file(person: Person, product: World, name: str) -> Page:
    """Return a coordinator's page of an issue with a file chosen, to be attached by a press."""
    page = person("coordinator", f"/issues-issue?issue={issue(product)}")
    choose(page, name)
    page.get_by_role("button", name="上传 1 个文件").wait_for()
    wait_idle(page)
    return page


def issue(product: World) -> object:
    return product.sql("SELECT max(id) FROM issue WHERE state = 'handling'")[0][0]


def choose(page: Page, name: str) -> None:
    """Choose a file whose content no other has."""
    content = uploads.photo(size=(next(_SIZES), 240))
    page.locator("input[type=file]").set_input_files(
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


def files(product: World) -> int:
    return int(str(product.sql("SELECT count(*) FROM attachment")[0][0]))


def banner(page: Page) -> Locator:
    return page.locator("#qianqi-banner:not(.back)")


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[class*="st-key-rec"][class*="_{name}"]').locator("input, textarea").first


def recording(person: Person) -> Page:
    """Return a worker's page in the middle of a visit record."""
    page = person("worker", "/visits-today", width=PHONE)
    page.locator('[class*="st-key-record_"] button').nth(3).click()
    page.wait_for_url("**/visits-record?visit=*")
    wait_idle(page)
    if not field(page, "met_person").is_visible():
        page.get_by_role("radio", name="见到企业").or_(page.get_by_role("button", name="见到企业")).first.click()
        wait_idle(page)
    return page


def well_again(page: Page, since: float) -> float:
    """Wait until a page is idle without a banner of an outage or an error, and return how long that took."""
    expect(banner(page)).to_have_count(0, timeout=60_000)
    wait_idle(page, timeout=60_000)
    took = time.monotonic() - since
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "系统出错" not in page.locator("body").inner_text()
    assert took < SOON
    return took
