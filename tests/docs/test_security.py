"""The page about security is the one its declarations make, and names tests that there are."""

import ast

from tests.security import page
from tests.servers import ROOT


def test_the_page_is_made_of_its_declarations() -> None:
    assert (ROOT / "docs" / "security.md").read_text("utf-8") == page.page()


def test_every_test_it_names_is_there() -> None:
    assert {name for name in page.named() if not _is_there(name)} == set()


def _is_there(name: str) -> bool:
    file, _colons, function = name.partition("::")
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in nodes)
