"""A manager answers from the first page, in at most two presses each; what changes meanwhile appears by itself."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import PHONE_WIDTH, SignIn, wait_idle
from tests.browser.hands import press_for, shot

pytestmark = pytest.mark.browser
_TOP = "document.querySelector('[data-testid=stMain]').scrollTop"


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def button(page: Page, key: str) -> Locator:
    return page.locator(f"[class*=st-key-{key}] button")


def number(found: Locator) -> int:
    """Return the number a figure shows."""
    told = re.search(r"\d+", found.inner_text())
    assert told
    return int(told[0])


def press(page: Page, found: Locator) -> None:
    found.click()
    wait_idle(page)


def test_how_far_the_campaign_is_stands_on_the_first_page(sign_in: SignIn) -> None:
    """Given a manager, then the first page says it in words; a press on a figure shows the enterprises it counts."""
    page = sign_in(Role.MANAGER)

    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    expect(main(page).get_by_text(re.compile("已走访 \\d+ 家，共 320 家"))).to_be_visible()
    expect(main(page).get_by_text(re.compile("(超前|落后)计划 \\d+ 家|与计划持平")).first).to_be_visible()
    expect(page.locator(".st-key-chart_advance svg.marks")).to_be_visible()
    shot(page, "start-manager")

    count = number(button(page, "tile_standing_4"))
    press(page, button(page, "tile_standing_4"))
    expect(main(page).get_by_text(f"{count} 家企业")).to_be_visible()


def test_which_team_is_behind_and_why_is_a_press_away(sign_in: SignIn) -> None:
    """Given the teams behind, when a reason is pressed, then the team's enterprises stand there."""
    page = sign_in(Role.MANAGER)
    expect(page.get_by_role("heading", name="进度落后的队伍")).to_be_visible()
    reason = page.locator("[class*=st-key-team_][class*=_unassigned] button").first

    count = number(reason)
    press(page, reason)

    expect(main(page).get_by_text(f"{count} 家企业")).to_be_visible()
    expect(main(page).locator("td", has_text="从未分派").first).to_be_attached()


def test_what_is_overdue_and_with_whom_is_a_press_away(sign_in: SignIn) -> None:
    """Given the overdue issues by department, when one is pressed, then the ledger shows as many."""
    page = sign_in(Role.MANAGER)
    found = button(page, "late_1")

    count = int(found.inner_text().split()[-1])
    press(page, found)

    expect(page.get_by_role("heading", name="问题台账")).to_be_visible()
    expect(main(page).get_by_text(re.compile(f"(^|，)共 {count} 件")).first).to_be_visible()


def test_what_became_of_last_month_s_needs_is_a_press_away(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER)
    found = button(page, "last_solved")

    count = int(found.inner_text().split()[-1])
    press(page, found)

    expect(page.get_by_role("heading", name="问题台账")).to_be_visible()
    expect(main(page).get_by_text(re.compile(f"(^|，)共 {count} 件")).first).to_be_visible()


def test_a_mark_of_a_chart_opens_its_rows(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER)

    page.locator(".st-key-chart_states svg.marks .mark-rect path").first.click()

    expect(page.get_by_role("heading", name="问题台账")).to_be_visible()


def test_a_change_made_elsewhere_appears_by_itself(sign_in: SignIn) -> None:
    """Given an open overview, when a lead accepts an issue, then its figure changes within 40 s and nothing moves."""
    page = sign_in(Role.MANAGER)
    press(page, button(page, "ages_menu"))
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.evaluate(f"{_TOP} = 400")
    before = page.evaluate(_TOP)
    accepted = button(page, "late_all").inner_text()

    lead = sign_in(Role.TEAM_LEAD)
    press_for(lead, "受理", lead.get_by_test_id("stPopoverBody"))
    press(lead, lead.get_by_test_id("stPopoverBody").get_by_role("button", name="受理"))

    expect(button(page, "late_all")).not_to_have_text(accepted, timeout=45_000)
    assert page.evaluate(_TOP) == before
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def test_it_fits_a_phone(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER, width=PHONE_WIDTH)

    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    expect(main(page).get_by_text(re.compile("已走访 \\d+ 家，共 320 家"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    shot(page, "manager-overview-phone")
