"""The guides: one for each role, all of them in the index, with pictures that exist and are small."""

import re
from pathlib import Path

import pytest

from models.account import Role

GUIDES = Path(__file__).parents[2] / "docs" / "guide"
PICTURES = GUIDES / "img"
NAMES = {role: role.value.replace("_", "-") for role in Role}
IMAGE = re.compile(r"""[("](img/[^)"]+)[)"]""")
KIB = 1024


def shown() -> set[str]:
    """Return the pictures that a guide or the README shows."""
    readme = (GUIDES.parents[1] / "README.md").read_text("utf-8").replace("docs/guide/img/", "img/")
    texts = [readme, *(path.read_text("utf-8") for path in GUIDES.glob("*.md"))]
    return {name for text in texts for name in IMAGE.findall(text)}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_a_guide_that_the_index_names(role: Role) -> None:
    assert (GUIDES / f"{NAMES[role]}.md").exists()
    assert f"]({NAMES[role]}.md)" in (GUIDES / "README.md").read_text("utf-8")


def test_every_guide_belongs_to_a_role() -> None:
    assert {path.stem for path in GUIDES.glob("*.md")} == {"README", *NAMES.values()}


def test_every_picture_is_there_and_shown_somewhere() -> None:
    assert {f"img/{path.name}" for path in PICTURES.iterdir()} == shown()


def test_pictures_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}

    assert {name: size for name, size in sizes.items() if size > 120 * KIB} == {}
    assert sum(sizes.values()) < 3 * KIB * KIB
