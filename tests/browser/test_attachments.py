"""Files of an issue in a real browser: attached, refused by name, taken away, withdrawn; papers printed."""

from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from docx import Document
from playwright.sync_api import Response, expect

from models.account import Role
from tests import uploads
from tests.browser.conftest import SignIn, open_page, wait_idle
from tests.servers import WebServer

pytestmark = pytest.mark.browser


def test_files_are_attached_refused_taken_away_and_withdrawn(sign_in: SignIn, server: WebServer) -> None:
    with psycopg.connect(server.env["QIANQI_DATABASE_URL"]) as connection:
        handled = "SELECT id, number FROM issue WHERE state = 'handling' ORDER BY id LIMIT 1"
        found = connection.execute(handled).fetchone()
    assert found is not None
    page, explained = sign_in(Role.COORDINATOR), uploads.docx()
    served: list[Response] = []
    media = f"{server.url}/media/"
    page.on("response", lambda answer: served.append(answer) if answer.url.startswith(media) else None)
    open_page(page, f"/issues-issue?issue={found[0]}")

    page.locator("input[type=file]").set_input_files([
        {"name": "现场照片.jpg", "mimeType": "image/jpeg", "buffer": uploads.photo()},
        {"name": "说明.docx", "mimeType": "application/octet-stream", "buffer": explained},
        {"name": "假的批复.pdf", "mimeType": "application/pdf", "buffer": b"<html><script>alert(1)</script>"},
    ])  # fmt: skip
    page.get_by_role("button", name="上传 3 个文件").click()

    expect(page.get_by_text("“假的批复.pdf”不能上传")).to_be_visible()
    expect(page.get_by_text("现场照片.jpg", exact=True).first).to_be_visible()
    wait_idle(page)
    row = page.locator("[class*=st-key-file_issue_]", has_text="说明.docx")
    with page.expect_download() as download:
        row.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename == "说明.docx"
    assert Path(download.value.path()).read_bytes() == explained

    row.get_by_role("button", name="撤回").click()
    page.get_by_label("原因").last.fill("传错了文件")
    page.get_by_label("原因").last.press("Enter")
    wait_idle(page)
    page.get_by_role("button", name="确认撤回").last.click()
    expect(row.get_by_text("已撤回")).to_be_visible()
    expect(page.get_by_role("button", name="确认撤回")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name="问题交办单").click()
    assert download.value.suggested_filename == f"问题交办单-{found[1]}.docx"
    assert Document(BytesIO(Path(download.value.path()).read_bytes())).paragraphs[0].text == "政务服务进千企问题交办单"
    assert served
    for answer in served:
        assert "sandbox" in answer.headers["content-security-policy"]
