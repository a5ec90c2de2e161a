"""One row of a file on its way into the database."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.importing import Decision
from services.importing.readers import Cell


class Kind(StrEnum):
    """What importing a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"
    ASKED = "asked"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; an empty column means the row as a whole."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """An entry a row may be; `id` is `None` for an earlier row of the same file."""

    id: int | None
    text: str


@dataclass
class Draft:
    """A row: what the file says, what it means, and what it would do."""

    number: int
    cells: list[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    """Field key → checked value; a field without a column or with an empty cell is left out."""
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Reference field key → the column titles and texts that name the row or rows."""
    problems: list[Problem] = field(default_factory=list)
    row_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    decision: Decision = Decision.OPEN

    @property
    def kind(self) -> Kind:
        """What importing the row would do."""
        if self.decision is Decision.SKIP:
            return Kind.LEFT_OUT
        if self.problems:
            return Kind.BAD
        if self.row_id is not None:
            return Kind.CHANGED if self.changes else Kind.SAME
        if self.candidates and self.decision is Decision.OPEN:
            return Kind.ASKED
        return Kind.NEW

    @property
    def is_question(self) -> bool:
        """Whether somebody is to decide about the row, or has decided and is to be remembered.

        Nothing is decided about a row that is wrong, which comes back with the corrected file, nor about one that is
        there just as it is.
        """
        asked = bool(self.candidates) or self.decision in (Decision.SAME, Decision.SKIP)
        return asked and self.kind not in (Kind.BAD, Kind.SAME)
