"""The table of looks in docs/look.md: what was looked at in each width, language and theme, and what was found."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.look.probe import Look

_BEGIN, _END = "<!-- the table of looks -->", "<!-- end of the table -->"


@dataclass(frozen=True)
class Tally:
    """Pages looked at and findings, by the way they were looked at, and the allowances that were used."""

    pages: Counter[Look] = field(default_factory=Counter)
    findings: Counter[Look] = field(default_factory=Counter)
    used: set[tuple[str, str]] = field(default_factory=set)


def write(document: Path, tally: Tally) -> None:
    """Put the counts into the document."""
    lines = ["| Width, px | Language | Theme | Pages looked at | Findings |", "|---|---|---|---|---|"]
    lines += [
        f"| {look.width} | {look.language} | {look.theme} | {count} | {tally.findings[look]} |"
        for look, count in sorted(tally.pages.items(), key=lambda each: str(each[0]))
    ]
    before, _begin, rest = document.read_text("utf-8").partition(_BEGIN)
    _old, _end, after = rest.partition(_END)
    document.write_text("\n".join([f"{before}{_BEGIN}\n", *lines, f"\n{_END}{after}"]), "utf-8")
