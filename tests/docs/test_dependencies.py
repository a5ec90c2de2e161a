"""Every dependency is explained, and nothing is explained that is not one."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_documented_dependencies_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split(r"[\[<>=!~ ]", each)[0] for each in needed]
    rows = re.findall(r"^\| ([a-z0-9-]+) \|(.*)\|$", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE)
    explained = [name for name, _rest in rows if name != "package" and set(name) != {"-"}]

    assert explained == names, "the same packages in the same order"
    for name, rest in rows:
        assert all(cell.strip() for cell in rest.split("|")), f"{name} leaves something out"


def test_the_lock_files_name_no_address_and_hash_everything() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[A-Za-z0-9_.-]+==", text, re.MULTILINE)
        assert len(re.findall(r"^[A-Za-z0-9_.-]+==[^\n]*\\\n    --hash=", text, re.MULTILINE)) == len(pinned)
