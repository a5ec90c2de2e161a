"""Tests that must not run beside each other share a group, and no group has lost its files."""

import pytest

from tests.servers import ROOT
from tests.together import GROUPS, group_of


@pytest.mark.parametrize("begin", GROUPS)
def test_a_group_has_files(begin: str) -> None:
    assert (ROOT / begin).exists()


def test_browsers_work_one_after_the_other_and_most_tests_as_they_come() -> None:
    browsers = {group_of(f"tests/{folder}/test_a.py::test_b[c]") for folder in ("browser", "look", "outages")}

    assert browsers == {"browser"}
    assert group_of("tests/models/test_geo.py::test_a") == "tests/models/test_geo.py::test_a"
