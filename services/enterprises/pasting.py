"""A pasted list of enterprises: which it names, and which lines name none."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError
from core.i18n import N_, gettext
from models.enterprise import Enterprise
from services.actor import Actor
from services.entities.references import find_by_text

MAX_LINES = 5000
_NONE = N_("No enterprise has this name or credit code.")
_MANY = N_("Several enterprises have this name; use the credit code.")


@dataclass(frozen=True)
class BadLine:
    """A line of a pasted list that names no enterprise: its number counted from 1, its text, the reason."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True)
class Named:
    """What a pasted list names: enterprises (id → name, in the order of their ids), lines that name none."""

    enterprises: dict[int, str]
    bad: list[BadLine]


def named(session: Session, actor: Actor, pasted: str) -> Named:
    """Return which enterprises a pasted list names, by credit code or exact name, one a line; part of a use case.

    Raises:
        ConflictError: the list is too long.
    """
    lines = [(number, text.clean(line)) for number, line in enumerate(pasted.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MAX_LINES:
        raise ConflictError(N_("At most {limit} lines fit. Import a longer list as a file."), limit=MAX_LINES)
    found = find_by_text(session, actor, "enterprise", [form for _n, line in lines for form in (line, line.upper())])
    bad: list[BadLine] = []
    ids: set[int] = set()
    for number, line in lines:
        meant = found[line] or found[line.upper()]
        if len(meant) == 1:
            ids.add(meant[0])
        else:
            bad.append(BadLine(number, line, gettext(_MANY if meant else _NONE)))
    rows = session.exec(select(Enterprise).where(col(Enterprise.id).in_(ids)).order_by(col(Enterprise.id)))
    return Named({row.pk: row.name for row in rows}, bad)
