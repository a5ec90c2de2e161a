"""What both writers share of the form: lengths, labels, and where signature and date stand."""

from dataclasses import dataclass

from core.i18n import format_date, gettext
from services.documents.model import Official
from services.exporting import text_width

TOP, BOTTOM, INNER, OUTER = 37.0, 35.0, 28.0, 26.0
"""Margins in millimetres: 天头, 地脚, 订口, 切口; what is left is 156 × 225."""
BODY_SIZE, TITLE_SIZE, SMALL_SIZE = 16.0, 22.0, 14.0
"""Points of 3号, 2号 and 4号."""
CHARACTERS = 28
"""In a line."""
LINE_PITCH = 28.95
"""Points from one line to the next: 225 mm by 22 lines, down to the twentieths in which Word measures."""
CHARACTER_PITCH = 156 / 25.4 * 72 / CHARACTERS
"""Points from one character to the next: 15.79."""
RED = "#e60012"
_LARGEST, _ORGAN_WIDTH = 46.0, 150.0


@dataclass(frozen=True)
class Signing:
    """How far signature and date are set in from the right, in characters."""

    signature: float
    day: float


def characters(text: str) -> float:
    """Return how many Chinese characters' room a text takes; a Latin letter takes half of one's."""
    return text_width(text) / 2


def organ_size(organ: str) -> float:
    """Return the points of the letters of the 发文机关标志: one line, no larger than a city's paper would have it."""
    return min(_LARGEST, _ORGAN_WIDTH / 25.4 * 72 / max(1.0, characters(organ)))


def signing(paper: Official) -> Signing:
    """Return where signature and date stand: the date four characters from the right, the signature centred above it.

    GB/T 9704-2012, 7.3.5.1. Where the signature would stick out, both move to the left.
    """
    wider = (characters(paper.signature) - characters(format_date(paper.day))) / 2
    return Signing(max(4 - wider, 0), max(4, wider))


def attachment_lines(paper: Official) -> list[str]:
    """Return the names of attachments, numbered if there are several (7.3.4)."""
    if len(paper.attachments) == 1:
        return [paper.attachments[0]]
    return [f"{number}.{name}" for number, name in enumerate(paper.attachments, start=1)]


def appendix_label(paper: Official, place: int) -> str:
    """Return what stands at the head of an appendix: 附件, or 附件2 where there are several."""
    label = gettext("Attachment")
    return label if len(paper.appendices) == 1 else gettext("{label} {number}").format(label=label, number=place + 1)


def addressee(paper: Official) -> str:
    """Return the line of those a paper is sent to."""
    return gettext("To: {addressee}").format(addressee=paper.addressee)


def remark(paper: Official) -> str:
    """Return the remark in its brackets."""
    return gettext("({remark})").format(remark=paper.remark)


def copies(paper: Official) -> str:
    """Return the line of those who get a copy."""
    return gettext("Copies to: {copies}").format(copies=paper.copies.rstrip("。."))


def issued(paper: Official) -> str:
    """Return when a paper is issued."""
    return gettext("Issued on {day}").format(day=format_date(paper.issued_on)) if paper.issued_on else ""


def flat(title: str) -> str:
    """Return a title on one line."""
    return "".join(title.splitlines())
