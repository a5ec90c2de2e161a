"""What is looked at on a page: its width, cut text, the other language, and what axe-core finds."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

WIDTHS, LANGUAGES, THEMES = (390, 820, 1440), ("zh_CN", "en"), ("light", "dark")
_SCRIPT = Path(__file__).with_name("probe.js").read_text("utf-8")
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter((each) => ["serious", "critical"].includes(each.impact))
  .map((each) => [each.id, each.nodes.length, each.nodes[0].target.join(" "), each.nodes[0].html.slice(0, 160)])"""


@dataclass(frozen=True)
class Look:
    """One way to look at a page.

    Args:
        width: of the window, px.
        language: a key of `core.i18n.LOCALES`.
        theme: which colours the browser prefers.
    """

    width: int
    language: str
    theme: str

    def __str__(self) -> str:
        """Return it as findings name it."""
        return f"{self.width} {self.language} {self.theme}"


def seen(page: Page, phrases: Collection[str]) -> list[str]:
    """Return what a person would see go wrong; `phrases` are lines of the language they have not chosen."""
    return [f"{kind}: {what}" for kind, what in page.evaluate(_SCRIPT, list(phrases))]


def barriers(page: Page) -> list[tuple[str, str]]:
    """Return the rule and the place of what axe-core calls serious or critical."""
    page.evaluate(f"() => {{ if (!window.axe) {{ {_AXE} }} }}")
    found: list[list[Any]] = page.evaluate(_RUN)
    return [(rule, f"{rule} ×{count} {target} {html}") for rule, count, target, html in found]
