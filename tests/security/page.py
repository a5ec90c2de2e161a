"""The page on how requirements of security are answered: `python -m tests.security.page > docs/security.md`."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.security.asvs import ASVS
from tests.security.evidence import Answer, Item
from tests.security.mlps import MLPS

_HEAD = """# Security

Made by `python -m tests.security.page > docs/security.md`; a test fails while this page is another, or names a test that
there is not. Every test named here runs in `make test`, most of them on the running server; `pytest tests/attack` runs
those that only attack.

- **Hostile text.** Every column of every table that people write into is filled with markup, scripts, Markdown and
  templates, every page of every role is read as the server sends it, and what would act is looked for.
- **Rows of others.** Every page that takes a row in its address is asked for one that is not the person's: it tells no
  more than for a row that does not exist.
- **Addresses.** Every parameter of every page is given what it is not made for.
- **Sessions, headers, files, exports, messages, logs** have tests of their own, named below.

A defect of security is told to whoever runs the installation; do not open a public issue.

## Personal data

Names, positions, phone numbers, WeChat names and mail addresses of enterprises' contacts; names and phone numbers of
staff. Phone numbers are masked but for those who must call. Places are removed from photos. What people type while
offline stays on their own device until it is handed in. Whoever may see what: [permissions.md](permissions.md). How long
it is kept is the operator's decision; the audit log is never shortened by the product.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [
        _HEAD,
        "## OWASP ASVS 5.0.0, levels 1 and 2\n",
        _summary(ASVS),
        *_tables(ASVS, "Asked"),
        "## 等保 2.0 三级 安全计算环境（GB/T 22239-2019 8.1.4）\n",
        _summary(MLPS),
        *_tables(MLPS, "要求"),
    ]
    return "\n".join(parts)


def named() -> set[str]:
    """Return every test the page names."""
    return {test for items in (*ASVS.values(), *MLPS.values()) for item in items for test in item.tests}


def _summary(standard: Mapping[str, Sequence[Item]]) -> str:
    counts = Counter(item.answer for items in standard.values() for item in items)
    return "Lines: " + ", ".join(f"{counts[answer]} {answer.value}" for answer in Answer if counts[answer]) + ".\n"


def _tables(standard: Mapping[str, Sequence[Item]], asked: str) -> list[str]:
    found = []
    for chapter, items in standard.items():
        found += [f"### {chapter}\n", f"| | {asked} | Answer | How |", "|---|---|---|---|"]
        found += [f"| {item.number} | {item.asked} | {item.answer.value} | {_how(item)} |" for item in items]
        found.append("")
    return found


def _how(item: Item) -> str:
    tests = ", ".join(
        f"[{name.partition('::')[2].replace('_', ' ')}](../tests/{name.partition('::')[0]})" for name in item.tests
    )
    return " ".join(part for part in (item.told, tests) if part)


if __name__ == "__main__":
    sys.stdout.write(page())
