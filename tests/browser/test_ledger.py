"""The ledger in a real browser: asked, saved, opened by its address, worked on several at a time; cards on a phone."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser import hands
from tests.browser.conftest import PHONE_WIDTH, SignIn, open_page, wait_idle
from tests.servers import ROOT, WebServer

pytestmark = pytest.mark.browser
WORD = "试生产用蒸汽压力"
_THREE = """
from sqlmodel import select
from core.db import transaction
from models.account import Account
from models.enterprise import Enterprise
from models.issue import IssueKind
from services import issues
from services.actor import SYSTEM, Actor
with transaction(actor=SYSTEM) as session:
    person = session.exec(select(Account).where(Account.username == "coordinator")).one()
    enterprise = session.exec(select(Enterprise).order_by(Enterprise.id)).first()
actor = Actor(person.pk, person.name, person.role)
for number in (1, 2, 3):
    heard = issues.Heard(IssueKind.DIFFICULT_ISSUE, f"WORD不足，第{number}条管线")
    issues.accept(actor, issues.register(actor, enterprise.pk, heard).pk)
"""


@pytest.fixture(scope="module")
def three(server: WebServer) -> str:
    """Three accepted issues and the word that finds them."""
    subprocess.run([sys.executable, "-c", _THREE.replace("WORD", WORD)], cwd=ROOT, env=server.env, check=True)
    return WORD


def _search(page: Page, text: str) -> None:
    box = page.get_by_placeholder("编号、内容、企业名称")
    box.fill(text)
    box.press("Enter")
    wait_idle(page)


def _rows(page: Page) -> Locator:
    """Return the rows as they are told to those who cannot see the canvas."""
    return page.get_by_test_id("stDataFrame").locator("tbody tr")


def _choose_all(page: Page) -> None:
    grid = page.get_by_test_id("stDataFrame")
    grid.locator("td", has_text=WORD).first.wait_for(state="attached")
    page.wait_for_timeout(500)  # the grid draws itself on a canvas and tells nobody when it has
    grid.locator("canvas").first.click(position={"x": 20, "y": 17}, force=True)
    expect(page.get_by_text("已选 3 件")).to_be_visible()


def _open_and_come_back(page: Page, asked: str) -> None:
    page.wait_for_timeout(500)
    page.get_by_test_id("stDataFrame").locator("canvas").first.click(position={"x": 300, "y": 55}, force=True)
    page.wait_for_url("**/issues-issue?issue=*")
    wait_idle(page)
    page.go_back()
    page.wait_for_url("**/issues-ledger*")
    wait_idle(page)
    expect(page.get_by_placeholder("编号、内容、企业名称")).to_have_value(asked)
    expect(_rows(page)).to_have_count(3)


def test_a_coordinator_asks_saves_and_dispatches_three_at_once(sign_in: SignIn, three: str) -> None:
    """Given three accepted issues, when found, saved as a view and chosen, then they are dispatched and urged."""
    page = sign_in(Role.COORDINATOR)
    open_page(page, "/issues-ledger")
    _search(page, three)
    hands.press(page, "筛选")
    hands.choose(page, "状态", "已受理")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="筛选（1）")).to_be_visible()
    expect(_rows(page)).to_have_count(3)

    hands.press_for(page, "我的视图", page.get_by_label("将当前查询保存为"))
    page.get_by_label("将当前查询保存为").fill("蒸汽问题")
    hands.press(page, "保存视图")
    expect(page.get_by_role("button", name="蒸汽问题").first).to_be_visible()

    tab = page.context.new_page()
    open_page(tab, page.url.removeprefix(page.url.split("/issues-ledger")[0]))
    expect(tab.get_by_placeholder("编号、内容、企业名称")).to_have_value(three)
    expect(_rows(tab)).to_have_count(3)

    _choose_all(tab)
    hands.press_for(tab, "交办", tab.get_by_text("将处理 3 件"))
    hands.choose(tab, "主办部门", "自然资源局")
    tab.get_by_label("交办意见").fill("请三日内现场核实")
    tab.get_by_label("交办意见").blur()
    wait_idle(tab)
    hands.press(tab, "交办（3 件）")
    expect(tab.get_by_text("交办：成功 3 件")).to_be_visible()

    open_page(tab, f"/issues-ledger?_q={three}")
    expect(_rows(tab).first).to_contain_text("自然资源局")
    _open_and_come_back(tab, three)
    _choose_all(tab)
    hands.press_for(tab, "催办", tab.get_by_text("将处理 3 件"))
    hands.press(tab, "催办（3 件）")
    expect(tab.get_by_text("催办：成功 3 件")).to_be_visible()
    hands.press(tab, "知道了")
    expect(tab.get_by_text("催办：成功 3 件")).to_have_count(0)


def test_a_view_is_opened_renamed_and_deleted(sign_in: SignIn, three: str) -> None:
    page = sign_in(Role.TEAM_LEAD)
    open_page(page, f"/issues-ledger?_view=all&_q={three}")
    hands.press_for(page, "我的视图", page.get_by_label("将当前查询保存为"))
    page.get_by_label("将当前查询保存为").fill("蒸汽")
    hands.press(page, "保存视图")
    open_page(page, "/issues-ledger")

    saved = page.get_by_role("button", name="蒸汽").first
    hands.press_for(page, "我的视图", saved)
    saved.click()
    wait_idle(page)
    expect(page.get_by_placeholder("编号、内容、企业名称")).to_have_value(three)

    opened = page.get_by_role("button", name=re.compile("^bookmark 蒸汽|^蒸汽"))
    expect(opened.first).to_be_visible()
    change = page.get_by_role("button", name="修改")
    if not change.first.is_visible():
        hands.press_for(page, re.compile("蒸汽"), change)
    hands.press_for(page, "修改", page.get_by_label("名称", exact=True))
    hands.enter(page, "名称", "蒸汽压力")
    hands.press(page, "保存")
    expect(page.get_by_role("button", name="蒸汽压力").first).to_be_visible()
    hands.press_for(page, "修改", page.get_by_role("button", name="删除"))
    hands.press(page, "删除")
    expect(page.get_by_role("button", name="我的视图")).to_be_visible()


def test_a_phone_shows_cards_without_a_second_scroll_bar(sign_in: SignIn, three: str) -> None:
    """Given a phone, when the ledger is opened, then each issue is a card that says what presses."""
    page = sign_in(Role.COORDINATOR, width=PHONE_WIDTH)
    open_page(page, f"/issues-ledger?_q={three}")

    card = page.get_by_role("button", name="第1条管线")
    expect(card).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
