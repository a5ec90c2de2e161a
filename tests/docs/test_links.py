"""Every link of the documents leads to a file that is there, and to a heading that is in it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)


def test_every_link_leads_somewhere() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(file, target) for file in files for target in _LINK.findall(_FENCED.sub("", file.read_text("utf-8")))]
    inside = [(file, target) for file, target in links if "://" not in target and not target.startswith("mailto:")]

    assert len(inside) > 50
    assert [f"{file.relative_to(ROOT)}: {target}" for file, target in inside if not _leads(file, target)] == []


def _leads(file: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    to = (file.parent / path).resolve() if path else file
    return to.exists() and (not anchor or anchor in _anchors(to.read_text("utf-8")))


def _anchors(text: str) -> set[str]:
    """Return the anchors of the headings, made as the hosts of repositories make them."""
    plain = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", each) for each in _HEADING.findall(_FENCED.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in plain}
