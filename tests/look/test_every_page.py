"""Every page, as people see it: narrow and wide, in both languages, light and dark, with nothing cut and no barrier."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, ConsoleMessage

from core.i18n import catalogue_files
from models.account import Role
from services.demo import PASSWORD
from tests.browser.conftest import USERNAMES, wait_idle
from tests.look import probe, sheets, table
from tests.look.allowed import ALLOWED, COMMON_WORDS
from tests.look.places import Place, places
from tests.look.probe import LANGUAGES, THEMES, WIDTHS, Look
from tests.servers import WebServer

pytestmark = pytest.mark.browser
_ALL = [Look(width, language, theme) for language in LANGUAGES for width in WIDTHS for theme in THEMES]
_ROTATED = [_ALL[number] for number in (0, 11, 1, 10, 4, 7, 5, 6, 2, 9, 3, 8)]
"""All ways to look, in an order in which neighbours differ: each page gets one in the quick run."""
_SETTLE = 250


def _phrases() -> dict[str, set[str]]:
    """Return for each language the whole lines that only the other one has."""
    pairs = []
    for file in catalogue_files("zh_CN"):
        with file.open("rb") as catalogue:
            pairs += [(each.id, each.string) for each in read_po(catalogue) if isinstance(each.id, str) and each.id]
    pairs = [(one, other) for one, other in pairs if one != other and "{" not in one and one not in COMMON_WORDS]
    return {"zh_CN": {one for one, _other in pairs}, "en": set()}


class Visitor:
    """Somebody at a browser that looks at pages in turn and notes what is wrong."""

    def __init__(self, browser: Browser, server: WebServer, role: Role | None) -> None:
        self.context = browser.new_context(base_url=server.url, timezone_id="Asia/Shanghai", locale="zh-CN")
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda problem: self.heard.append(f"script error: {problem}"[:200]))
        self.heard: list[str] = []
        self._role, self._server, self._phrases = role, server, _phrases()
        if role:
            self.page.goto("/sign-in")
            self.page.fill("#username", USERNAMES[role])
            self.page.fill("#password", PASSWORD)
            self.page.click("button[type=submit]")
            wait_idle(self.page)

    def speak(self, language: str) -> None:
        """Choose the language: of the account, or of the browser of somebody not signed in."""
        if not self._role:
            self.page.goto(f"/sign-in?lang={language}")
            return
        with psycopg.connect(self._server.env["QIANQI_DATABASE_URL"]) as connection:
            connection.execute("UPDATE account SET locale = %s WHERE username = %s", (language, USERNAMES[self._role]))

    def open(self, place: Place, look: Look) -> None:
        """Open a page anew, in a window of that width."""
        self._turn(look)
        self.heard.clear()
        self.page.goto(place.path)
        if self._role:
            wait_idle(self.page)

    def turn(self, look: Look) -> None:
        """Change width and theme of the window in which a page is open."""
        self._turn(look)
        self.page.wait_for_timeout(_SETTLE)

    def _turn(self, look: Look) -> None:
        self.page.set_viewport_size({"width": look.width, "height": 844 if look.width < 500 else 900})
        self.page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")

    def notes(self, look: Look, used: set[tuple[str, str]]) -> list[str]:
        """Return what is wrong with the page as it stands; allowed barriers go to `used` instead."""
        found = [*self.heard, *probe.seen(self.page, self._phrases[look.language])]
        if self.page.get_by_test_id("stException").count():
            found.append("exception")
        for rule, where in probe.barriers(self.page):
            allowed = next((key for key in ALLOWED if key[0] == rule and key[1] in where), None)
            used.update([allowed] if allowed else [])
            found += [] if allowed else [where]
        return found

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            self.heard.append(f"console: {message.text}"[:200])


@pytest.fixture
def speaking_chinese_again(server: WebServer) -> Iterator[None]:
    """Give the accounts their language back."""
    yield
    with psycopg.connect(server.env["QIANQI_DATABASE_URL"]) as connection:
        connection.execute("UPDATE account SET locale = 'zh_CN' WHERE username = ANY(%s)", (list(USERNAMES.values()),))


@pytest.mark.usefixtures("speaking_chinese_again")
@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "nobody")
def test_every_page_looks_right(  # noqa: PLR0917 - fixtures
    browser: Browser,
    server: WebServer,
    role: Role | None,
    document: Path | None,
    album: sheets.Album | None,
    tally: table.Tally,
) -> None:
    findings: dict[str, list[str]] = {}
    visitor = Visitor(browser, server, role)
    for language in LANGUAGES:
        visitor.speak(language)
        for number, place in enumerate(places(server.env["QIANQI_DATABASE_URL"])):
            looks = [each for each in _looks(number, whole=document is not None) if each.language == language]
            if place.role is not role or not looks:
                continue
            visitor.open(place, looks[0])
            for look in looks:
                visitor.turn(look)
                notes = visitor.notes(look, tally.used)
                tally.pages[look] += 1
                tally.findings[look] += len(notes)
                for note in notes:
                    findings.setdefault(f"{place.name}: {note}", []).append(str(look))
                if album and language == "zh_CN":
                    album.keep(visitor.page, place.name, look)
    visitor.context.close()
    assert findings == {}, "\n".join(f"{note} ({len(looks)}: {looks[0]})" for note, looks in findings.items())


def test_nothing_is_allowed_in_vain(document: Path | None, tally: table.Tally) -> None:
    assert document is None or set(ALLOWED) == tally.used


def _looks(number: int, *, whole: bool) -> list[Look]:
    return _ALL if whole else [_ROTATED[number % len(_ROTATED)]]
