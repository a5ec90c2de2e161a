"""Every kind of file that is uploaded as Excel: read, or refused with a sentence that says what to do."""

import io
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from core.errors import UserError
from services.importing import header, readers
from services.importing.readers import ErrorCell
from tests.services.imports import xlsx

ROWS = [["企业名称", "电话"], ["淄博甲机械", "0533-2345678"], ["乙，陶瓷", "1"]]


@pytest.fixture
def kept(tmp_path: Path):
    """Return what keeps a content as the store does: under a name that tells nothing."""

    def keep(content: bytes) -> Path:
        path = tmp_path / "0123456789abcdef"
        path.write_bytes(content)
        return path

    return keep


def _csv(encoding: str, delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS).encode(encoding)


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("企业")
    for number, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        xlsx(ROWS), _xls(), _csv("utf-8"), _csv("utf-8-sig"), _csv("gbk"), _csv("gb18030", ";"), _csv("utf-8", "\t"),
        _csv("utf-16", "\t"),
    ],
    ids=["xlsx", "xls", "utf-8", "utf-8 with mark", "gbk", "semicolon", "tab", "utf-16"],
)  # fmt: skip
def test_each_kind_of_file_gives_the_same_rows(kept, content: bytes) -> None:
    path = kept(content)

    sheet = readers.sheets(path)[0]

    assert readers.head(path, sheet, 10) == ROWS


def test_row_numbers_are_those_of_excel_and_kinds_of_cells_are_kept(kept) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("一")
        sheet.write_number(3, 2, 9.137e17)
        sheet.write_boolean(3, 3, True)
        sheet.write_formula(4, 2, "=A1", None, "#REF!")
        book.add_worksheet("隐藏").hide()
        book.add_worksheet("二")
    path = kept(target.getvalue())

    assert readers.sheets(path) == ["一", "二"]
    with readers.table(path, "一") as table:
        filled = [(number, cells) for number, cells in table.rows if any(cell != "" for cell in cells)]
    assert filled == [(4, [9.137e17, True]), (5, ["#REF!", ""])]
    assert isinstance(filled[1][1][0], ErrorCell)


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


BOMB = b"<worksheet>" + b"0" * (90 << 20)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "这不是 Excel 或 CSV 文件（内容为 application/pdf）。"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "这不是 Excel 或 CSV 文件"),
        (b"\x7fELF" + bytes(100), "这不是 Excel 或 CSV 文件"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "这是改了扩展名的网页文件。"),
        (b'<?xml version="1.0"?><Workbook/>', "这是 XML 文件"),
        (_zip({"a.txt": b"x"}), "这是 ZIP 压缩包，不是 Excel 文件。"),
        (_zip({"inner.zip": _zip({"xl/workbook.xml": b""})}), "这是 ZIP 压缩包，不是 Excel 文件。"),
        (_encrypted(), "文件设有密码。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "文件已损坏或不是 Excel 文件。"),
        (xlsx(ROWS)[:3000], "文件已损坏或不是 Excel 文件。"),
        (_zip({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<x/>"}), "文件已损坏或不是 Excel 文件。"),
        (_zip({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": BOMB}), "文件被拒绝：解压后体积异常。"),
        (_zip({"xl/workbook.xml": b"x"} | {f"xl/{n}.xml": b"" for n in range(2500)}), "文件被拒绝：解压后体积异常。"),
        (_zip({"xl/workbook.xml": LAUGHS}), "文件被拒绝：解压后体积异常。"),
        (b"name,phone\n\xff\xff\xff,1\n", "无法识别文件的文字编码。"),
    ],
    ids=[
        "pdf", "picture", "program", "web page", "xml", "zip", "nested zip", "encrypted", "no workbook within",
        "cut off", "hollow", "bomb", "many members", "entities", "unknown encoding",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_once_with_what_to_do(kept, content: bytes, told: str) -> None:
    path, began = kept(content), time.monotonic()

    with pytest.raises(UserError) as refused:
        readers.sheets(path)

    assert str(refused.value).startswith(told)
    assert time.monotonic() - began < 5


def test_a_sheet_whose_last_cell_is_far_away_ends_the_child_process_only(kept) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("一")
        sheet.write_string(0, 0, "a")
        sheet.write_string(1_048_575, 16_383, "z")
    path = kept(target.getvalue())

    with pytest.raises(UserError, match=r"文件占用内存过大|文件已损坏"):
        readers.head(path, "一", 5)


def test_too_many_columns_and_rows_are_told(kept, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = kept(xlsx([[str(place) for place in range(201)]]))
    with pytest.raises(UserError, match="工作表超过 200 列"):
        readers.head(wide, "企业", 5)
    monkeypatch.setattr(readers, "MAX_ROWS", 100)
    long = kept(xlsx([["a"]] * 250))
    with pytest.raises(UserError, match="工作表超过 100 行"):
        readers.head(long, "企业", 5)
    long = kept(b"a\n" * 250)
    with pytest.raises(UserError, match="工作表超过 100 行"):
        readers.head(long, "", 300)


def test_a_missing_quotation_mark_is_told_with_its_row(kept) -> None:
    path = kept(b'a,b\n1,"2\n' + b"3,4\n" * 400_000)

    with pytest.raises(UserError, match="第 2 行无法读取"):
        readers.head(path, "", 10)


@pytest.mark.parametrize(
    ("above", "line"),
    [([], 1), ([["企业名单"], ["2023 年 12 月", ""]], 3), ([["企业名称及电话汇总表"], [], ["填表人", "张三"]], 4)],
)
def test_the_titles_are_found_below_title_rows(above: list[list[str]], line: int) -> None:
    known = {header.plain("企业名称"): "name", header.plain("联系电话"): "phone"}

    assert header.find([*above, ["企业\n名称*", "联系电话（必填）"], ["甲", "1"]], known) == line


def test_titles_given_twice_are_told_apart_and_fields_taken_once() -> None:
    titles = header.titles(["电话", " 电话 ", "", "备注"])

    assert titles == ["电话", "电话 (2)", "", "备注"]
    assert header.guess(titles, {header.plain("电话"): "phone"}) == {"电话": "phone"}


def test_titles_are_recalled_as_they_stand_and_in_other_ways_where_none_is_like_them() -> None:
    remembered = {"电话": "phone", "企业名称*": "name"}

    recalled = header.recalled(remembered, ["电话(法人)", "企业 名称", "", "电话"])

    assert recalled == {"企业 名称": "name", "电话": "phone"}


def test_a_remembered_header_does_not_depend_on_order_or_our_own_columns() -> None:
    assert header.digest(["企业名称*", "电话"]) == header.digest(["电话", "企业 名称", "错误原因", "What is wrong"])
