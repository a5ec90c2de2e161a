"""Parts of an official paper that python-docx has no name for: grid, page numbers, lines, table, colophon."""

import math
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from services.documents import form, word
from services.documents.model import TEXT_WIDTH, Official, Table

_TWENTIETHS = 20  # of a point, in which Word measures
_ALIGNS = {"left": word.LEFT, "center": word.CENTRE, "right": word.RIGHT}
_THICK, _THIN = 0.35, 0.25
_ISSUED_WIDTH = 72.0
_CELL_MARGIN = 57  # twentieths of a point: 1 mm


def line_grid(document: Document) -> None:
    """Give the page its grid of 22 lines, and margins that change sides for both pages of a leaf.

    The 28 characters of a line are `condensed`: a grid of characters too is shown by Word alone as Word shows it.
    """
    properties = document.sections[0]._sectPr  # noqa: SLF001 - python-docx has no name for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(word.element("w:docGrid", type="lines", linePitch=round(form.LINE_PITCH * _TWENTIETHS)))
    document.settings.element.find(qn("w:zoom")).addnext(word.element("w:mirrorMargins"))
    document.styles["Normal"].font.size = Pt(form.BODY_SIZE)


def condensed(run: Run) -> None:
    """Bring the characters of 3号 so near to each other that 28 stand in a line."""
    spacing = math.floor((form.CHARACTER_PITCH - form.BODY_SIZE) * _TWENTIETHS)
    run._element.get_or_add_rPr().insert_element_before(  # noqa: SLF001 - python-docx has no name for it
        word.element("w:spacing", val=spacing), "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u"
    )


def page_numbers(document: Document) -> None:
    """Number the pages: on the right of odd ones and the left of even ones, one character from the margin (7.5)."""
    section = document.sections[0]
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, word.RIGHT), (section.even_page_footer, word.LEFT)):
        paragraph = footer.paragraphs[0]
        word.write(paragraph, "— ", word.SONG, form.SMALL_SIZE, align)
        _page_field(word.write(paragraph, "", word.SONG, form.SMALL_SIZE))
        word.write(paragraph, " —", word.SONG, form.SMALL_SIZE)
        side = form.SMALL_SIZE / form.BODY_SIZE
        set_in(paragraph, **({"right": side} if align == word.RIGHT else {"left": side}))


def _page_field(run: Run) -> None:
    code = word.element("w:instrText")
    code.text = "PAGE"
    for part in (word.element("w:fldChar", fldCharType="begin"), code, word.element("w:fldChar", fldCharType="end")):
        run._element.append(part)  # noqa: SLF001 - python-docx knows no fields


def set_in(paragraph: WordParagraph, *, left: float = 0, right: float = 0, first: float = 0) -> WordParagraph:
    """Set a paragraph in by so many characters; `first` is the first line's, negative where the others hang."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx knows points only
    hanging = "hanging" if first < 0 else "firstLine"
    for name, characters in (("left", left), ("right", right), (hanging, abs(first))):
        if characters:
            indent.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            indent.set(qn(f"w:{name}"), str(round(characters * form.CHARACTER_PITCH * _TWENTIETHS)))
    return paragraph


def border(paragraph: WordParagraph, side: str, *, millimetres: float, space: float, colour: str) -> None:
    """Draw a line along a side of a paragraph, so many points away from its text."""
    line = _line(side, millimetres, colour)
    line.set(qn("w:space"), str(round(space)))
    borders = word.element("w:pBdr")
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no name for borders
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def table(document: Document, given: Table) -> WordTable:
    """Write a table as wide as the text, whose header is repeated on each page and whose rows no page break divides."""
    whole = sum(column.width for column in given.columns)
    made = word.table(document, [TEXT_WIDTH * column.width / whole for column in given.columns])
    margins = word.element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(word.element(f"w:{side}", w=_CELL_MARGIN, type="dxa"))
    made._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)  # noqa: SLF001 - python-docx has no name for it
    header = word.row(made, 8)
    header._tr.get_or_add_trPr().append(word.element("w:tblHeader"))  # noqa: SLF001 - python-docx has no name for it
    for cell, column in zip(header.cells, given.columns, strict=True):
        _cell(cell, column.title, word.HEADING, given.size, word.CENTRE)
    for place, texts in enumerate(given.rows):
        for cell, column, text in zip(word.row(made, 7).cells, given.columns, texts, strict=True):
            _cell(cell, text, word.BODY, given.size, _ALIGNS[column.align])
            cell.paragraphs[0].runs[0].bold = place in given.emphasis
    return made


def colophon(document: Document, paper: Official) -> None:
    """Write the colophon (版记), a table that stands at the foot of the last page whatever is above it (7.4)."""
    made = word.table(document, [TEXT_WIDTH - _ISSUED_WIDTH, _ISSUED_WIDTH])
    if paper.copies:
        cells = word.row(made, 9).cells
        _put(cells[0].merge(cells[1]).paragraphs[0], form.copies(paper))
    if paper.issuer or paper.issued_on:
        left, right = word.row(made, 9).cells
        _put(left.paragraphs[0], paper.issuer)
        _put(right.paragraphs[0], form.issued(paper))
        right.paragraphs[0].alignment = word.RIGHT
    properties = made._tbl.tblPr  # noqa: SLF001 - python-docx has no name for tables that stand free
    properties.insert(1, word.element(
        "w:tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom", leftFromText=0,
        rightFromText=0,
    ))  # fmt: skip
    lines = word.element("w:tblBorders")
    for side, width in (("top", _THICK), ("bottom", _THICK), ("insideH", _THIN)):
        lines.append(_line(side, width, "#000000"))
    for side in ("left", "right", "insideV"):
        lines.append(word.element(f"w:{side}", val="nil"))
    properties.find(qn("w:tblLayout")).addprevious(lines)
    anchor = document.add_paragraph()
    word.write(anchor, "", word.BODY, 1)
    anchor.paragraph_format.line_spacing = Pt(1)


def _cell(cell: _Cell, text: str, font: str, size: float, align: WD_ALIGN_PARAGRAPH) -> None:
    """Write a text into a cell in a pitch of its own, for that of the page is too wide for small letters."""
    word.put(cell, text, font, size, align)
    _own_pitch(cell.paragraphs[0], size)


def _own_pitch(paragraph: WordParagraph, size: float) -> None:
    """Let lines stand as near to each other as their letters want."""
    paragraph.paragraph_format.line_spacing = Pt(size * 1.3)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no name for it
    properties.insert_element_before(word.element("w:snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:rPr")


def _put(paragraph: WordParagraph, text: str) -> None:
    word.write(paragraph, text, word.BODY, form.SMALL_SIZE)
    _own_pitch(paragraph, form.SMALL_SIZE)
    set_in(paragraph, left=form.SMALL_SIZE / form.BODY_SIZE, right=form.SMALL_SIZE / form.BODY_SIZE)


def _line(side: str, millimetres: float, colour: str) -> Any:
    eighths = round(millimetres / 25.4 * 72 * 8)
    return word.element(f"w:{side}", val="single", sz=eighths, space=0, color=colour.removeprefix("#").upper())
