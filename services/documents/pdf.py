"""Official papers as PDF, set by Typst from the template beside this file, with the machine's fonts inside."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from core import clock
from core.i18n import format_date, gettext, locale
from core.text import has_chinese
from services import fonts
from services.documents import form
from services.documents.model import Block, Heading, Note, Official, Paragraph, Picture, Table, numbered

TYPE = "application/pdf"
_TEMPLATE = Path(__file__).with_name("official.typ")
_TITLE = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05")
_FACES = {
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋", *fonts.SERIF),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "Kaiti SC", "LXGW WenKai", *fonts.SERIF),
    "hei": ("黑体", "SimHei", *fonts.SANS),
    "song": fonts.SERIF,
}
"""What each element is set in: the family the standard names where the machine has it, then what looks most like it."""
_ALIGNS = ("left", "center", "right")
_PIXELS_PER_INCH = 110.0


def write(paper: Official) -> bytes:
    """Return a paper as PDF.

    Raises:
        NoChineseFontError: it has Chinese in it and this machine no font for that.
    """
    (content,) = _set(paper, "pdf")
    return content


def pages(paper: Official) -> list[bytes]:
    """Return the pages of a paper as PNG pictures.

    Raises:
        NoChineseFontError: it has Chinese in it and this machine no font for that.
    """
    return _set(paper, "png")


def _set(paper: Official, kind: Literal["pdf", "png"]) -> list[bytes]:
    import typst  # 34 MB: only where a file is made

    pictures: dict[str, bytes] = {}
    said = json.dumps(_data(paper, pictures), ensure_ascii=False)
    if has_chinese(said):
        fonts.require_chinese()
    files = {_TEMPLATE.name: _TEMPLATE.read_bytes(), "paper.json": said.encode("utf-8"), **pictures}
    with tempfile.TemporaryDirectory() as folder:  # the library takes texts alone from memory
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        made: bytes | list[bytes] = typst.compile(
            Path(folder) / _TEMPLATE.name, format=kind, ppi=_PIXELS_PER_INCH, font_paths=fonts.library(),
            timestamp=int(clock.now().timestamp()),
        )  # fmt: skip
    return made if isinstance(made, list) else [made]


def _data(paper: Official, pictures: dict[str, bytes]) -> dict[str, Any]:
    """Return what the template shows; `pictures` gets the files that it names."""
    language, _line, region = locale().partition("_")
    signing = form.signing(paper)
    return {
        "lang": language, "region": region or None, "fonts": _fonts(), "form": _form(),
        "title": paper.title, "flat_title": form.flat(paper.title), "organ": paper.organ,
        "organ_size": form.organ_size(paper.organ), "number": paper.number,
        "addressee": form.addressee(paper) if paper.addressee else "",
        "blocks": _blocks(paper.blocks, pictures),
        "attachment_label": gettext("Attachments: "), "attachments": form.attachment_lines(paper),
        "signature": paper.signature, "signature_right": signing.signature,
        "day": format_date(paper.day), "day_right": signing.day,
        "remark": form.remark(paper) if paper.remark else "",
        "appendices": [
            {"label": form.appendix_label(paper, place), "title": each.title, "blocks": _blocks(each.blocks, pictures)}
            for place, each in enumerate(paper.appendices)
        ],
        "colophon": paper.has_colophon, "copies": form.copies(paper) if paper.copies else "",
        "issuer": paper.issuer, "issued": form.issued(paper),
    }  # fmt: skip


def _fonts() -> dict[str, Any]:
    own_title = fonts.present(_TITLE)
    found: dict[str, Any] = {name: fonts.present(wanted) or [fonts.chinese()] for name, wanted in _FACES.items()}
    # The title's letters are heavier than those of the text: a serif family takes their place in bold.
    return {
        **{name: [each for each in families if each] for name, families in found.items()},
        "latin": fonts.present(fonts.LATIN), "title": own_title or fonts.present((*fonts.SERIF, *fonts.SANS)),
        "title_weight": "regular" if own_title else "bold",
    }  # fmt: skip


def _form() -> dict[str, float | str]:
    return {
        "top": form.TOP, "bottom": form.BOTTOM, "inner": form.INNER, "outer": form.OUTER, "body": form.BODY_SIZE,
        "title": form.TITLE_SIZE, "small": form.SMALL_SIZE, "pitch": form.LINE_PITCH, "red": form.RED,
        "character": form.CHARACTER_PITCH,
    }  # fmt: skip


def _blocks(blocks: Sequence[Block], pictures: dict[str, bytes]) -> list[Mapping[str, Any]]:
    return [_block(block, pictures) for block in numbered(blocks)]


def _block(block: Block, pictures: dict[str, bytes]) -> Mapping[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Note(text):
            return {"kind": "note", "text": text}
        case Table():
            return _table(block)
        case Picture():
            return _picture(block, pictures)


def _table(table: Table) -> Mapping[str, Any]:
    return {
        "kind": "table", "caption": table.caption, "size": table.size,
        "titles": [column.title for column in table.columns], "widths": [column.width for column in table.columns],
        "aligns": [_ALIGNS.index(column.align) for column in table.columns],
        "rows": [list(row) for row in table.rows], "emphasis": list(table.emphasis),
    }  # fmt: skip


def _picture(picture: Picture, pictures: dict[str, bytes]) -> Mapping[str, Any]:
    name = f"picture{len(pictures)}." + ("svg" if picture.svg else "png")
    pictures[name] = picture.svg or picture.png
    return {"kind": "picture", "file": name, "caption": picture.caption, "width": picture.width}
