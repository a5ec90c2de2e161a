"""People enter and leave by a real browser."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from models.account import Role
from services.demo import PASSWORD
from tests.browser.conftest import NewContext, SignIn, open_page, wait_idle
from tests.browser.hands import shot
from tests.servers import WebServer

pytestmark = pytest.mark.browser

NEW_PASSWORD = "battery-staple-7"


@pytest.mark.usefixtures("as_it_runs")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_signs_in_and_sees_its_own_menu(sign_in: SignIn, role: Role) -> None:
    page = sign_in(role)

    expect(page).to_have_url("/overview-overview" if role is Role.MANAGER else "/")
    menu = page.get_by_test_id("stSidebarNav")
    expect(menu.get_by_text("审计日志")).to_have_count(1 if role is Role.ADMINISTRATOR else 0)
    expect(menu.get_by_role("link", name="我的账号")).to_be_visible()
    shot(page, f"start-{role.value.replace('_', '-')}")


def test_a_wrong_password_is_told_and_the_name_is_kept(new_context: NewContext) -> None:
    page = new_context(390).new_page()
    page.goto("/sign-in?next=/account-profile")

    _submit(page, "coordinator", "wrong")

    expect(page.get_by_role("alert")).to_have_text("用户名或密码不正确。")
    expect(page.locator("#username")).to_have_value("coordinator")
    _submit(page, "coordinator", PASSWORD)
    wait_idle(page)
    expect(page).to_have_url("/account-profile")


def test_after_too_many_wrong_passwords_one_waits_until_an_administrator_unlocks(
    new_context: NewContext, sign_in: SignIn
) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    username, first = _new_account(admin, "throttled")
    page = new_context().new_page()
    page.goto("/sign-in")
    for _ in range(5):
        _submit(page, username, "wrong")

    _submit(page, username, first)
    expect(page.get_by_role("alert")).to_contain_text("密码错误次数过多")

    _choose(admin, username)
    admin.get_by_role("button", name="解除锁定").click()
    wait_idle(admin)
    _submit(page, username, first)
    wait_idle(page)
    expect(page.get_by_text("您是首次登录")).to_be_visible()


def test_a_first_password_is_changed_before_anything_else_is_seen(sign_in: SignIn, new_context: NewContext) -> None:
    username, first = _new_account(sign_in(Role.ADMINISTRATOR), "newcomer")
    context = new_context()
    page = sign_in(username, password=first, context=context)
    expect(page.get_by_text("您是首次登录")).to_be_visible()

    open_page(page, "/account-profile")
    expect(page.get_by_text("登录设备")).to_have_count(0)
    open_page(page, "/")
    page.get_by_label("当前密码").fill(first)
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再次输入新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    wait_idle(page)

    expect(page.get_by_test_id("stSidebarNav").get_by_text("总览")).to_be_visible()
    expect(page.get_by_text("您是首次登录")).to_have_count(0)


def test_signing_out_stays_in_the_tab_and_the_way_back_is_closed(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER)

    page.get_by_role("button", name="退出登录").click()

    expect(page).to_have_url(re.compile("/sign-in"))
    assert len(page.context.pages) == 1
    assert "qianqi_session" not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto("/account-profile")
    expect(page).to_have_url("/sign-in?next=/account-profile")


def test_signing_out_everywhere_reaches_another_browser_s_live_tab(sign_in: SignIn) -> None:
    here, there = sign_in("officer"), sign_in("officer")
    open_page(there, "/account-profile")
    open_page(here, "/account-profile")

    here.get_by_role("button", name="退出所有设备").click()
    here.get_by_test_id("stPopoverBody").get_by_role("button").click()
    expect(here).to_have_url(re.compile("/sign-in"))

    # The other tab is alive and shows its page; the next thing done there leads out
    there.get_by_role("button", name="English").first.click()
    expect(there).to_have_url("/sign-in?ended=1&next=%2Faccount-profile")


def test_the_language_is_switched_and_kept(sign_in: SignIn) -> None:
    page = sign_in("manager")
    page.get_by_test_id("stSidebar").get_by_role("button", name="English").click()
    wait_idle(page)
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name="My account")).to_be_visible()

    again = sign_in("manager")
    expect(again.get_by_role("button", name="Sign out")).to_be_visible()
    again.get_by_test_id("stSidebar").get_by_role("button", name="中文").click()
    wait_idle(again)
    expect(again.get_by_role("button", name="退出登录")).to_be_visible()


def test_the_sign_in_page_speaks_english_too(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="English").click()

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_tab_left_by_one_person_shows_nothing_of_it_to_the_next(sign_in: SignIn, new_context: NewContext) -> None:
    # Given a tab of an administrator in a browser that somebody else then signs in with
    context = new_context()
    first = sign_in(Role.ADMINISTRATOR, context=context)
    open_page(first, "/admin-audit")
    _replace_person(context, "worker")

    # When the old tab is used, then it does not act for the administrator
    first.get_by_test_id("stSidebar").get_by_role("button", name="English").click()
    wait_idle(first)
    expect(first.get_by_text("审计日志只能追加")).to_have_count(0)
    expect(first.get_by_test_id("stSidebarNav").get_by_text("审计日志")).to_have_count(0)


def test_no_page_asks_a_foreign_server_or_breaks_the_content_policy(sign_in: SignIn, server: WebServer) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    foreign: list[str] = []
    page.on("request", lambda sent: None if _is_own(sent.url, server) else foreign.append(sent.url))
    page.on("console", lambda told: foreign.append(told.text) if "Content Security Policy" in told.text else None)

    for path in ("/", "/admin-accounts", "/admin-sessions", "/admin-audit", "/account-profile"):
        open_page(page, path)
        page.wait_for_timeout(500)

    assert foreign == []


def _is_own(url: str, server: WebServer) -> bool:
    return url.startswith((server.url, server.url.replace("http", "ws"), "data:", "blob:"))


def _submit(page: Page, username: str, password: str) -> None:
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("button[type=submit]")


def _replace_person(context: BrowserContext, username: str) -> None:
    page = context.new_page()
    page.request.post("/sign-in", form={"username": username, "password": PASSWORD})
    page.close()


def _new_account(admin: Page, username: str) -> tuple[str, str]:
    """Let an administrator make an account; return its user name and first password."""
    open_page(admin, "/admin-accounts")
    admin.get_by_role("button", name="新建账号").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("textbox", name="用户名").fill(username)
    dialog.get_by_role("textbox", name="姓名").fill("新同事")
    dialog.get_by_role("combobox", name="角色").click()
    admin.get_by_role("option", name="领导").click()
    dialog.get_by_role("button", name="新建", exact=True).click()
    code = admin.get_by_role("dialog").get_by_test_id("stCode")
    expect(code).to_contain_text(username)
    first = (code.inner_text().split("密码：")[1]).strip()
    admin.get_by_role("button", name="完成").click()
    wait_idle(admin)
    return username, first


def _choose(admin: Page, username: str) -> None:
    """Find an account by its name and select its row."""
    open_page(admin, "/admin-accounts")
    admin.get_by_label("搜索").first.fill(username)
    admin.get_by_label("搜索").first.press("Enter")
    wait_idle(admin)
    table = admin.get_by_test_id("stDataFrame").bounding_box()
    assert table is not None
    admin.mouse.click(table["x"] + 16, table["y"] + 35 + 16)
    wait_idle(admin)
