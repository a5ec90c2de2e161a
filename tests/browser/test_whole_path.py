"""The whole path, each role in its own browser: from a messy Excel file to a visit that managers see.

The coordinator imports enterprises and sets up a campaign, the lead assigns, the worker records on a telephone, the
lead returns, the worker completes; then coordinator, administrator and manager look at what became of it.
"""

import io
import re
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core import clock
from models.account import Role
from models.uscc import check_character
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import choose, enter, press, press_for, set_day, shot, tick

pytestmark = pytest.mark.browser
PATIENCE = 60_000
CAMPAIGN = "新入驻企业走访"
FIRST, SECOND, THIRD = "淄博启明星传感科技有限公司", "山东启明星陶瓷有限公司", "淄博启明星物流有限公司"
BROKEN = "淄博启明星食品有限公司"
GRID = "370303008016001"
"""The first grid of 华侨城社区: the worker's own, in the lead's area."""
NEED, PROMISE, MISSING = "厂区门口夜间没有路灯，员工下班不安全", "联系路灯管理所并电话答复", "请补充企业联系电话"


def code(number: int) -> str:
    body = f"91370303MC{number:07d}"
    return body + check_character(body)


def mistyped(right: str) -> str:
    return right[:-1] + ("1" if right[-1] == "0" else "0")


def full_width(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in text)


def messy_list() -> bytes:
    """Make a list as offices send it: a merged title above the header, full-width digits, one code that cannot be."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("名单")
        sheet.merge_range("A1:F1", "高新区新入驻企业名单（11 月）")
        sheet.write_row("A2", ["企业名称", "统一社会信用代码", "所属网格", "地址", "联系人", "联系电话"])
        sheet.write_row("A3", [FIRST, code(1), GRID, "柳泉路 101 号", "赵倩", full_width("13805330101")])
        sheet.write_row(
            "A4", [f"  {SECOND}", full_width(code(2)), full_width(GRID), "柳泉路 102 号", "钱磊", "13805330102 "]
        )
        sheet.write_row("A5", [THIRD, code(3), GRID, "柳泉路 103 号", "孙悦", "13805330103"])
        sheet.write_row("A6", [BROKEN, mistyped(code(4)), GRID, "柳泉路 104 号", "李阳", "13805330104"])
    return made.getvalue()


def import_the_list(desk: Page) -> None:
    open_page(desk, "/imports-start")
    shot(desk, "coordinator-import")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    desk.set_input_files("input[type=file]", {"name": "新入驻企业.xlsx", "mimeType": kind, "buffer": messy_list()})
    desk.wait_for_url("**/imports-run?run=*", timeout=PATIENCE)
    wait_idle(desk)
    shot(desk, "coordinator-import-columns")
    press(desk, "检查文件")
    good_rows = desk.get_by_role("button", name="只导入无误的 3 行")
    expect(good_rows).to_be_visible(timeout=PATIENCE)
    wait_idle(desk)
    reason = desk.locator("[data-testid=stDataFrame] td", has_text="校验码不符").first
    reason.wait_for(state="attached")
    shot(desk, "coordinator-import-check")
    good_rows.click()
    expect(desk.get_by_text("导入完成：新增 3 条")).to_be_visible(timeout=PATIENCE)


def find_by_a_part_of_the_name(desk: Page, part: str, name: str) -> None:
    open_page(desk, "/enterprises-list")
    enter(desk, "搜索", part)
    desk.locator("[data-testid=stDataFrame] td", has_text=name).first.wait_for(state="attached")
    shot(desk, "coordinator-enterprises")


def set_up_the_campaign(desk: Page) -> None:
    open_page(desk, "/campaigns-list")
    press(desk, "新建活动")
    enter(desk, "活动名称", CAMPAIGN)
    enter(desk, "目标", "3")
    press(desk, "创建草稿")
    expect(desk.get_by_role("heading", name=CAMPAIGN)).to_be_visible()
    desk.get_by_text("按条件添加", exact=True).click()
    wait_idle(desk)
    enter(desk, "名称、信用代码或地址包含", "启明星")
    press(desk, re.compile(r"添加 3 家企业"))


def build_the_form(desk: Page) -> None:
    desk.get_by_role("tab", name="走访表单").click()
    wait_idle(desk)
    press(desk, "设计表单")
    for kind, label in (("text", "主要产品"), ("rating", "对营商环境的评价"), ("long_text", "希望政府提供的帮助")):
        press(desk, "添加题目")
        desk.locator(f".st-key-add_{kind} button").click()
        wait_idle(desk)
        card = desk.locator('[class*="st-key-open_question_"]')
        expect(card.get_by_label("题目", exact=True)).to_have_value("")
        enter(card, "题目", label)
    press(desk, "保存表单")
    expect(desk.get_by_text("第 1 版已生效").first).to_be_visible()


def start_the_campaign(desk: Page) -> None:
    desk.get_by_role("link", name=CAMPAIGN).click()
    wait_idle(desk)
    press(desk, "启动活动")
    desk.locator(".st-key-step_start_yes button").click()
    wait_idle(desk)
    expect(desk.get_by_text("进行中", exact=True)).to_be_visible()


def assign_all(desk: Page) -> None:
    """Give the first enterprise to the worker for today, and the others by a suggested plan."""
    open_page(desk, "/assignment-assign")
    choose(desk, "活动", CAMPAIGN)
    expect(desk.get_by_text("3 家待分派")).to_be_visible()
    today = clock.today()
    set_day(desk, "走访日期", today.year, today.month, today.day)
    tables = desk.get_by_test_id("stDataFrame")
    tick(tables.nth(0), FIRST)
    tick(tables.nth(1), "李娜")
    press(desk, re.compile("分派 1 家给"))
    expect(desk.get_by_text("2 家待分派")).to_be_visible()
    press(desk, re.compile("生成建议方案"))
    expect(desk.get_by_text("优先本人网格")).to_be_visible()
    press(desk, re.compile("确认分派 2 家"))
    expect(desk.get_by_text("没有待分派的企业")).to_be_visible()


def field(phone: Page, name: str) -> Locator:
    """Return the input of the record's field, whatever generation it is of."""
    return phone.locator(f'[class*="st-key-rec"][class*="_{name}"]').locator("input, textarea").first


def write(phone: Page, name: str, text: str) -> None:
    field(phone, name).fill(text)
    field(phone, name).blur()
    wait_idle(phone)


def record_on_the_phone(phone: Page, picture: Path) -> str:
    """Record the visit with a difficult issue, a promise and a photo; return the address of the record."""
    open_page(phone, "/visits-today")
    start = phone.locator('[class*="st-key-record_"] button')
    phone.get_by_test_id("stLayoutWrapper").filter(has_text=FIRST).filter(has=start).last.locator(start).click()
    phone.wait_for_url("**/visits-record?visit=*")
    wait_idle(phone)
    expect(phone.get_by_role("heading", name=FIRST)).to_be_visible()
    press(phone, "上门")
    press(phone, "见到企业")
    press(phone, re.compile("赵倩"))
    enter(phone, "主要产品", "压力传感器")
    difficult = phone.get_by_role("radio", name="难点问题", exact=True)
    press_for(phone, "添加诉求", difficult.or_(phone.get_by_role("button", name="难点问题", exact=True)))
    press(phone, "难点问题")
    write(phone, "issue_1_text", NEED)
    press_for(phone, "添加承诺", field(phone, "promise_1_text"))
    write(phone, "promise_1_text", PROMISE)
    press(phone, "明天")
    phone.locator('[class*="files_"][class*="_photos_"] input[type=file]').set_input_files(picture)
    expect(phone.get_by_role("img", name=picture.name)).to_be_visible()
    wait_idle(phone)
    address = phone.url
    press(phone, "提交")
    expect(phone.get_by_text("已提交").first).to_be_visible()
    return address


def return_it(desk: Page) -> None:
    open_page(desk, "/visits-review")
    enter(desk, "企业或走访人", "启明星传感")
    expect(desk.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(desk.get_by_text(NEED)).to_be_visible()
    press(desk, "退回补充")
    enter(desk, "缺少什么", MISSING)
    shot(desk, "lead-return")
    press(desk, "退回")
    expect(desk.get_by_text(f"退回补充：{MISSING}")).to_be_visible()


def complete_it(phone: Page, address: str) -> None:
    open_page(phone, "/visits-today")
    expect(phone.locator(".st-key-thumb").get_by_text(MISSING)).to_be_visible()
    open_page(phone, address)
    write(phone, "summary", "企业联系电话 0533-3580001。")
    press(phone, "提交")
    expect(phone.get_by_text("已提交").first).to_be_visible()


def see_progress(page: Page) -> None:
    open_page(page, "/campaigns-list")
    card = page.get_by_test_id("stLayoutWrapper").filter(has_text=CAMPAIGN).filter(has=page.locator("button")).last
    card.get_by_role("button", name=re.compile("查看")).click()
    wait_idle(page)
    expect(page.get_by_role("heading", name=CAMPAIGN)).to_be_visible()
    visited = page.get_by_test_id("stMetric").filter(has_text="已走访")
    expect(visited.get_by_text("1", exact=True)).to_be_visible()


def see_the_time_line(desk: Page) -> None:
    open_page(desk, "/enterprises-list")
    enter(desk, "搜索", "启明星传感")
    tick(desk.get_by_test_id("stDataFrame").first, FIRST, row_height=38)
    expect(desk.get_by_role("heading", name=FIRST)).to_be_visible()
    for told in (NEED, PROMISE, "企业联系电话 0533-3580001。"):
        expect(desk.get_by_text(told).first).to_be_visible()
    shot(desk, "coordinator-profile")


def see_the_trail(desk: Page) -> None:
    open_page(desk, "/admin-audit")
    enter(desk, "人员", "李娜")
    expect(desk.get_by_text(re.compile("启明星传感")).first).to_be_visible()
    shot(desk, "administrator-audit")


def change_nothing(page: Page) -> None:
    """A manager's pages offer no way to change anything, and those that would are not theirs."""
    expect(page.locator('[class*="st-key-step_"]')).to_have_count(0)
    expect(page.get_by_role("tab", name="设置")).to_have_count(0)
    shot(page, "manager-campaign")
    menu = page.get_by_test_id("stSidebarNav")
    for title in ("导入", "走访分派", "走访审核", "今日走访", "审计日志"):
        expect(menu.get_by_text(title, exact=True)).to_have_count(0)
    for path in ("/imports-start", "/campaigns-new", "/assignment-assign", "/enterprises-edit"):
        page.goto(path)
        wait_idle(page)
        expect(page.get_by_text("没有这个页面，或您的角色无权打开")).to_be_visible()


@pytest.mark.usefixtures("background")
def test_from_an_excel_file_to_a_visit_that_managers_see(sign_in: SignIn, tmp_path: Path) -> None:
    picture = tmp_path / "lamp.jpg"
    Image.new("RGB", (1200, 900), "#7a9cc6").save(picture, "JPEG")

    coordinator = sign_in(Role.COORDINATOR)
    import_the_list(coordinator)
    find_by_a_part_of_the_name(coordinator, "启明星陶", SECOND)
    set_up_the_campaign(coordinator)
    build_the_form(coordinator)
    start_the_campaign(coordinator)

    lead = sign_in(Role.TEAM_LEAD)
    assign_all(lead)
    phone = sign_in(Role.GRID_WORKER, width=390)
    address = record_on_the_phone(phone, picture)
    return_it(lead)
    complete_it(phone, address)

    see_progress(coordinator)
    see_the_time_line(coordinator)
    see_the_trail(sign_in(Role.ADMINISTRATOR))
    manager = sign_in(Role.MANAGER)
    see_progress(manager)
    change_nothing(manager)
