"""A worker on the phone registers a need, says it again, and links the two."""

import re

import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import choose, press, shot

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"QY-\d{4}-\d{6}")


def write(page: Page, field: str, text: str) -> None:
    area = page.locator(f'[class*="st-key-rec0g"][class*="_{field}"]').locator("textarea, input").first
    area.fill(text)
    area.blur()
    wait_idle(page)


def describe(page: Page, text: str) -> None:
    press(page, "难点问题")
    write(page, "text", text)
    choose(page, "类别", "要素保障 / 供电")


def test_a_worker_registers_a_need_again_and_links_it(sign_in: SignIn) -> None:
    """Given a need registered on the phone, when it is raised again, then it is offered, linked and both are there."""
    phone = sign_in(Role.GRID_WORKER, width=390)
    open_page(phone, "/issues-register")
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    press(phone, "登记")
    expect(phone.get_by_text("请选择企业。")).to_be_visible()
    expect(phone.get_by_text("请填写企业反映的内容")).to_be_visible()

    phone.get_by_role("combobox", name="企业").click()
    phone.get_by_role("option").first.click()
    wait_idle(phone)
    describe(phone, "窑炉车间三号变压器冬季频繁跳闸，热工班组无法连续生产。")
    press(phone, "紧急")
    expect(phone.get_by_text("标红")).to_have_count(0)
    shot(phone, "worker-register")
    press(phone, "登记")
    first = told_number(phone)

    press(phone, "继续登记该企业的其他问题")
    describe(phone, "三号变压器又跳闸了，窑炉车间没法连续生产")
    expect(phone.get_by_text("可能已登记过")).to_be_visible()
    expect(phone.get_by_role("button", name=first)).to_be_visible()
    expect(phone.get_by_text("同一企业", exact=False).first).to_be_visible()
    phone.get_by_text("可能已登记过").scroll_into_view_if_needed()
    shot(phone, "worker-register-alike")
    press(phone, "同一事项重复反映")
    press(phone, "登记并关联")
    second = told_number(phone)

    assert second != first
    expect(phone.get_by_text(f"已与 {first} 建立关联")).to_be_visible()
    shot(phone, "worker-register-done")

    press(phone, "查看问题")
    phone.wait_for_url("**/issues-issue?issue=*")
    wait_idle(phone)
    expect(phone.get_by_text(second).first).to_be_visible()
    expect(phone.get_by_text("三号变压器又跳闸了").first).to_be_visible()


def test_what_is_typed_outlives_another_page_and_a_lost_connection(sign_in: SignIn) -> None:
    """Given a half-entered need, when another page is opened, or the tab lost, then the words are still there."""
    phone = sign_in(Role.GRID_WORKER, width=390)
    open_page(phone, "/issues-register")
    write(phone, "text", "厂区东侧围墙外积水，货车无法进出。")
    phone.get_by_test_id("stExpandSidebarButton").click()
    phone.get_by_test_id("stSidebarNavLink").filter(has_text="今日走访").click()
    wait_idle(phone)
    phone.go_back()
    wait_idle(phone)
    area = phone.locator('[class*="st-key-rec0g"] textarea').first
    expect(area).to_have_value("厂区东侧围墙外积水，货车无法进出。")

    phone.context.set_offline(True)
    area.press_sequentially("急。")
    context = phone.context
    phone.close()
    context.set_offline(False)
    phone = context.new_page()
    open_page(phone, "/issues-register")
    expect(phone.locator('[class*="st-key-rec0g"] textarea').first).to_have_value(re.compile("急。"))


def told_number(page: Page) -> str:
    """Return the number the page tells after registering."""
    message = page.get_by_text(re.compile("已登记：QY"))
    expect(message).to_be_visible()
    found = NUMBER.search(message.inner_text())
    assert found
    return found[0]
