"""What an official paper (公文) consists of, by the names GB/T 9704-2012 gives its elements.

Texts are plain and in the language of the paper; the labels of the form (附件, 抄送, …) come in the present language.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.i18n import locale

Align = Literal["left", "center", "right"]
TEXT_WIDTH = 156.0
"""Millimetres between the margins (版心); 225 stand one below the other."""
_DIGITS = "〇一二三四五六七八九"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Heading:
    """A heading (结构层次序数): level 1 in 黑体, 2 in 楷体, 3 and 4 in 仿宋."""

    text: str
    level: Literal[1, 2, 3, 4] = 1
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, its first line set in by two characters."""

    text: str


@dataclass(frozen=True)
class Note:
    """A remark to a table or picture, in small letters."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column: its title, its share of the table's width beside the others', and where its cells stand."""

    title: str
    width: float = 1.0
    align: Align = "center"


@dataclass(frozen=True)
class Table:
    """A table as wide as the text; its header is repeated on each page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    emphasis: Collection[int] = ()
    """Numbers of rows in bold letters, from 0."""

    @property
    def size(self) -> float:
        """Points of its letters: 小四, or 五号 where many columns share the width."""
        return 12.0 if len(self.columns) <= 7 else 10.5


@dataclass(frozen=True)
class Picture:
    """A picture: the drawing stands in the PDF, where it is sharp at any size; the PNG stands in Word documents."""

    png: bytes
    svg: bytes = b""
    caption: str = ""
    width: float = 150.0
    """Millimetres, at most `TEXT_WIDTH`."""


Block = Heading | Paragraph | Note | Table | Picture


@dataclass(frozen=True)
class Appendix:
    """An appendix (附件), which begins on a page of its own."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Official:
    """An official paper; what is empty is left out."""

    title: str
    """标题; a line break is kept."""
    blocks: Sequence[Block]
    """正文."""
    organ: str = ""
    """发文机关标志, in red at the head of the first page."""
    number: str = ""
    """发文字号, such as 淄高政务通报〔2026〕11号."""
    addressee: str = ""
    """主送机关, without its colon."""
    attachments: Sequence[str] = ()
    """附件说明: names of the attachments."""
    signature: str = ""
    """发文机关署名."""
    day: date | None = None
    """成文日期."""
    remark: str = ""
    """附注, without its brackets."""
    appendices: Sequence[Appendix] = field(default_factory=tuple)
    copies: str = ""
    """抄送机关."""
    issuer: str = ""
    """印发机关."""
    issued_on: date | None = None
    """印发日期."""

    @property
    def has_colophon(self) -> bool:
        """Whether there is a 版记 at the foot of the last page."""
        return bool(self.copies or self.issuer or self.issued_on)


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """Return blocks whose headings carry their numbers: 一、（一）1.（1）, in English 1. 1.1 (1) (a)."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading) or not block.numbered:
            yield block
            continue
        place = block.level - 1
        counts[place:] = [counts[place] + 1, *[0] * (3 - place)]
        yield Heading(_number(counts, block.level) + block.text, block.level, numbered=False)


def chinese_number(number: int) -> str:
    """Return a number below 100 in Chinese: 十一, 二十.

    Raises:
        ValueError: it is negative or has more than two digits.
    """
    if not 0 <= number < 100:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _number(counts: Sequence[int], level: int) -> str:
    first, second, third, fourth = counts
    if locale() == "zh_CN":
        forms = [f"{chinese_number(first)}、", f"（{chinese_number(second)}）", f"{third}.", f"（{fourth}）"]
    else:
        forms = [f"{first}. ", f"{first}.{second} ", f"({third}) ", f"({_LETTERS[(fourth - 1) % 26]}) "]
    return forms[level - 1]
