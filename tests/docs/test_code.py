"""Code stays readable: short functions, a docstring for each module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("core", "models", "services", "workers", "pages", "bench")
LONGEST = 40  # lines of a body, without its docstring: what fits on a screen
PAGE = re.compile(r"[a-z_]+/[a-z_]+\.py")  # a page's file as the menu and links name it
ALLOWED: dict[str, str] = {}  # "file:function" → why it may be longer


def test_no_function_is_long_without_a_reason() -> None:
    long = {name for path, tree in _modules() for name in _long(path, tree)}

    assert long == set(ALLOWED)


def test_every_module_says_what_it_is() -> None:
    mute = [str(path) for path, tree in _modules() if tree.body and not ast.get_docstring(tree)]

    # A page's file is a script whose function `page` carries the text.
    assert [path for path in mute if not path.startswith("pages/")] == []


def test_every_page_that_is_named_is_there() -> None:
    """A button that leads to a page by its file ends in an error where that file has another name."""
    named = {
        node.value
        for _path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PAGE.fullmatch(node.value)
    }

    assert len(named) > 40
    assert [each for each in sorted(named) if not (ROOT / "pages" / each).is_file()] == []


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def _long(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (node.end_lineno or 0) - body[0].lineno >= LONGEST:
                yield f"{path}:{node.name}"
