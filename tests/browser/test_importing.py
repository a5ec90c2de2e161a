"""A coordinator brings in a messy list: matches, looks, corrects what came back, imports, and imports it again."""

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from models.account import Role
from models.uscc import check_character
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.services.imports import TITLES, xlsx

pytestmark = pytest.mark.browser
PATIENCE = 60_000
LOST = 9.13703031234568e17


def _code(number: int) -> str:
    body = f"91370303MB{number:07d}"
    return body + check_character(body)


def _upload(page: Page, name: str, content: bytes) -> None:
    open_page(page, "/imports-start")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": content})
    page.wait_for_url("**/imports-run?run=*", timeout=PATIENCE)
    wait_idle(page)
    page.get_by_role("button", name="检查文件").click()


@pytest.mark.usefixtures("background")
def test_a_messy_file_is_corrected_and_imported_and_the_same_file_changes_nothing(sign_in: SignIn) -> None:
    page = sign_in(Role.COORDINATOR)
    grid = "370303008002001"
    good = ["淄博晨曦一号机械有限公司", _code(1), grid, "柳泉路1号", "李四", "13800138001"]
    bad = ["淄博晨曦二号陶瓷有限公司", LOST, grid, "柳泉路2号", "王五", "13,800,138,002"]
    content = xlsx([TITLES, good, bad], above=["企业名单", "2023 年 12 月"])

    _upload(page, "名单.xlsx", content)
    page.get_by_role("button", name="只导入无误的 1 行").wait_for(timeout=PATIENCE)
    expect(page.get_by_text("有 1 行不能导入")).to_be_visible()
    wait_idle(page)
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name="下载待更正的行").click()
    page.get_by_role("button", name="只导入无误的 1 行").click()
    page.get_by_text("导入完成：新增 1 条").wait_for(timeout=PATIENCE)

    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "末尾几位已丢失" in book.active["A2"].value
    book.active["D2"] = _code(2)
    corrected = io.BytesIO()
    book.save(corrected)
    _upload(page, "名单-待更正.xlsx", corrected.getvalue())
    page.get_by_role("button", name="导入 1 行").wait_for(timeout=PATIENCE)
    wait_idle(page)
    page.get_by_role("button", name="导入 1 行").click()
    page.get_by_text("导入完成：新增 1 条").wait_for(timeout=PATIENCE)

    _upload(page, "名单-待更正.xlsx", corrected.getvalue())
    page.get_by_text("没有需要更改的内容").wait_for(timeout=PATIENCE)
    open_page(page, "/enterprises-list")
    search = page.get_by_label("搜索")
    search.fill(_code(2))
    search.press("Enter")
    expect(page.get_by_text("共 1 条")).to_be_visible(timeout=PATIENCE)
