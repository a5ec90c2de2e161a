"""One check of a value, for forms, files and visit forms alike."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.i18n import in_locale
from models.fields import Condition, FieldKind, FieldSpec, Option, clean_value, clean_values

COLOURS = (Option(value="red", label="红"), Option(value="blue", label="蓝"))


def spec(kind: FieldKind, **more: Any) -> FieldSpec:
    return FieldSpec(key="f", label="Field", kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        (FieldKind.TEXT, " 甲\n乙 ", "甲 乙"),
        (FieldKind.TEXT, 370303.0, "370303"),
        (FieldKind.LONG_TEXT, "第一行,\n第二行", "第一行,\n第二行"),
        (FieldKind.INTEGER, "１２,３４５", 12345),
        (FieldKind.NUMBER, "1.5", 1.5),
        (FieldKind.DATE, "2026年11月4日", date(2026, 11, 4)),
        (FieldKind.DATE, "2026/11/4", date(2026, 11, 4)),
        (FieldKind.DATE, 46330, date(2026, 11, 4)),
        (FieldKind.MOMENT, "2026-11-24 09:30", datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))),
        (FieldKind.BOOLEAN, "是", True),
        (FieldKind.BOOLEAN, "否", False),
        (FieldKind.RATING, "4", 4),
        (FieldKind.PHONE, "138 0013 8000", "+8613800138000"),
    ],
)
def test_a_value_takes_its_stored_form(kind: FieldKind, raw: Any, stored: Any) -> None:
    assert clean_value(spec(kind), raw) == stored


@pytest.mark.parametrize("raw", ["", "  ", None, [], "\u3000"])
def test_nothing_is_nothing_and_missed_where_required(raw: Any) -> None:
    assert clean_value(spec(FieldKind.TEXT), raw) is None
    with in_locale("en"), pytest.raises(ValueError, match="must be filled in"):
        clean_value(spec(FieldKind.TEXT, required=True), raw)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldKind.INTEGER, "1.5"),
        (FieldKind.NUMBER, "nan"),
        (FieldKind.NUMBER, "一百"),
        (FieldKind.NUMBER, True),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.MOMENT, "昨天"),
        (FieldKind.BOOLEAN, "也许"),
        (FieldKind.RATING, 6),
        (FieldKind.PHONE, "12"),
        (FieldKind.CHOICE, "绿"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind: FieldKind, raw: Any) -> None:
    with in_locale("en"), pytest.raises(ValueError, match=r"must|is not"):
        clean_value(spec(kind, options=COLOURS), raw)


def test_choices_are_known_by_value_and_by_text() -> None:
    assert clean_value(spec(FieldKind.CHOICE, options=COLOURS), "蓝") == "blue"
    assert clean_value(spec(FieldKind.CHOICES, options=COLOURS), "红、blue,红") == ["red", "blue"]


def test_bounds_are_told() -> None:
    with in_locale("en"), pytest.raises(ValueError, match="at most 10"):
        clean_value(spec(FieldKind.NUMBER, maximum=10), 11)
    with in_locale("en"), pytest.raises(ValueError, match="3 characters, at most 2"):
        clean_value(spec(FieldKind.TEXT, max_length=2), "甲乙丙")


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    specs = [
        FieldSpec(key="solved", label="Solved", kind=FieldKind.BOOLEAN),
        FieldSpec(key="why", label="Why", required=True, shown_if=Condition(field="solved", values=("False",))),
    ]

    assert clean_values(specs, {"solved": True, "why": "x"}) == ({"solved": True}, {})
    values, problems = clean_values(specs, {"solved": False})
    assert values == {"solved": False}
    assert set(problems) == {"why"}


@example(FieldKind.ATTACHMENT, float("inf"))
@given(st.sampled_from(list(FieldKind)), st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_whatever_is_given_is_stored_or_refused_with_a_sentence(kind: FieldKind, raw: Any) -> None:
    try:
        clean_value(spec(kind, options=COLOURS), raw)
    except ValueError as problem:
        assert str(problem)  # noqa: PT017 - either outcome is right
