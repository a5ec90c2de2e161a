"""Plain text: one form for storing, comparing and searching."""

from hypothesis import given
from hypothesis import strategies as st

from core import text


def test_names_and_codes_take_plain_forms() -> None:
    assert text.clean("\u3000９１３７０３０３ＭＡ（甲）\u200b ") == "91370303MA(甲)"


def test_prose_keeps_its_punctuation_and_lines() -> None:
    assert text.prose(" 用电不稳,已停产两次;\n盼尽快解决。\x00 ") == "用电不稳,已停产两次;\n盼尽快解决。"


def test_what_no_document_can_hold_is_not_kept() -> None:
    for sign in ("\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\ufffe", "\uffff", "\ud800"):
        assert text.clean(f"甲{sign}乙") == text.prose(f"甲{sign}乙") == "甲乙"


@given(st.text())
def test_cleaning_twice_changes_nothing(given_text: str) -> None:
    once = text.clean(given_text)

    assert text.clean(once) == once


@given(st.text(min_size=1), st.text(), st.text())
def test_every_piece_of_a_query_is_a_piece_of_the_text_that_holds_it(query: str, before: str, after: str) -> None:
    form = text.search_form(f"{before}{query}{after}")
    if text.search_form(query) not in form:
        return  # characters that joined with their neighbours
    pieces = {form[i : i + size] for i in range(len(form)) for size in (1, 2)}

    assert set(text.grams(query)) <= pieces


def test_a_pattern_takes_signs_of_like_as_they_are() -> None:
    assert text.like_pattern("50%_A\\") == "%50\\%\\_a\\\\%"


def test_names_that_several_share_are_told_apart() -> None:
    names = {1: "张伟", 2: "李娜", 3: "张伟", 4: "张伟", 5: "张伟 (b)"}

    assert text.told_apart(names) == {1: "张伟 · 1", 2: "李娜", 3: "张伟 · 3", 4: "张伟 · 4", 5: "张伟 (b)"}
    assert text.told_apart(names, {1: "a", 3: "b"}) == {
        1: "张伟 (a)", 2: "李娜", 3: "张伟 (b) · 3", 4: "张伟", 5: "张伟 (b) · 5",
    }  # fmt: skip


@given(st.dictionaries(st.integers(), st.sampled_from("甲乙丙")), st.dictionaries(st.integers(), st.sampled_from("ab")))
def test_no_two_names_are_equal(names: dict[int, str], more: dict[int, str]) -> None:
    told = text.told_apart(names, more)

    assert list(told) == list(names)
    assert len(set(told.values())) == len(names)
