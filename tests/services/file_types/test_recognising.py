"""What a file is, is told by what it holds; what pretends, bursts or acts is refused with a sentence."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from core.settings import settings
from services import file_types
from services.file_types.refusals import RefusedError
from tests import uploads


def _look(tmp_path: Path, content: bytes, name: str, families: frozenset[file_types.Family] | None = None) -> str:
    path = tmp_path / "aside"
    path.write_bytes(content)
    return file_types.recognised(path, name, families or file_types.EVERYTHING).media_type


@pytest.mark.parametrize(("make", "name", "expected"), [
    (uploads.photo, "现场照片.jpg", "image/jpeg"),
    (lambda: uploads.photo("PNG"), "截图.png", "image/png"),
    (lambda: uploads.photo("WEBP"), "mmexport1.jpg", "image/webp"),
    (lambda: uploads.photo("GIF"), "a.gif", "image/gif"),
    (uploads.pdf, "批复.PDF", "application/pdf"),
    (uploads.ofd, "电子发票.ofd", "application/ofd"),
    (uploads.docx, "说明.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (uploads.xlsx, "清单.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (uploads.pptx, "汇报.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (uploads.xls, "清单.xls", "application/vnd.ms-excel"),
    (uploads.xls, "清单.et", "application/vnd.ms-excel"),
    (uploads.mp3, "录音.mp3", "audio/mpeg"),
    (lambda: uploads.mp3(tagged=False), "录音.mp3", "audio/mpeg"),
    (lambda: uploads.movie(b"M4A ", b"soun"), "新录音.m4a", "audio/mp4"),
    (lambda: uploads.movie(b"mp42", b"soun"), "录音.m4a", "audio/mp4"),
    (uploads.wav, "录音.wav", "audio/wav"),
    (uploads.amr, "录音.amr", "audio/amr"),
    (uploads.movie, "视频委托书.mp4", "video/mp4"),
    (lambda: uploads.movie(b"qt  "), "IMG_0001.MOV", "video/quicktime"),
    (uploads.webm, "record.webm", "video/webm"),
])  # fmt: skip
def test_each_kind_is_known(tmp_path: Path, make: Callable[[], bytes], name: str, expected: str) -> None:
    assert _look(tmp_path, make(), name) == expected


@pytest.mark.parametrize(("make", "name", "told"), [
    (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "批复.pdf", "不能上传"),
    (lambda: b"<html><body>", "现场.jpg", "不能上传"),
    (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "图.svg", "不能上传"),
    (lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>", "图.jpg", "不能上传"),
    (lambda: b"MZ\x90\x00" + bytes(200), "setup.exe", "不能上传"),
    (lambda: uploads.archive({"a.txt": b"a"}), "材料.zip", "不能上传"),
    (lambda: uploads.movie()[:-5], "断了.mp4", "不能上传"),
    (uploads.pdf, "说明.docx", "实际是 PDF"),
    (uploads.docx, "清单.xlsx", "实际是 Word"),
    (uploads.photo, "批复.pdf", "实际是 JPEG"),
    (uploads.pdf, "批复", "实际是 PDF"),
    (uploads.with_macros, "说明.docx", "含有宏"),
    (lambda: uploads.archive({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}),
     "a.xlsm", "含有宏"),
    (lambda: uploads.archive({"[Content_Types].xml": b"x", "bomb.xml": bytes(80 << 20)}), "bomb.docx", "异常膨胀"),
    (lambda: uploads.docx()[:-40], "断了.docx", "损坏"),
    (lambda: uploads.OLE + bytes(600), "坏的.doc", "损坏"),
    (lambda: uploads.pdf()[:-20], "断了.pdf", "损坏"),
    (lambda: uploads.photo() + uploads.archive({"evil.class": b"x"}), "图.jpg", "夹带"),
    (lambda: uploads.pdf() + uploads.archive({"evil.class": b"x"}), "批复.pdf", "夹带"),
])  # fmt: skip
def test_what_pretends_bursts_or_acts_is_refused(
    tmp_path: Path, make: Callable[[], bytes], name: str, told: str
) -> None:
    with pytest.raises(RefusedError, match=told) as refused:
        _look(tmp_path, make(), name)
    assert name in str(refused.value)


def test_macros_of_old_office_files_are_refused(tmp_path: Path) -> None:
    book = bytearray(uploads.xls())
    entry = book.index("Workbook".encode("utf-16-le"))  # of the container's directory: name, then its length
    book[entry : entry + 66] = "Macros".encode("utf-16-le").ljust(64, b"\0") + (14).to_bytes(2, "little")

    with pytest.raises(RefusedError, match="含有宏"):
        _look(tmp_path, bytes(book), "清单.xls")


def test_an_excel_file_of_our_own_is_accepted(tmp_path: Path) -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("台账").write(0, 0, "企业")

    assert "spreadsheetml" in _look(tmp_path, target.getvalue(), "台账.xlsx")


@pytest.mark.parametrize(("families", "told"), [
    (file_types.PHOTOS, "不是照片"),
    (file_types.DOCUMENTS, "不是照片或文档"),
])  # fmt: skip
def test_a_place_says_what_it_accepts(tmp_path: Path, families: frozenset[file_types.Family], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        _look(tmp_path, uploads.movie(), "视频.mp4", families)


def test_each_family_has_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "max_document_mb", 0)
    with pytest.raises(RefusedError, match="超过 0 MB"):
        _look(tmp_path, uploads.pdf(), "批复.pdf")
    assert _look(tmp_path, uploads.photo(), "现场.jpg") == "image/jpeg"
    assert file_types.limit_of(file_types.EVERYTHING) == settings().max_video_mb


def test_a_photo_named_otherwise_gets_the_ending_of_a_photo() -> None:
    jpeg = file_types.TYPES["jpeg"]

    assert file_types.tidy_name("C:\\fake\\现场.html", jpeg) == "现场.html.jpg"
    assert file_types.tidy_name("mmexport.png", jpeg) == "mmexport.png"
    assert file_types.tidy_name("a/b／图\u202e.jpg", jpeg) == "图.jpg"
    assert len(file_types.tidy_name("长" * 300, jpeg)) <= 200
