"""The delivery log in a browser: from the warning to what failed, tried again, and nothing left."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_PATH = "/reminders-delivery"
_NOTE = "550 5.1.1 no such mailbox of the browser test"
_FAIL = """
UPDATE reminder SET state = 'failed', failed_at = now(), note = %s, title = 'Failed in the browser test'
WHERE id IN (SELECT id FROM reminder WHERE state = 'planned' AND recipient_id IS NOT NULL ORDER BY due_at DESC LIMIT 3)
RETURNING id
"""


@pytest.fixture
def failed(server: WebServer) -> Iterator[list[int]]:
    """Three reminders that failed with a server's answer; cancelled afterwards, whatever became of them."""
    with psycopg.connect(server.env["QIANQI_DATABASE_URL"], autocommit=True) as connection:
        ids = [row[0] for row in connection.execute(_FAIL, [_NOTE])]
        yield ids
        connection.execute("UPDATE reminder SET state = 'cancelled', cancelled_at = now() WHERE id = ANY(%s)", [ids])


def _state(server: WebServer, reminder_id: int) -> str:
    with psycopg.connect(server.env["QIANQI_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT state FROM reminder WHERE id = %s", [reminder_id]).fetchone()
    assert row is not None
    return str(row[0])


def _fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    viewport = page.viewport_size
    assert viewport is not None
    return width <= viewport["width"]


def test_an_administrator_gets_from_what_failed_to_each_moment_and_tries_all_again(
    sign_in: SignIn, server: WebServer, failed: list[int]
) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    open_page(page, _PATH)
    expect(page.get_by_text("条提醒发送失败，等待处理。")).to_be_visible()
    expect(page.get_by_text("按到期时间统计")).to_be_visible()
    expect(
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first
    ).to_be_visible()
    assert _fits(page)

    page.locator(".st-key-log_go_reminders button").click()
    wait_idle(page)
    assert "state=failed" in page.url

    open_page(page, f"{_PATH}?view=reminders&state=failed&period=any&reminder={failed[0]}")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("各环节时间")).to_be_visible()
    expect(drawer.get_by_text(_NOTE)).to_be_visible()
    page.keyboard.press("Escape")
    wait_idle(page)
    assert "reminder=" not in page.url

    page.locator(".st-key-log_all button").first.click()
    page.locator(".st-key-log_all_retried button").click()
    wait_idle(page)
    page.locator(".st-key-log_all_yes button").click()
    wait_idle(page)
    expect(page.get_by_text("没有符合条件的提醒")).to_be_visible()
    assert {_state(server, each) for each in failed} == {"planned"}


def test_on_a_phone_each_reminder_is_a_card_that_opens_its_drawer(
    sign_in: SignIn, server: WebServer, failed: list[int]
) -> None:
    page = sign_in(Role.ADMINISTRATOR, width=PHONE_WIDTH)
    open_page(page, f"{_PATH}?view=reminders&state=failed&period=any")
    assert _fits(page)

    page.locator(f".st-key-log_open_{failed[1]} button").click()
    wait_idle(page)
    page.get_by_role("dialog").locator(".st-key-log_one_retried button").click()
    wait_idle(page)

    expect(page.locator(f".st-key-log_open_{failed[1]}")).to_have_count(0)
    assert _state(server, failed[1]) == "planned"
