"""The table of outages: one row for each person of each scenario, printed at the end and kept in docs/outages.md."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

PROPERTY = "outage"
_HEADS = {"scenario": "What happens", "who": "To whom", "saw": "What they saw", "after": "What came of it",
          "seconds": "Well again after"}  # fmt: skip
_BEGIN, _END = "<!-- the table of outages -->", "<!-- end of the table -->"


@dataclass(frozen=True)
class Row:
    """What one outage was to one person.

    Args:
        scenario: what happens.
        who: the person and what they are doing.
        saw: the sentence they saw, as it stood on the page.
        after: what became of what they had typed and pressed.
        seconds: from the end of the outage until their page was well again.
    """

    scenario: str
    who: str
    saw: str
    after: str
    seconds: float


def as_property(row: Row) -> tuple[str, dict[str, object]]:
    """Return a row as a test's report carries it from one process to the other."""
    return PROPERTY, asdict(row)


def show(reporter: pytest.TerminalReporter, document: Path | None) -> None:
    """Print the rows that reports carry, and put them into a document if one is given."""
    reports = [each for several in reporter.stats.values() for each in several]
    called = [each for each in reports if getattr(each, "when", "") == "call"]
    rows = [value for each in called for name, value in getattr(each, "user_properties", ()) if name == PROPERTY]
    if not rows:
        return
    reporter.section("what people see in an outage")
    cells = [[_cell(row[name]) for name in _HEADS] for row in rows]
    lines = [f"| {' | '.join(line)} |" for line in (_HEADS.values(), ["---"] * len(_HEADS), *cells)]
    for line in lines:
        reporter.write_line(line)
    if document is not None:
        before, _begin, rest = document.read_text("utf-8").partition(_BEGIN)
        _old, _end, after = rest.partition(_END)
        document.write_text("\n".join([f"{before}{_BEGIN}\n", *lines, f"\n{_END}{after}"]), "utf-8")


def _cell(value: object) -> str:
    return f"{value:.1f} s" if isinstance(value, float) else str(value)
