"""Official papers as Word documents, which people go on editing in Word and WPS."""

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from core.i18n import format_date, gettext
from services.documents import form, word
from services.documents.model import Appendix, Block, Heading, Note, Official, Paragraph, Picture, Table, numbered
from services.documents.word_parts import border, colophon, condensed, line_grid, page_numbers, set_in, table

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FACES = (word.HEADING, word.SUBHEADING, word.BODY, word.BODY)
_CAPTION = 12.0
_RED = RGBColor.from_string(form.RED.removeprefix("#").upper())


def write(paper: Official) -> bytes:
    """Return a paper as a Word document."""
    document = word.a4()
    line_grid(document)
    page_numbers(document)
    document.core_properties.title, document.core_properties.author = form.flat(paper.title), paper.signature
    _head(document, paper)
    _title(document, paper.title)
    if paper.addressee:
        _line(document, form.addressee(paper), before=1)
    _blocks(document, paper.blocks)
    _attachments(document, paper)
    _signed(document, paper)
    for place, each in enumerate(paper.appendices):
        _appendix(document, each, form.appendix_label(paper, place))
    if paper.has_colophon:
        colophon(document, paper)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _line(
    document: Document,
    text: str,
    font: str = word.BODY,
    size: float = form.BODY_SIZE,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
) -> WordParagraph:
    """Write a line of its own in the pitch of the page, with so many empty lines before it."""
    paragraph = document.add_paragraph()
    run = word.write(paragraph, text, font, size, align)
    if size == form.BODY_SIZE:
        condensed(run)
    paragraph.paragraph_format.line_spacing = Pt(form.LINE_PITCH)
    paragraph.paragraph_format.space_before = Pt(before * form.LINE_PITCH)
    return paragraph


def _head(document: Document, paper: Official) -> None:
    """Write the red head (版头): the organ 35 mm below the margin, two lines, the number, 4 mm, the red line."""
    if paper.organ:
        size = form.organ_size(paper.organ)
        organ = _line(document, paper.organ, word.TITLE, size, align=word.CENTRE)
        organ.paragraph_format.space_before = Mm(35)
        organ.paragraph_format.line_spacing = Pt(size * 1.1)
        organ.runs[0].font.color.rgb = _RED
    if paper.organ or paper.number:
        number = _line(document, paper.number, align=word.CENTRE, before=2 if paper.organ else 0)
        if paper.organ:
            border(number, "bottom", millimetres=0.6, space=Mm(4).pt, colour=form.RED)


def _title(document: Document, title: str) -> None:
    paragraph = _line(document, title, word.TITLE, form.TITLE_SIZE, align=word.CENTRE, before=2)
    paragraph.paragraph_format.line_spacing = Pt(form.LINE_PITCH * 1.25)


def _blocks(document: Document, blocks: Sequence[Block]) -> None:
    for block in numbered(blocks):
        _block(document, block)


def _block(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            heading = set_in(_line(document, text, _FACES[level - 1]), first=2)
            heading.paragraph_format.keep_with_next = True
            heading._p.get_or_add_pPr().append(word.element("w:outlineLvl", val=level - 1))  # noqa: SLF001 - no name for it
        case Paragraph(text):
            set_in(_line(document, text, align=WD_ALIGN_PARAGRAPH.JUSTIFY), first=2)
        case Note(text):
            _small(document, text)
        case Table():
            if block.caption:
                _caption(document, block.caption).paragraph_format.keep_with_next = True
            table(document, block)
        case Picture():
            _picture(document, block)


def _picture(document: Document, picture: Picture) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = word.CENTRE
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.space_before = Pt(form.LINE_PITCH / 2)
    paragraph.paragraph_format.keep_with_next = bool(picture.caption)
    shape = paragraph.add_run().add_picture(BytesIO(picture.png), width=Mm(picture.width))
    shape._inline.docPr.set("descr", picture.caption)  # noqa: SLF001 - python-docx has no name for it
    if picture.caption:
        _caption(document, picture.caption)


def _caption(document: Document, text: str) -> WordParagraph:
    return _line(document, text, word.HEADING, _CAPTION, align=word.CENTRE)


def _small(document: Document, text: str) -> None:
    paragraph = _line(document, text, size=_CAPTION)
    paragraph.paragraph_format.line_spacing = Pt(20)


def _attachments(document: Document, paper: Official) -> None:
    """List the attachments a line below the text; what does not fit on a line goes on below the name's first letter."""
    label = gettext("Attachments: ")
    for place, name in enumerate(form.attachment_lines(paper)):
        text = label + name if place == 0 else name
        line = _line(document, text, before=1 if place == 0 else 0)
        set_in(line, left=2 + form.characters(label), first=-form.characters(label) if place == 0 else 0)


def _signed(document: Document, paper: Official) -> None:
    places = form.signing(paper)
    if paper.signature:
        set_in(_line(document, paper.signature, align=word.RIGHT, before=1), right=places.signature)
    if paper.day:
        before = 0 if paper.signature else 1
        set_in(_line(document, format_date(paper.day), align=word.RIGHT, before=before), right=places.day)
    if paper.remark:
        set_in(_line(document, form.remark(paper)), first=2)


def _appendix(document: Document, appendix: Appendix, label: str) -> None:
    head = _line(document, label, word.HEADING)
    head.paragraph_format.page_break_before = True
    _title(document, appendix.title)
    _line(document, "")
    _blocks(document, appendix.blocks)
