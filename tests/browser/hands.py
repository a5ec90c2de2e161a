"""What a person does with a page, in the words of the page: press, enter, choose, tick; and pictures for the guides.

`QIANQI_SHOTS=1 .venv/bin/python -m pytest tests/browser` takes the pictures anew.
"""

import io
import re

from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import PICTURING, wait_idle
from tests.servers import ROOT

PICTURES = ROOT / "docs" / "guide" / "img"
_COLOURS = 128
_ROW = 32.8  # 2.1875 rem, the header too


def shot(page: Page, name: str) -> None:
    """Keep a picture of what the page shows for the guides, if `QIANQI_SHOTS=1` asks for it."""
    if not PICTURING:
        return
    page.wait_for_timeout(600)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
            PICTURES / f"{name}.png", optimize=True
        )


def press(place: Page | Locator, name: str | re.Pattern[str]) -> None:
    """Press a button, a pill or a radio button of that name."""
    exact = isinstance(name, str)
    button = place.get_by_role("button", name=name, exact=exact)
    button.or_(place.get_by_role("radio", name=name, exact=exact)).first.click()
    wait_idle(page_of(place))


def press_for(place: Page | Locator, name: str | re.Pattern[str], wanted: Locator) -> None:
    """Press a button until what it brings is there: a person whose press a busy machine misses presses again."""
    for _attempt in range(3):
        press(place, name)
        try:
            wanted.first.wait_for(timeout=8_000)
        except Error:
            continue
        return
    wanted.first.wait_for()


def enter(place: Page | Locator, label: str, text: str) -> None:
    """Type into the field whose label begins so and leave it; again where a page that ran just then took it away."""
    field = place.get_by_label(re.compile(rf"^{label}")).first
    for _attempt in range(3):
        field.fill(text)
        field.blur()
        wait_idle(page_of(place))
        if field.input_value() == text:
            return
    expect(field).to_have_value(text)


def choose(page: Page, label: str, option: str, *, many: bool = False) -> None:
    """Choose an option from a list that opens; one that takes many stays open and is closed."""
    wanted = page.get_by_role("option", name=option).first
    for _attempt in range(5):  # when the page runs again just then, a list closes, or is drawn anew under the finger
        if not wanted.is_visible():
            page.get_by_role("combobox", name=re.compile(label)).first.click()
            page.wait_for_timeout(300)
        if wanted.is_visible():
            wanted.click()
            if many:
                page.keyboard.press("Escape")
            wait_idle(page)
            page.wait_for_timeout(300)
            if not wanted.is_visible():
                return
        wait_idle(page)
    expect(wanted).to_be_hidden()


def set_day(page: Page, label: str, year: int, month: int, day: int) -> None:
    """Type a day into a field for dates, part by part from the year on."""
    page.get_by_label(label).first.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{year:04}-{month:02}-{day:02}")
    page.keyboard.press("Enter")
    wait_idle(page)


def tick(table: Locator, text: str | re.Pattern[str], *, row_height: float = _ROW) -> str:
    """Tick the first row that holds a text and return the cell's text.

    A table is drawn on a canvas; what it holds is told beside it for those who cannot see, and read there.
    """
    cell = table.locator("td", has_text=text).first
    cell.wait_for(state="attached")
    told, row = cell.text_content() or "", int((cell.get_attribute("id") or "").rpartition("-")[2])
    table.click(position={"x": 20, "y": _ROW + row_height * (row + 0.5)})
    wait_idle(page_of(table))
    return told


def page_of(place: Page | Locator) -> Page:
    """Return the page something lies on."""
    return place if isinstance(place, Page) else place.page
