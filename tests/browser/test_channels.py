"""An administrator sets the mail server and reads a mail; a person sets up how they are reached, on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.browser.hands import enter, press, shot
from tests.smtp import MailServer, mail_server

pytestmark = pytest.mark.browser
ADDRESS = "https://open.feishu.cn/open-apis/bot/v2/hook/693a91f6-7aaa-4bc4-97a0-0ec2dcfa5aaa"
_FITS = """() => {
  const drawer = document.querySelector('[role=dialog]')?.getBoundingClientRect();
  return drawer && drawer.left >= 0 && drawer.right <= 390;
}"""


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def test_an_administrator_sets_the_mail_server_tries_it_and_switches_it_off(sign_in: SignIn, mails: MailServer) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    open_page(page, "/reminders-channels")
    expect(page.get_by_text("未设置邮件服务器，邮件只保存在“已发邮件”中。")).to_be_visible()
    shot(page, "administrator-channels")

    enter(page, "服务器", "127.0.0.1")
    page.get_by_role("combobox", name="加密方式").click()
    page.get_by_role("option", name="无", exact=True).click()
    wait_idle(page)
    enter(page, "端口", str(mails.port))
    enter(page, "发件人邮箱", "qianqi@zone.example")
    press(page, "保存")
    enter(page, "发送测试邮件至", "me@zone.example")
    press(page, "测试")
    expect(page.get_by_text("测试邮件已发送至")).to_be_visible()
    assert mails.recipients == ["me@zone.example"]
    assert mails.mails[0]["Subject"] == "测试消息"

    page.get_by_text("启用邮件发送").click()
    wait_idle(page)
    press(page, "保存")
    expect(page.get_by_text("邮件发送已停用，邮件只保存在“已发邮件”中。")).to_be_visible()
    open_page(page, "/reminders-sent-mail")
    expect(page.get_by_text("未设置邮件服务器，邮件只保存在这里。")).to_be_visible()


def test_a_worker_adds_and_removes_a_robot_of_their_own_on_a_phone(sign_in: SignIn) -> None:
    page = sign_in(Role.GRID_WORKER, width=PHONE_WIDTH)
    open_page(page, "/account-profile")

    press(page, "添加机器人")
    drawer = page.get_by_role("dialog")
    page.wait_for_function(_FITS)
    drawer.get_by_role("combobox", name="类型").click()
    page.get_by_role("option", name="飞书机器人").click()
    wait_idle(page)
    enter(drawer, "名称", "我的飞书群")
    enter(drawer, "Webhook 地址", ADDRESS)
    press(drawer, "保存")
    expect(drawer).to_have_count(0)
    expect(page.get_by_text("飞书机器人 …5aaa")).to_be_visible()

    press(page, "编辑")
    expect(drawer.get_by_placeholder("已保存（…5aaa），留空表示不修改")).to_be_visible()
    press(drawer, "移除")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="移除").click()
    expect(page.get_by_text("飞书机器人 …5aaa")).to_have_count(0)
