"""Official papers as PDF: what stands on which page, in which font, measured where GB/T 9704-2012 measures.

On a machine without a Chinese font a paper is refused with what to install; then there is nothing to measure.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader

from core.i18n import in_locale
from services import fonts
from services.documents import Official, Paragraph, Picture, form, pdf
from tests.services.documents.papers import bulletin, png

MM = 72 / 25.4


def read(paper: Official) -> PdfReader | None:
    """Return a paper as it can be read, or nothing where it cannot be set."""
    if fonts.chinese():
        return PdfReader(BytesIO(pdf.write(paper)))
    with pytest.raises(fonts.NoChineseFontError, match=fonts.PACKAGE):
        pdf.write(paper)
    return None


def _lines(page: PageObject) -> list[str]:
    return [line.replace(" ", "") for line in page.extract_text().splitlines()]


def _pieces(page: PageObject) -> list[tuple[str, float, float]]:
    """Return each piece of text with where it begins, in points from the left and from below."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, page_matrix: list[float], at: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            a, b, c, d, e, f = page_matrix
            found.append((text, a * at[4] + c * at[5] + e, b * at[4] + d * at[5] + f))

    page.extract_text(visitor_text=visit)
    return found


def test_it_says_everything_in_its_order_on_pages_with_their_numbers() -> None:
    if not (reader := read(bulletin())):
        return
    pages = [_lines(page) for page in reader.pages]
    lines = [line for page in pages for line in page]

    wanted = [
        "淄博高新区政务服务中心文件", "淄高政务通报〔2026〕11号", "关于2026年10月走访工作", "情况的通报",
        "各镇办、各服务队：", "一、总体情况", "（一）走访情况", "1.按镇办", "（1）要点", "（二）问题办理",
        "表1各队响应率", "图1响应率", "二、下一步",
        "淄博高新区政务服务中心", "2026年11月5日", "（此件公开发布）", "附件1", "附件2",
    ]  # fmt: skip
    places = [lines.index(each) for each in wanted]
    assert places == sorted(places)
    assert [f"—{number}—" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert "抄送：区管委会办公室。" in pages[-1]
    assert any(line.endswith("2026年11月6日印发") for line in pages[-1])
    assert "附件1" in pages[-2]
    assert reader.metadata
    assert reader.metadata.title == "关于2026年10月走访工作情况的通报"


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    if not (reader := read(Official("通报", [Paragraph("字" * 2800)]))):
        return
    page = reader.pages[1]
    lines = [line for line in _lines(page) if set(line) == {"字"}]

    assert [len(line) for line in lines] == [28] * 22
    heights = sorted({round(y, 2) for text, _x, y in _pieces(page) if "字" in text}, reverse=True)
    assert heights[0] < (297 - 37) * MM
    assert abs((heights[0] - heights[-1]) / 21 - form.LINE_PITCH) < 0.1
    assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]


def test_page_numbers_stand_outside_and_margins_change_sides() -> None:
    if not (reader := read(Official("通报", [Paragraph("字" * 2800)]))):
        return
    lefts: list[tuple[float, float]] = []
    for page in reader.pages[:2]:
        pieces = _pieces(page)
        body = min(x for text, x, _y in pieces if "字" in text)
        lefts.append((body / MM, next(x for text, x, _y in pieces if "—" in text) / MM))

    assert [round(body) for body, _number in lefts] == [28, 26]
    assert lefts[0][1] > 150
    assert lefts[1][1] < 40


def test_fonts_are_inside_and_a_drawing_stays_a_drawing_while_a_picture_is_one() -> None:
    if not (reader := read(bulletin())):
        return
    names = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index,union-attr]
    assert names
    assert all("+" in name for name in names), "a subset of a font inside the file has a mark before its name"
    assert not [image for page in reader.pages for image in page.images]

    only_png = read(Official("通报", [Picture(png(), caption="图1")]))
    assert only_png
    assert [image.image.size for page in only_png.pages for image in page.images if image.image] == [(40, 20)]


def test_texts_are_never_read_as_commands() -> None:
    said = "#panic(1) *x* _y_ $z$ [w] <v> @u \\ // /* 100%"
    if not (reader := read(Official(said, [Paragraph(said)], signature=said, addressee=said))):
        return

    assert reader.pages[0].extract_text().count("#panic(1) *x* _y_") == 4


def test_an_english_paper_has_english_labels() -> None:
    with in_locale("en"):
        reader = read(bulletin())
    if not reader:
        return
    text = "\n".join(page.extract_text() for page in reader.pages)

    assert "To: " in text
    assert "Copies to: " in text
    assert "Nov 5, 2026" in text


def test_the_pages_can_be_had_as_pictures() -> None:
    paper = replace(bulletin(), organ="", number="", appendices=[])
    if not (reader := read(paper)):
        return
    pictures = [Image.open(BytesIO(each)) for each in pdf.pages(paper)]

    assert len(pictures) == len(reader.pages)
    assert abs(pictures[0].height / pictures[0].width - 297 / 210) < 0.01
