"""Every command line the documents give exists, with its options, and every command stands in the list of commands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import cli

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs/commands.md"
_CALL = re.compile(r"(?<![\w/.-])qianqi ((?:--?[a-z]|[a-z])[^`#|\n]*)")
_CODE = re.compile(r"```.*?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_WORD = re.compile(r"[a-z][a-z-]*")


def test_every_command_and_option_is_in_the_list() -> None:
    assert _page() in LIST.read_text("utf-8"), f"docs/commands.md should hold this table:\n\n{_page()}"


def test_the_list_says_what_decides_the_language_of_commands() -> None:
    assert "`QIANQI_DEFAULT_LOCALE=en qianqi " in LIST.read_text("utf-8")


def test_one_way_to_serve_stands_in_the_table_of_processes() -> None:
    table = (ROOT / "docs/operations.md").read_text("utf-8").partition("| process | command |")[2].partition("\n\n")[0]

    assert {row.split("|")[2].strip() for row in table.splitlines()[2:]} == {
        f"`qianqi {command}`" for command in ("migrate", "web", "worker", "scheduler")
    }


def test_every_command_line_of_the_documents_exists() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    given = [(file.name, line) for file in files for line in _lines(file.read_text("utf-8"))]

    assert len(given) > 40
    assert {f"{name}: qianqi {line}: {wrong}" for name, line in given if (wrong := _wrong(line))} == set()


def _lines(text: str) -> Iterator[str]:
    for block, inline in _CODE.findall(text):
        yield from _CALL.findall(block or inline)


def _wrong(line: str) -> str:
    """Return the first word of a command line that the program does not know; empty if it knows all."""
    command = typer.main.get_command(cli.app)
    words = line.split()
    while hasattr(command, "commands") and words and _WORD.fullmatch(words[0]):
        word = words.pop(0)
        if word not in command.commands:
            return word
        command = command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return next((word for word in words if word.startswith("--") and word.partition("=")[0] not in known), "")


def _page() -> str:
    commands = _commands(typer.main.get_command(cli.app), "qianqi")
    rows = [f"| `{_usage(name, command)}` | {command.help} |" for name, command in commands]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def _commands(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if not hasattr(command, "commands"):
            yield f"{prefix} {name}", command
            continue
        if command.invoke_without_command:
            yield f"{prefix} {name}", command
        yield from _commands(command, f"{prefix} {name}")


def _usage(name: str, command: Any) -> str:
    return " ".join([name, *(_parameter(each) for each in command.params)])


def _parameter(each: Any) -> str:
    name = each.opts[0] if each.opts[0].startswith("-") else each.opts[0].upper()
    return name if each.required else f"[{name}]"
