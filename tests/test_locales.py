"""Every text of the product has a Chinese translation, once, with the same places to fill in."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.i18n import LOCALES, catalogue_files, locale_folder

_ROOT = Path(__file__).parent.parent
_SOURCES = ("core", "models", "services", "workers", "pages", "bench")
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_PLACE = re.compile(r"{[^{}]*}")


@cache
def _texts() -> dict[str, str]:
    """Return message id → where it is first used."""
    found: dict[str, str] = {}
    files = [_ROOT / "app.py", _ROOT / "cli.py"]
    for folder in _SOURCES:
        files += sorted((_ROOT / folder).rglob("*.py"))
    for file in files:
        for line, message in _in_python(file):
            found.setdefault(message, f"{file.relative_to(_ROOT)}:{line}")
    for line_file, message in _in_templates():
        found.setdefault(message, line_file)
    return found


def _in_python(file: Path) -> Iterator[tuple[int, str]]:
    """Read the tree rather than Babel's tokens, which in Python 3.11 do not see a call within an f-string."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        if name in _KEYWORDS and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
            yield node.lineno, first.value


def _in_templates() -> Iterator[tuple[str, str]]:
    for file, line, message, *_rest in extract_from_dir(
        str(_ROOT / "pages"), [("**/templates/**.html", "jinja2")], keywords=_KEYWORDS
    ):
        yield f"pages/{file}:{line}", _first(message)


@cache
def _messages() -> dict[str, list[tuple[str, Message]]]:
    """Return message id → each catalogue file that has it, with its entry."""
    found: dict[str, list[tuple[str, Message]]] = defaultdict(list)
    for file in catalogue_files("zh_CN"):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN", abort_invalid=True):
                if message.id:
                    found[_first(message.id)].append((file.name, message))
    return found


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_every_text_is_translated() -> None:
    translated = {key for key, entries in _messages().items() if all(all(_forms(m.string)) for _f, m in entries)}

    missing = [f"{where}: {key!r}" for key, where in _texts().items() if key not in translated]

    assert not missing, f"{len(missing)} texts lack a translation:\n" + "\n".join(sorted(missing))


def test_no_translation_is_unused() -> None:
    unused = [f"{entries[0][0]}: {key!r}" for key, entries in _messages().items() if key not in _texts()]

    assert not unused, "translations no source uses:\n" + "\n".join(sorted(unused))


def test_no_text_is_translated_twice() -> None:
    twice = [
        f"{key!r} in {', '.join(file for file, _m in entries)}"
        for key, entries in _messages().items()
        if len(entries) > 1
    ]
    for file in catalogue_files("zh_CN"):
        ids = Counter(re.findall(r'^msgid "(.*)"$', file.read_text("utf-8"), re.MULTILINE))
        twice += [f"{key!r} twice in {file.name}" for key, count in ids.items() if key and count > 1]

    assert not twice, "texts translated twice:\n" + "\n".join(sorted(twice))


def test_places_to_fill_in_are_the_same() -> None:
    wrong = []
    for entries in _messages().values():
        for file, message in entries:
            allowed = {place for form in _forms(message.id) for place in _PLACE.findall(form)}
            for text in _forms(message.string):
                places = set(_PLACE.findall(text))
                needed = allowed if isinstance(message.id, str) else set(_PLACE.findall(_forms(message.id)[-1]))
                if text and (not needed <= places or not places <= allowed):
                    wrong.append(f"{file}: {message.id!r} → {text!r}")

    assert not wrong, "translations with other {places}:\n" + "\n".join(wrong)


def test_no_entry_is_fuzzy_or_obsolete() -> None:
    unclear = [f"{file}: {m.id!r}" for entries in _messages().values() for file, m in entries if m.fuzzy]
    for path in catalogue_files("zh_CN"):
        unclear += [f"{path.name}: {line}" for line in path.read_text("utf-8").splitlines() if line.startswith("#~")]

    assert not unclear, "\n".join(unclear)


def test_each_language_but_english_has_a_folder() -> None:
    assert {path.name for path in locale_folder().iterdir()} == set(LOCALES) - {"en"}
