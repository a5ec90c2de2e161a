"""Every parameter of every address is given what it is not made for; pages stay pages."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from models.account import Role
from pages.shell.navigation import PAGES
from services.permissions import MATRIX
from tests.attack.conftest import OpenTab
from tests.attack.shown import texts
from tests.browser.conftest import USERNAMES
from tests.servers import ROOT

_READ = re.compile(
    r"(?:read|number_asked|number|numbers|member|days|switch|query_params\.get(?:_all)?)\(\s*[\"'](\w+)[\"']"
)
_NAMED = re.compile(r"go\(\s*[\"'][\w/]+\.py[\"'],\s*(\w+)=")
_ODD = (
    "' OR 1=1 --", "1; DROP TABLE issue", "%", "\\", "-1", "0", "99999999999999999999", "1e9", "NaN", "\x00", "..",
    "2023-13-45..x", "[]", "<b>", "１２", "²", "true", "null", "\u202e", "a" * 3000,
)  # fmt: skip
"""What no parameter is made for."""
_LISTS = {"_q": "%_' OR \\", "_sort": "name; --", "_page": "-3", "_size": "abc", "_columns": "x", "_row": "9999999999",
          "_at": "e30=", "_view": "none"}  # fmt: skip


def parameters() -> list[str]:
    """Return the names of all parameters that pages read from an address."""
    found: set[str] = set()
    for file in (ROOT / "pages").rglob("*.py"):
        source = file.read_text("utf-8")
        found |= {*_READ.findall(source), *_NAMED.findall(source)}
    return sorted(found)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_nothing_in_an_address_breaks_a_page(open_tab: OpenTab, role: Role) -> None:
    tab, failing = open_tab(USERNAMES[role]), []

    for entry in PAGES:
        if role not in MATRIX[entry.action]:
            continue
        for query in _queries():
            told = [text for _place, text in texts(tab.ask(entry.url_path, query))]
            if any("系统出错" in text or "Traceback" in text for text in told):
                failing.append((entry.file, query[:200]))

    assert failing == []


def test_the_parameters_are_found() -> None:
    assert {"issue", "visit", "enterprise", "campaign", "area_id", "team_id", "show", "state"} <= set(parameters())


def _queries() -> Iterator[str]:
    """Yield a few addresses that together give every parameter something odd, each another."""
    names = parameters()
    yield urlencode(_LISTS)
    yield urlencode({"_page": "99999999999999999999", "_row": "²", "_at": "²", "_size": "-1"})
    for turn in (0, 7, 13):
        yield urlencode({name: _ODD[(place + turn) % len(_ODD)] for place, name in enumerate(names)})
