"""Whatever a file is called, its name is one short line without a folder, with the ending of what it is."""

import pytest

from services import file_types


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd", "passwd.jpg"),
    ("..\\..\\boot.ini", "boot.ini.jpg"),
    ("/etc/x.jpg", "x.jpg"),
    ("C:\\a\\b.jpg", "b.jpg"),
    ("．．／x.jpg", "x.jpg"),
    ("a\x00.jpg", "a.jpg"),
    ("a.jpg\x00.exe", "a.jpg.exe.jpg"),
    ("现场\u202egpj.exe", "现场gpj.exe.jpg"),
    ("a\r\nSet-Cookie: x=1.jpg", "a Set-Cookie: x=1.jpg"),
    ("..", "...jpg"),
    ("", ".jpg"),
    ("a.jpg/", "a.jpg"),
    ("图.svg", "图.svg.jpg"),
])  # fmt: skip
def test_a_name_leads_nowhere(given: str, kept: str) -> None:
    assert file_types.tidy_name(given, file_types.TYPES["jpeg"]) == kept


def test_a_name_has_an_end() -> None:
    assert len(file_types.tidy_name("长" * 100_000 + ".jpg", file_types.TYPES["jpeg"])) <= 200
    assert file_types.tidy_name("长" * 100_000, file_types.TYPES["jpeg"]).endswith(".jpg")
