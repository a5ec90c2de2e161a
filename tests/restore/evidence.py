"""The tables of docs/backup.md: what a drill came to, and what every harm came to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Evidence:
    """Rows that tests give as they go; a document gets those tables that have any.

    Args:
        tables: head and rows by the name of the table.
    """

    tables: dict[str, tuple[Sequence[str], list[Sequence[object]]]] = field(default_factory=dict)

    def add(self, name: str, head: Sequence[str], *cells: object) -> None:
        """Add a row to a table."""
        self.tables.setdefault(name, (head, []))[1].append(cells)

    def write(self, document: Path) -> None:
        """Put the tables into a document, between the marks that bear their names."""
        text = document.read_text("utf-8")
        for name, (head, rows) in self.tables.items():
            begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
            before, _mark, rest = text.partition(begin)
            _old, _mark, after = rest.partition(end)
            lines = [head, ["---"] * len(head), *rows]
            body = "\n".join("| " + " | ".join(map(str, each)) + " |" for each in lines)
            text = f"{before}{begin}\n{body}\n\n{end}{after}"
        document.write_text(text, "utf-8")
