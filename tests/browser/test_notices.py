"""A coordinator writes a notice, sees who gets it, sends it and follows it; on a telephone too."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.browser.hands import choose, enter, press, press_for, shot
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_SLOW = 60_000
_BATCHES, _NOTICES = 12, 958
"""The demonstration's, as `tests/services/test_demo.py` counts them."""


def _of_other_tests(server: WebServer) -> int:
    """Count the notices of batches that are not the demonstration's: a bulletin sends one."""
    with psycopg.connect(server.env["QIANQI_DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT count(*) FROM reminder WHERE subject = 'notice'"
            " AND subject_id NOT IN (SELECT id FROM notice_batch ORDER BY id LIMIT %s)",
            (_BATCHES,),
        ).fetchone()
    return int(found[0]) if found else 0


def _see_how_many(page: Page, server: WebServer) -> None:
    """See the exact number of notices; those of another test may be written down just then, so look again."""
    shown = page.get_by_test_id("stMetric").filter(has_text="通知条数").get_by_test_id("stMetricValue")
    for _attempt in range(3):
        wanted = f"{_NOTICES + _of_other_tests(server):,}"
        open_page(page, "/notices-list")
        if shown.inner_text() == wanted:
            return
    expect(shown).to_have_text(wanted)


@pytest.mark.usefixtures("background")
def test_a_notice_is_written_checked_sent_and_followed(sign_in: SignIn, server: WebServer) -> None:
    page = sign_in(Role.COORDINATOR)
    _see_how_many(page, server)
    shot(page, "coordinator-notices")

    press(page, "新建通知")
    choose(page, "行业", "现代物流")
    page.keyboard.press("Escape")  # a list of several stays open
    expect(page.get_by_text(re.compile("可送达"))).to_be_visible()
    press_for(page, re.compile("下一步：写内容"), page.get_by_label(re.compile("^标题")))
    enter(page, "标题", "{{ enterprise }}请核对联系人")
    enter(page, "内容", "{{ person }}，您好！\n请核对贵公司的联系人信息。")
    page.get_by_text("紧急", exact=True).click()
    wait_idle(page)
    press_for(page, re.compile("下一步：核对"), page.get_by_text("接收人看到的内容"))
    expect(page.get_by_text(re.compile(".+公司请核对联系人")).first).to_be_visible()
    expect(page.get_by_text("立即发出。")).to_be_visible()
    shot(page, "coordinator-notice-check")

    page.get_by_role("button", name="发送", exact=True).click()
    press_for(page, "确认发送", page.get_by_text("接收人", exact=True))

    expect(page.get_by_text("已发出", exact=True).first).to_be_visible(timeout=_SLOW)
    reached = page.get_by_test_id("stMetric").filter(has_text="已送达").get_by_test_id("stMetricValue")
    total = page.get_by_test_id("stMetric").filter(has_text="收件人数").get_by_test_id("stMetricValue")
    expect(reached).to_have_text(total.inner_text(), timeout=_SLOW)


def test_a_paused_batch_goes_on_and_stops_on_a_telephone(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR, width=PHONE_WIDTH)
    open_page(page, "/notices-list")

    paused = page.get_by_test_id("stVerticalBlock").filter(has_text="57 / 92").last
    press_for(paused, "查看", page.get_by_role("button", name="继续"))
    expect(page.get_by_text("已处理 57 / 92")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("已暂停发送 35"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH

    press_for(page, "继续", page.get_by_role("button", name="暂停", exact=True))
    press_for(page, "暂停", page.get_by_role("button", name="继续"))


def test_a_manager_sees_batches_and_no_buttons(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER)
    open_page(page, "/notices-list")

    expect(page.get_by_role("heading", name="通知推送")).to_be_visible()
    expect(page.get_by_role("button", name="新建通知")).to_have_count(0)
    open_page(page, "/notices-batch?batch=1")
    expect(page.get_by_role("button", name="导出 Excel")).to_be_visible()
    expect(page.get_by_role("button", name="再次使用")).to_have_count(0)
