"""Each role reaches its next action with an issue within two presses of signing in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from services.demo import PASSWORD
from tests.browser.conftest import PHONE_WIDTH, SignIn, wait_idle

pytestmark = pytest.mark.browser
WORKING = (Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER, Role.DEPARTMENT_OFFICER)
MOST = 2


class Presses:
    """Counts what a person presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, what: Locator) -> None:
        """Press a button and wait for what it brings."""
        what.click()
        self.count += 1
        wait_idle(self.page)


@contextmanager
def within_two_presses(page: Page) -> Iterator[Presses]:
    """Hold a person to two presses."""
    presses = Presses(page)
    yield presses
    assert presses.count <= MOST, f"{presses.count} presses"


def action(page: Page) -> Locator:
    """Return what takes a step: a confirmation that stands open, or the next steps of an issue's page."""
    confirmed = page.get_by_test_id("stPopoverBody").locator("[class*=_yes] button")
    return confirmed.or_(page.get_by_test_id("stMain").get_by_text("下一步", exact=True))


@pytest.mark.parametrize("width", [1440, PHONE_WIDTH])
@pytest.mark.parametrize("role", WORKING)
def test_the_most_pressing_issue_stands_on_the_start_page_with_its_action(
    sign_in: SignIn, role: Role, width: int
) -> None:
    """Given whoever works on issues, when they sign in, then one press brings the next action before them."""
    page = sign_in(role, width=width)

    with within_two_presses(page) as presses:
        presses.press(page.locator("[class*=st-key-do_] button").first)
        expect(action(page).first).to_be_visible()


@pytest.mark.parametrize("role", WORKING)
def test_each_number_of_the_start_page_leads_to_issues_with_their_action(sign_in: SignIn, role: Role) -> None:
    """Given the tiles of the start page, when one is pressed, then its issues stand there, each with its button."""
    page = sign_in(role)

    with within_two_presses(page) as presses:
        presses.press(page.locator("[class*=st-key-tile_issues_] button").first)
        expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
        presses.press(page.locator("[class*=st-key-do_] button").first)
        expect(action(page).first).to_be_visible()


def test_a_manager_reaches_what_needs_a_decision(sign_in: SignIn) -> None:
    """Given a manager, when they press the first issue that needs a decision, then they see where it stands."""
    page = sign_in(Role.MANAGER)

    with within_two_presses(page) as presses:
        presses.press(page.locator("[class*=st-key-decide_] button").last)
        expect(page.get_by_test_id("stMain").get_by_text("下一步", exact=True)).to_be_visible()


def test_an_administrator_reaches_the_accounts(sign_in: SignIn) -> None:
    """Given an administrator, who has nothing to do with issues, when they sign in, then their work is a press away."""
    page = sign_in(Role.ADMINISTRATOR)
    expect(page.locator("[class*=st-key-tile_issues_]")).to_have_count(0)

    with within_two_presses(page) as presses:
        presses.press(page.get_by_test_id("stMain").get_by_role("button", name="账号"))
        expect(page.get_by_role("heading", name="账号")).to_be_visible()


def test_what_is_typed_for_a_step_outlives_a_reload_and_the_end_of_the_session(sign_in: SignIn) -> None:
    """Given a result half typed, when the page is loaded anew or the session ends, then it is there, until sent."""
    page = sign_in(Role.DEPARTMENT_OFFICER)
    page.goto("/issues-todo?group=handle")
    wait_idle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="办结").first.click()
    wait_idle(page)
    result = page.locator('[class*="st-key-step_"][class*="_solution"] textarea')
    opener = page.locator(".st-key-do_resolve button")
    result.fill("已更换变压器")
    page.reload()
    wait_idle(page)
    _open_again(page, opener)
    expect(result).to_have_value("已更换变压器")

    result.press_sequentially("，企业已恢复生产。")
    cookies = page.context.cookies()
    page.request.post("/sign-out")
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.locator(".st-key-submit_resolve button").click()
    expect(page.get_by_text("登录已过期或已在别处结束")).to_be_visible()
    page.fill("#username", "officer")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="登录").click()
    wait_idle(page)
    _open_again(page, opener)
    expect(result).to_have_value("已更换变压器，企业已恢复生产。")

    page.locator(".st-key-submit_resolve button").click()
    expect(result).to_have_count(0)
    expect(page.get_by_text("已更换变压器，企业已恢复生产。").first).to_be_visible()
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.includes('.step-'))")


def _open_again(page: Page, opener: Locator) -> None:
    """Open a step whose text was kept, and wait until the field that holds it has taken the empty one's place."""
    opener.click()
    expect(page.get_by_text("您之前填写的内容已恢复")).to_be_visible()
    wait_idle(page)
