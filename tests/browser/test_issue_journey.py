"""One need from the visit to its verified closure, by everybody who has a part in it, each in their own browser.

The worker hears it, the lead accepts it, the coordinator dispatches it to a department that returns it, the second
department asks for more time and resolves it, the enterprise is not satisfied, it is redone and closed; the manager
looks on.
"""

import re

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from models.account import Role
from models.lifecycle import Verb
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import choose, press, shot

pytestmark = pytest.mark.browser
PATIENCE = 30_000
NEED = "厂区门前道路破损积水，货车进出困难，希望尽快修复"
WRONG, RIGHT = "行政审批服务局", "公用事业服务中心"
NOT_CONTENT = "路面修好了，但排水口仍然堵塞"
V = Verb


def record_the_visit(phone: Page) -> str:
    """Record a visit with one difficult issue on the telephone, follow its number, and return the issue's address."""
    open_page(phone, "/visits-today")
    phone.locator('[class*="st-key-record_"] button').nth(4).click()
    phone.wait_for_url("**/visits-record?visit=*")
    wait_idle(phone)
    for answer in ("见到企业", "上门"):
        press(phone, answer)
    write(phone, "met_person", "厂长老周")
    for answer in ("上次没有反映问题", "平稳"):
        press(phone, answer)
    press(phone, "添加诉求")
    press(phone, "难点问题")
    write(phone, "issue_1_text", NEED)
    press(phone, "提交")
    expect(phone.get_by_text("已提交").first).to_be_visible()
    press(phone, re.compile(r"QY-\d{4}-\d{6}"))
    phone.wait_for_url("**/issues-issue?issue=*")
    wait_idle(phone)
    stands(phone, "已登记")
    expect(phone.get_by_text(NEED)).to_be_visible()
    shot(phone, "worker-issue")
    return phone.url


def write(page: Page, name: str, text: str) -> None:
    """Fill the input of the visit's record, whatever generation it is of."""
    field = page.locator(f'[class*="st-key-rec"][class*="_{name}"]').locator("input, textarea").first
    field.fill(text)
    field.blur()
    wait_idle(page)


def stands(page: Page, state: str) -> None:
    """Expect the issue to be in a state."""
    expect(page.locator(".st-key-issue_head").get_by_text(state, exact=True).first).to_be_visible(timeout=PATIENCE)


def at(page: Page, address: str, state: str) -> Page:
    """Open the issue and expect it in a state."""
    open_page(page, address)
    stands(page, state)
    return page


def button(page: Page, kind: str, verb: Verb) -> Locator:
    return page.locator(f".st-key-{kind}_{verb.value} button")


def begin(page: Page, verb: Verb) -> None:
    """Open the form of one of the next steps; a press that a busy machine missed is made again."""
    click_for(button(page, "do", verb), button(page, "submit", verb))


def at_once(page: Page, verb: Verb, state: str) -> None:
    """Take a step that one press takes."""
    click_for(button(page, "do", verb), page.locator(".st-key-issue_head").get_by_text(state, exact=True))
    stands(page, state)


def click_for(target: Locator, wanted: Locator) -> None:
    for _attempt in range(3):
        target.click()
        wait_idle(target.page)
        try:
            wanted.first.wait_for(timeout=8_000)
        except Error:
            continue
        return
    expect(wanted.first).to_be_visible()


def fill(page: Page, verb: Verb, name: str, text: str) -> None:
    """Write into a field of the open form."""
    page.locator(f'[class*="st-key-step_"][class*="_{verb.value}_"][class*="_{name}"]').locator(
        "textarea, input"
    ).first.fill(text)


def send(page: Page, verb: Verb, state: str) -> None:
    """Send the open form, again if a busy machine missed the press; expect the issue's new state."""
    submit = button(page, "submit", verb)
    for _attempt in range(3):
        submit.click()
        wait_idle(page)
        try:
            submit.wait_for(state="hidden", timeout=8_000)
        except Error:
            continue
        break
    stands(page, state)


def take(page: Page, verb: Verb, state: str, **texts: str) -> None:
    """Take a step whose form asks for texts."""
    begin(page, verb)
    for name, text in texts.items():
        fill(page, verb, name, text)
    send(page, verb, state)


def answer_pill(page: Page, name: str, answer: str) -> None:
    """Choose one of the pills of a question of the open form."""
    group = page.locator(f'[class*="st-key-step_"][class*="_{name}"]')
    pill = group.get_by_role("radio", name=answer, exact=True).or_(
        group.get_by_role("button", name=answer, exact=True)
    )  # fmt: skip
    pill.first.click()
    wait_idle(page)


def dispatch(desk: Page, verb: Verb, department: str, instruction: str) -> None:
    begin(desk, verb)
    choose(desk, "主办部门", department)
    fill(desk, verb, "instruction", instruction)
    shot(desk, f"coordinator-{verb.value}")
    send(desk, verb, "已交办")


def accept_from_the_todo(desk: Page) -> None:
    """The lead finds the need in the to-do and accepts it on its page."""
    open_page(desk, "/issues-todo")
    expect(desk.get_by_text(NEED).first).to_be_visible()


def ask_for_more_time(desk: Page) -> None:
    begin(desk, V.REQUEST_EXTENSION)
    fill(desk, V.REQUEST_EXTENSION, "reason", "需待道路养护单位排期")
    expect(desk.get_by_text("若今日批准")).to_be_visible()
    shot(desk, "officer-extension")
    send(desk, V.REQUEST_EXTENSION, "申请延期")


def call_back(phone: Page, address: str, *, satisfied: bool) -> None:
    """Ask the enterprise both questions and record its answers."""
    at(phone, address, "回访中")
    begin(phone, V.CALL_BACK)
    answer_pill(phone, "reached", "是")
    answer_pill(phone, "solved", "是")
    answer_pill(phone, "satisfied", "是" if satisfied else "否")
    if not satisfied:
        fill(phone, V.CALL_BACK, "note", NOT_CONTENT)
        shot(phone, "worker-call-back")
    send(phone, V.CALL_BACK, "回访中" if satisfied else "已交办")


def work(officer: Page, coordinator: Page, address: str, solution: str) -> None:
    """Resolve the issue, review it, tell the enterprise and ask for the call-back."""
    take(at(officer, address, "办理中"), V.RESOLVE, "已办结", solution=solution)
    take(at(coordinator, address, "已办结"), V.PASS_REVIEW, "已办结")
    take(at(officer, address, "已办结"), V.ANSWER, "已反馈", answer=f"已告知企业：{solution}")
    take(at(coordinator, address, "已反馈"), V.START_CALL_BACK, "回访中")


def look_on(page: Page, address: str) -> None:
    """The manager sees the whole story and has nothing to press but the ways to other pages."""
    at(page, address, "已销号")
    shot(page, "manager-issue")
    click_for(page.locator(".st-key-issue_all button"), page.get_by_text(f"交办至 {WRONG}"))
    for told in ("第 2 轮", f"改派至 {RIGHT}", "退回", "同意延期 5 个工作日", NOT_CONTENT):
        expect(page.get_by_text(told).first).to_be_visible()
    expect(page.locator('[class*="st-key-do_"], [class*="st-key-submit_"]')).to_have_count(0)


def test_a_need_from_the_visit_to_its_closure_in_the_second_round(sign_in: SignIn) -> None:
    phone = sign_in(Role.GRID_WORKER, width=390)
    address = record_the_visit(phone)

    lead = sign_in(Role.TEAM_LEAD)
    accept_from_the_todo(lead)
    at(lead, address, "已登记")
    shot(lead, "lead-issue")
    at_once(lead, V.ACCEPT, "已受理")

    coordinator = sign_in(Role.COORDINATOR)
    dispatch(at(coordinator, address, "已受理"), V.DISPATCH, WRONG, "请牵头办理")

    other = sign_in("bm01")
    at(other, address, "已交办")
    begin(other, V.RETURN)
    fill(other, V.RETURN, "reason", "道路养护不属于我局职责")
    button(other, "submit", V.RETURN).click()
    wait_idle(other)
    expect(other.get_by_text("可能已转由他人办理")).to_be_visible()

    at(coordinator, address, "已退回")
    expect(coordinator.get_by_text("道路养护不属于我局职责").first).to_be_visible()
    dispatch(coordinator, V.REDISPATCH, RIGHT, "道路养护由你单位负责")

    officer = sign_in(Role.DEPARTMENT_OFFICER)
    at_once(at(officer, address, "已交办"), V.ACKNOWLEDGE, "办理中")
    ask_for_more_time(officer)
    take(at(coordinator, address, "申请延期"), V.APPROVE_EXTENSION, "办理中")
    work(officer, coordinator, address, "已修复路面")
    call_back(phone, address, satisfied=False)

    at(officer, address, "已交办")
    expect(officer.get_by_text(NOT_CONTENT).first).to_be_visible()
    shot(officer, "officer-redo")
    at_once(officer, V.ACKNOWLEDGE, "办理中")
    work(officer, coordinator, address, "已疏通排水口")
    call_back(phone, address, satisfied=True)
    take(at(coordinator, address, "回访中"), V.CLOSE, "已销号")
    shot(coordinator, "coordinator-issue")

    look_on(sign_in(Role.MANAGER), address)
