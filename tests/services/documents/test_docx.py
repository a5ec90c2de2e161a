"""Official papers in Word: what GB/T 9704-2012 measures, read from the file."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from services.documents import Official, docx, form
from tests.services.documents.papers import SENTENCE, bulletin


@pytest.fixture(scope="module")
def document() -> DocumentType:
    return Document(BytesIO(docx.write(bulletin())))


def _line(document: DocumentType, text: str) -> Paragraph:
    return next(each for each in document.paragraphs if each.text == text)


def _face(paragraph: Paragraph) -> tuple[str, float]:
    run = paragraph.runs[0]
    assert run.font.size
    return str(run._element.rPr.rFonts.get(qn("w:eastAsia"))), run.font.size.pt  # type: ignore[attr-defined]


def _attributes(element: Any, name: str) -> dict[str, str]:
    found = element.find(".//" + qn(name))
    return {key.split("}")[1]: value for key, value in found.attrib.items()}


def test_the_page_is_a4_with_156_by_225_mm_between_its_margins(document: DocumentType) -> None:
    section = document.sections[0]

    def mm(length: Any) -> int:
        return round(length.mm)

    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    assert (mm(section.top_margin), mm(section.left_margin)) == (37, 28)
    assert mm(section.page_width) - mm(section.left_margin) - mm(section.right_margin) == 156
    assert mm(section.page_height) - mm(section.top_margin) - mm(section.bottom_margin) == 225


def test_22_lines_of_28_characters_fit_on_a_page(document: DocumentType) -> None:
    body = _line(document, SENTENCE)
    pitch = body.paragraph_format.line_spacing
    condensed = int(_attributes(body.runs[0]._element, "w:spacing")["val"]) / 20

    assert _attributes(document.sections[0]._sectPr, "w:docGrid") == {"type": "lines", "linePitch": "579"}
    assert isinstance(pitch, Pt | int)
    assert 21.9 < Mm(225) / pitch < 23
    assert 28 <= Mm(156).pt / (16 + condensed) < 29


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("淄高政务通报〔2026〕11号", "仿宋_GB2312", 16),
        ("关于2026年10月走访工作\n情况的通报", "方正小标宋简体", 22),
        ("各镇办、各服务队：", "仿宋_GB2312", 16),
        ("一、总体情况", "黑体", 16),
        ("（一）走访情况", "楷体_GB2312", 16),
        ("1.按镇办", "仿宋_GB2312", 16),
        ("（1）要点", "仿宋_GB2312", 16),
        (SENTENCE, "仿宋_GB2312", 16),
        ("附件1", "黑体", 16),
        ("各队排名表", "方正小标宋简体", 22),
    ],
)
def test_each_element_has_its_font_and_size(document: DocumentType, text: str, font: str, size: float) -> None:
    assert _face(_line(document, text)) == (font, size)


def test_the_head_is_red_35_mm_below_the_margin_and_a_red_line_closes_it(document: DocumentType) -> None:
    organ, number = document.paragraphs[:2]

    assert organ.text == "淄博高新区政务服务中心文件"
    assert str(organ.runs[0].font.color.rgb) == "E60012"
    assert organ.paragraph_format.space_before
    assert round(organ.paragraph_format.space_before.mm) == 35
    line = _attributes(number._p, "w:bottom")
    assert (line["color"], line["space"]) == ("E60012", "11"), "4 mm are 11 points"


def test_paragraphs_are_set_in_by_two_characters(document: DocumentType) -> None:
    for text in (SENTENCE, "一、总体情况", "（此件公开发布）"):
        assert _attributes(_line(document, text)._p, "w:ind")["firstLineChars"] == "200"


def test_signature_and_date_stand_on_the_right_and_the_date_in_chinese_form(document: DocumentType) -> None:
    signature, day = _line(document, "淄博高新区政务服务中心"), _line(document, "2026年11月5日")

    assert _attributes(day._p, "w:ind")["rightChars"] == "400"
    assert int(_attributes(signature._p, "w:ind")["rightChars"]) < 400


def test_attachments_are_listed_and_their_names_stand_below_each_other(document: DocumentType) -> None:
    first, second = _line(document, "附件：1.排名表"), _line(document, "2.红黑榜")

    assert _attributes(first._p, "w:ind")["leftChars"] == _attributes(second._p, "w:ind")["leftChars"] == "500"
    assert _attributes(first._p, "w:ind")["hangingChars"] == "300"


def test_pages_are_numbered_outside_between_dashes_in_songti(document: DocumentType) -> None:
    section = document.sections[0]

    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "—  —"
        assert paragraph._p.find(".//" + qn("w:instrText")).text == "PAGE"  # type: ignore[union-attr]
        assert _face(paragraph) == ("宋体", 14)
        assert paragraph.alignment is not None
        assert paragraph.alignment.name.lower() == side


def test_a_table_is_as_wide_as_the_text_and_repeats_its_header(document: DocumentType) -> None:
    table = document.tables[0]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["服务队", "响应率"], ["马尚服务队", "98.5%"], ["北郊服务队", "77.0%"],
    ]  # fmt: skip
    assert [round(cell.width.mm) for cell in table.rows[1].cells if cell.width] == [104, 52]
    assert table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None
    bold = [cell.paragraphs[0].runs[0].bold for row in table.rows[1:] for cell in row.cells]
    assert bold == [True, True, False, False]


def test_a_picture_is_inside_with_its_caption_below_and_as_its_description(document: DocumentType) -> None:
    (shape,) = document.inline_shapes

    assert round(shape.width.mm) == 100
    assert shape._inline.docPr.get("descr") == "图1 响应率"
    assert _line(document, "图1 响应率")


def test_the_colophon_stands_at_the_foot_of_the_page_between_thick_lines(document: DocumentType) -> None:
    colophon = document.tables[-1]

    assert [cell.text for cell in colophon.rows[0].cells] == ["抄送：区管委会办公室。"] * 2
    assert [cell.text for cell in colophon.rows[1].cells] == ["中心办公室", "2026年11月6日印发"]
    place = _attributes(colophon._tbl, "w:tblpPr")
    assert (place["vertAnchor"], place["tblpYSpec"]) == ("margin", "bottom")
    borders = colophon._tbl.tblPr.find(qn("w:tblBorders"))
    widths = {each.tag.split("}")[1]: each.get(qn("w:sz")) for each in borders}
    assert widths["top"] == widths["bottom"] == "8", "0.35 mm is one point"
    assert widths["insideH"] == "6"


def test_appendices_begin_on_pages_of_their_own(document: DocumentType) -> None:
    assert [_line(document, f"附件{number}").paragraph_format.page_break_before for number in (1, 2)] == [True, True]


def test_word_is_told_what_takes_the_place_of_a_font_the_reader_does_not_have() -> None:
    with zipfile.ZipFile(BytesIO(docx.write(bulletin()))) as package:
        fonts = package.read("word/fontTable.xml").decode()

    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/>' in fonts


def test_what_a_paper_does_not_have_leaves_nothing_behind() -> None:
    document = Document(BytesIO(docx.write(Official("通报", []))))

    assert [each.text for each in document.paragraphs] == ["通报"]
    assert not document.tables
    assert document.core_properties.title == "通报"
    assert form.flat("关于\n通报") == "关于通报"
