"""The unified social credit code of GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import in_locale
from models import uscc


@pytest.mark.parametrize("code", ["91350100M000100Y43", "92371000MA3MXH0E3W"])
def test_the_codes_known_from_the_standard_are_valid(code: str) -> None:
    assert uscc.problem(code) == ""
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("9137030", "18 characters; this one has 7"),
        ("91370303MA3O6EU74F", "Character 12 is “O”"),
        ("B1370303MA3P6EU74F", "authority has the sign “B”"),
        ("91A70303MA3P6EU74F", "six digits"),
        ("91350100M000100Y44", "would be “3”"),
    ],
)
def test_each_broken_rule_is_named(code: str, reason: str) -> None:
    with in_locale("en"):
        assert reason in uscc.problem(code)


def test_what_people_type_becomes_what_is_stored() -> None:
    assert uscc.normal(" 9135 0100-m000100y43 ") == "91350100M000100Y43"


@given(st.text(uscc.ALPHABET, min_size=9, max_size=9), st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_any_one_mistyped_character_is_noticed(tail: str, place: int, other: str) -> None:
    """Given a valid code, when one character of it is another, then the code is refused."""
    body = f"91370303{tail}"
    code = body + uscc.check_character(body)
    assert uscc.is_valid(code)

    wrong = code[:place] + other + code[place + 1 :]

    assert uscc.is_valid(wrong) == (wrong == code)


def test_a_body_of_another_length_has_no_check_character() -> None:
    with pytest.raises(ValueError, match="17 characters"):
        uscc.check_character("913703")
