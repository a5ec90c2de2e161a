"""Contact sheets: all pages side by side, one picture for each width and theme; each page by itself in `artifacts/`."""

import io
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.browser.conftest import ARTIFACTS
from tests.look.probe import Look

_ACROSS = {390: (12, 150), 820: (9, 210), 1440: (8, 250)}
"""Width of the window → pictures side by side, and how wide each is, px."""
_CAPTION, _GAP, _MOST = 14, 6, 300_000


class Album:
    """Pictures of a run.

    Args:
        folder: where the contact sheets go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[tuple[int, str], list[tuple[str, Image.Image]]] = {}

    def keep(self, page: Page, name: str, look: Look) -> None:
        """Keep what the page shows now, made small."""
        whole = ARTIFACTS / "look" / f"{name}-{look.width}-{look.theme}.png"
        whole.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(io.BytesIO(page.screenshot(path=whole))) as picture:
            wide = _ACROSS[look.width][1]
            small = picture.convert("RGB").resize(
                (wide, round(picture.height * wide / picture.width)), Image.Resampling.LANCZOS
            )
        self._kept.setdefault((look.width, look.theme), []).append((name, small))

    def make(self) -> None:
        """Write the sheets, each at most 300 kB."""
        self.folder.mkdir(exist_ok=True)
        for (width, theme), pictures in self._kept.items():
            sheet = _sheet(width, sorted(pictures, key=lambda each: each[0]))
            for quality in range(80, 20, -10):
                data = io.BytesIO()
                sheet.save(data, "WEBP", quality=quality, method=6)
                if data.tell() <= _MOST:
                    break
            (self.folder / f"{width}-{theme}.webp").write_bytes(data.getvalue())


def _sheet(width: int, pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    across, wide = _ACROSS[width]
    high = max(each.height for _name, each in pictures) + _CAPTION + _GAP
    rows = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * (wide + _GAP), rows * high), "#888888")
    pen = ImageDraw.Draw(sheet)
    for number, (name, picture) in enumerate(pictures):
        x, y = number % across * (wide + _GAP), number // across * high
        pen.text((x + 2, y + 1), name, fill="#ffffff")
        sheet.paste(picture, (x, y + _CAPTION))
    return sheet
