"""Pieces of Word documents in the look of official papers: A4, margins and fonts as GB/T 9704 has them."""

from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from services.documents import form

TITLE, HEADING, SUBHEADING, BODY, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
LATIN = "Times New Roman"
_SUBSTITUTES = {TITLE: "宋体", BODY: "仿宋", SUBHEADING: "楷体", HEADING: "SimHei", SONG: "SimSun"}
CENTRE, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT


def a4() -> DocumentType:
    """Return an empty A4 page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(form.TOP), Mm(form.BOTTOM)
    section.left_margin, section.right_margin = Mm(form.INNER), Mm(form.OUTER)
    section.header_distance, section.footer_distance = Mm(15), Mm(22)
    east_asian(document.styles["Normal"].element.get_or_add_rPr(), BODY)
    _name_substitutes(document)
    return document


def write(paragraph: Paragraph, text: str, font: str, size: float, align: WD_ALIGN_PARAGRAPH | None = None) -> Run:
    """Write a text into a paragraph, line breaks as they are."""
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = LATIN
    east_asian(run._element.get_or_add_rPr(), font)  # noqa: SLF001 - python-docx names no East Asian font
    return run


def table(document: DocumentType, widths: list[float]) -> Table:
    """Return an empty table with lines, columns of the given millimetres."""
    made: Table = document.add_table(rows=0, cols=len(widths))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    return made


def row(made: Table, height: float, *, exact: bool = False) -> _Row:
    """Add a row at least so many millimetres high, which no page break divides."""
    added: _Row = made.add_row()  # type: ignore[no-untyped-call]  # of python-docx
    added.height = Mm(height)
    added.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY if exact else WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = added._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no name for it
    properties.append(OxmlElement("w:cantSplit"))
    for cell, column in zip(added.cells, made.columns, strict=True):
        cell.width = column.width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return added


def put(cell: _Cell, text: str, font: str, size: float, align: WD_ALIGN_PARAGRAPH = LEFT) -> None:
    """Write a text into an empty cell."""
    write(cell.paragraphs[0], text, font, size, align)


def east_asian(properties: Any, font: str) -> None:
    """Name the font of Chinese characters, which is another one than that of Latin letters and digits."""
    fonts = properties.get_or_add_rFonts()
    for kind, name in (("w:eastAsia", font), ("w:ascii", LATIN), ("w:hAnsi", LATIN)):
        fonts.set(qn(kind), name)
    fonts.set(qn("w:hint"), "eastAsia")


def element(name: str, /, **attributes: object) -> Any:
    """Return an element of WordprocessingML with its attributes: `element("w:ind", left=640)`."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _name_substitutes(document: DocumentType) -> None:
    """Tell Word and WPS which family takes the place of one that the reader's machine does not have."""
    part = next(each for each in document.part.package.iter_parts() if each.partname == "/word/fontTable.xml")
    table = parse_xml(part.blob)
    for name, substitute in _SUBSTITUTES.items():
        font = element("w:font", name=name)
        font.append(element("w:altName", val=substitute))
        table.append(font)
    part._blob = serialize_part_xml(table)  # noqa: SLF001 - python-docx keeps this part as bytes
