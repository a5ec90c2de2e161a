"""The table of faults: one row for each scenario, printed at the end of the run and kept in docs/reliability.md."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROPERTY = "fault"
_HEADS = {
    "scenario": "What happens",
    "faults": "times",
    "reminders": "reminders",
    "inbox": "in the inbox",
    "received": "received outside",
    "messages": "in messages",
    "failed": "failed, listed",
    "lost": "lost",
    "duplicates": "duplicates",
    "allowed": "in flight",
    "seconds": "seconds to recover",
}
_BEGIN, _END = "<!-- the table of faults -->", "<!-- end of the table -->"


@dataclass(frozen=True)
class Row:
    """What one scenario came to.

    Args:
        scenario: what happens.
        faults: how many times it happens.
        reminders: how many there were.
        inbox: how many lie in the inbox.
        received: how many different ones the receivers got.
        messages: in how many different messages: urgent ones by themselves, the rest in digests.
        failed: how many are in the failed list with the reason.
        lost: how many neither arrived nor are in that list.
        duplicates: how often the receivers got a message once more.
        allowed: how many messages were in flight at the faults, sent and not recorded: as many may be sent again.
        seconds: from the end of the last fault until everything was recorded.
    """

    scenario: str
    faults: int
    reminders: int
    inbox: int
    received: int
    messages: int
    failed: int
    lost: int
    duplicates: int
    allowed: int
    seconds: float


def rows(reports: Iterable[object]) -> list[dict[str, object]]:
    """Return the rows that reports of tests carry, in the order in which they were told."""
    called = [each for each in reports if getattr(each, "when", "") == "call"]
    return [value for each in called for name, value in getattr(each, "user_properties", ()) if name == PROPERTY]


def as_property(row: Row) -> tuple[str, dict[str, object]]:
    """Return a row as a test's report carries it from one process to the other."""
    return PROPERTY, asdict(row)


def lines(rows: Sequence[dict[str, object]]) -> list[str]:
    """Return the table as Markdown."""
    cells = [list(_HEADS.values()), *([_cell(row[name]) for name in _HEADS] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    shown = [f"| {' | '.join(_aligned(cell, widths, index) for index, cell in enumerate(line))} |" for line in cells]
    ruler = "|" + "|".join("-" * (width + 1) + (":" if index else "-") for index, width in enumerate(widths)) + "|"
    return [shown[0], ruler, *shown[1:]]


def write(file: Path, rows: Sequence[dict[str, object]]) -> None:
    """Put the table into its place in a document."""
    before, _begin, rest = file.read_text("utf-8").partition(_BEGIN)
    _old, _end, after = rest.partition(_END)
    file.write_text("\n".join([f"{before}{_BEGIN}\n", *lines(rows), f"\n{_END}{after}"]), "utf-8")


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _aligned(cell: str, widths: Sequence[int], index: int) -> str:
    return cell.rjust(widths[index]) if index else cell.ljust(widths[index])
