"""“蔬送万家” (S17): a campaign of another kind, set up and run through the pages with no code.

28 property companies pledged 60,000 heads of cabbage and delivered them to communities; here the coordinator makes
the campaign, builds its form, a lead assigns a company, a worker records a delivery, and the sums appear.
"""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from models.account import Role
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.browser.hands import choose, enter, press, shot, tick

pytestmark = pytest.mark.browser
CAMPAIGN = "蔬送万家"


def pick(place: Page | Locator, page: Page, name: str) -> None:
    """Press one of the pills."""
    place.get_by_role("radio", name=name, exact=True).or_(
        place.get_by_role("button", name=name, exact=True)
    ).first.click()
    wait_idle(page)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    wait_idle(page)


def add_question(page: Page, kind: str, label: str, *, required: bool = False, shown_if: str = "") -> None:
    """Add a question below the open one and fill it in."""
    press(page, re.compile("添加题目"))
    page.locator(f".st-key-add_{kind} button").click()
    wait_idle(page)
    card = page.locator('[class*="st-key-open_question_"]')
    expect(card.get_by_label("题目", exact=True)).to_have_value("")
    enter(page, "题目", label)
    if required:
        card.get_by_text("必填", exact=True).click()
        wait_idle(page)
    if shown_if:
        choose(page, "显示条件", shown_if)
        expect(card.get_by_role("button", name="是", exact=True)).to_be_visible()


def make_campaign(page: Page) -> None:
    open_page(page, "/campaigns-list")
    shot(page, "coordinator-campaigns")
    press(page, re.compile("新建活动"))
    enter(page, "活动名称", CAMPAIGN)
    enter(page, "目标", "28")
    enter(page, "活动目的", "28家物业企业认捐6万颗白菜，送到各社区居民家中。")
    shot(page, "coordinator-new-campaign")
    press(page, re.compile("创建草稿"))
    expect(page.get_by_role("heading", name=CAMPAIGN)).to_be_visible()


def choose_targets(page: Page) -> None:
    page.get_by_text("按条件添加", exact=True).click()
    wait_idle(page)
    choose(page, "所属行业|行业", "房地产与物业", many=True)
    expect(page.get_by_text(re.compile("符合条件"))).to_be_visible()
    shot(page, "coordinator-targets")
    press(page, re.compile(r"添加 \d+ 家企业"))
    expect(page.get_by_text(re.compile(r"已添加 \d+ 家企业"))).to_be_visible()


def build_form(page: Page) -> None:
    tab(page, "走访表单")
    press(page, re.compile("设计表单"))
    expect(page.get_by_role("heading", name="走访表单")).to_be_visible()
    add_question(page, "integer", "认捐颗数", required=True)
    add_question(page, "boolean", "是否已送达")
    add_question(page, "integer", "送达颗数", required=True, shown_if="是否已送达")
    add_question(page, "date", "送达日期", shown_if="是否已送达")
    add_question(page, "text", "送达社区", shown_if="是否已送达")
    add_question(page, "attachment", "现场照片", shown_if="是否已送达")
    add_question(page, "long_text", "感谢语")
    shot(page, "coordinator-form-builder")


def try_form(page: Page) -> None:
    """The preview behaves as the recording page: what is required is asked for, what is conditional appears."""
    preview = page.locator(".st-key-builder_preview")
    expect(preview.get_by_text("送达颗数")).to_have_count(0)
    press(page, re.compile("试填提交"))
    expect(preview.get_by_text("认捐颗数：必须填写")).to_be_visible()
    pick(preview, page, "是")
    expect(preview.get_by_text("送达颗数")).to_be_visible()
    for label, heads in (("认捐颗数", "2000"), ("送达颗数", "1500")):
        field = preview.get_by_label(re.compile(label))
        field.fill(heads)
        field.blur()
        wait_idle(page)
    press(page, re.compile("试填提交"))
    expect(preview.get_by_text(re.compile("填写符合要求"))).to_be_visible()
    press(page, re.compile("保存表单"))
    expect(page.get_by_text("第 1 版已生效").first).to_be_visible()


def start(page: Page) -> None:
    page.get_by_role("link", name=CAMPAIGN).click()
    wait_idle(page)
    press(page, re.compile("启动活动"))
    page.locator(".st-key-step_start_yes button").click()
    wait_idle(page)
    expect(page.get_by_text("进行中", exact=True)).to_be_visible()


def assign(page: Page) -> str:
    """Give a property company of the lead's area to a worker and return its name."""
    open_page(page, "/assignment-assign")
    choose(page, "活动", CAMPAIGN)
    expect(page.get_by_text("家待分派")).to_be_visible()
    tables = page.get_by_test_id("stDataFrame")
    company = tick(tables.nth(0), re.compile("公司|厂"))
    tick(tables.nth(1), "李娜")
    press(page, re.compile("^分派"))
    expect(page.get_by_text(re.compile("已分派|没有待分派的企业")).first).to_be_visible()
    return company


def record(page: Page, company: str, photo: Path) -> None:
    """Record what the company delivered, on a telephone."""
    open_page(page, "/visits-today")
    for coming in page.locator("[data-testid=stExpander] summary").all():  # it is planned for the next working day
        coming.click()
    card = page.get_by_test_id("stLayoutWrapper").filter(has_text=company).filter(has=page.locator("button")).last
    expect(card).to_be_visible()
    wait_idle(page)
    card.locator('[class*="st-key-record_"] button').click()
    page.wait_for_url("**/visits-record?visit=*")
    wait_idle(page)
    expect(page.get_by_role("heading", name=company)).to_be_visible()
    pick(page, page, "上门")
    pick(page, page, "见到企业")
    enter(page, "其他受访人", "王经理")
    enter(page, "认捐颗数", "2000")
    pick(page, page, "是")
    enter(page, "送达颗数", "1500")
    enter(page, "送达社区", "华侨城社区")
    enter(page, "感谢语", "居民收到了新鲜白菜")
    page.locator('input[type="file"]').first.set_input_files(photo)
    expect(page.get_by_role("img", name=photo.name)).to_be_visible()
    wait_idle(page)
    shot(page, "worker-vegetables")
    press(page, re.compile("提交"))
    expect(page.get_by_text("已提交").first).to_be_visible(timeout=20_000)


def see_results(page: Page) -> None:
    page.reload()
    wait_idle(page)
    tab(page, "结果汇总")
    for figure in ("2,000", "1,500"):
        expect(page.get_by_text(figure, exact=True).first).to_be_visible()
    expect(page.get_by_text("居民收到了新鲜白菜")).to_be_visible()
    shot(page, "coordinator-results")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("导出全部答卷")).click()
    sheet = load_workbook(BytesIO(waiting.value.path().read_bytes())).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    (row,) = rows
    answers = dict(zip(header, row, strict=True))
    assert (answers["认捐颗数"], answers["送达颗数"], answers["送达社区"]) == (2000, 1500, "华侨城社区")
    assert answers["现场照片"] == "cabbages.jpg"


def test_a_campaign_of_another_kind_needs_no_code(sign_in: SignIn, tmp_path: Path) -> None:
    photo = tmp_path / "cabbages.jpg"
    Image.new("RGB", (800, 600), "#7fb069").save(photo, "JPEG")
    desk = sign_in(Role.COORDINATOR)
    make_campaign(desk)
    choose_targets(desk)
    build_form(desk)
    try_form(desk)
    start(desk)

    company = assign(sign_in(Role.TEAM_LEAD))
    record(sign_in(Role.GRID_WORKER, width=390), company, photo)

    see_results(desk)
