"""A field shows whatever value it begins with, and takes days far from today."""

from datetime import date, datetime, time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.fields import FieldKind, FieldSpec, Option

KIND = FieldKind
NOON = time(12)
OPTIONS = (Option(value="steady", label="平稳"), Option(value="falling", label="下滑"))


def _page(spec: dict[str, object], value: object) -> None:
    import streamlit as st

    from models.fields import FieldSpec
    from pages.common.fields import field_input

    st.session_state["entered"] = field_input(FieldSpec.model_validate(spec), value, key="field")


def _opened(kind: FieldKind, value: Any, **more: Any) -> AppTest:
    spec = FieldSpec(key="field", label="Field", kind=kind, **more)
    app = AppTest.from_function(_page, args=(spec.model_dump(mode="json"), value)).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("kind", "value", "bounds"),
    [
        (KIND.INTEGER, 3, {"minimum": 10}),
        (KIND.INTEGER, 30, {"maximum": 10}),
        (KIND.NUMBER, 0.5, {"minimum": 1.0}),
        (KIND.NUMBER, 9.5, {"maximum": 1.0}),
        (KIND.TEXT, "长于限制的文字", {"max_length": 3}),
        (KIND.LONG_TEXT, "长于限制的文字", {"max_length": 3}),
        (KIND.DATE, date(1880, 5, 1), {}),
        (KIND.DATE, date(2150, 5, 1), {}),
        (KIND.MOMENT, datetime.combine(date(1880, 5, 1), NOON), {}),
    ],
)
def test_a_value_beyond_the_present_bounds_stands_there(kind: FieldKind, value: Any, bounds: dict[str, Any]) -> None:
    assert _opened(kind, value, **bounds).session_state["entered"] == value


@pytest.mark.parametrize("kind", [KIND.INTEGER, KIND.NUMBER, KIND.RATING, KIND.DATE, KIND.MOMENT, KIND.CHOICES])
@pytest.mark.parametrize("value", ["下滑了一些", True, {"a": 1}])
def test_a_value_of_another_kind_leaves_the_field_empty(kind: FieldKind, value: Any) -> None:
    assert _opened(kind, value, options=OPTIONS).session_state["entered"] in (None, [])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (KIND.CHOICE, ["steady", "falling"]),
        (KIND.TEXT, ["steady"]),
        (KIND.PHONE, ["steady"]),
        (KIND.CHOICES, 4),
        (KIND.RATING, 17),
        (KIND.DATE, 45000),
        (KIND.BOOLEAN, "steady"),
        (KIND.BOOLEAN, 4),
    ],
)
def test_a_list_or_a_number_where_none_fits_leaves_the_field_empty(kind: FieldKind, value: Any) -> None:
    required = kind is KIND.BOOLEAN  # shown as two answers of which none is chosen
    entered = _opened(kind, value, options=OPTIONS, required=required).session_state["entered"]
    assert entered in (None, "", [])


def test_a_fitting_value_is_begun_with() -> None:
    assert _opened(KIND.DATE, "2009-02-03").session_state["entered"] == date(2009, 2, 3)
    noon = _opened(KIND.MOMENT, "2009-02-03T12:00:00+08:00").session_state["entered"]
    assert noon == datetime.combine(date(2009, 2, 3), NOON)
    assert _opened(KIND.RATING, 4).session_state["entered"] == 4
    assert _opened(KIND.CHOICE, "gone", options=OPTIONS).session_state["entered"] == "gone"
    assert _opened(KIND.CHOICES, ["falling"], options=OPTIONS).session_state["entered"] == ["falling"]


@pytest.mark.parametrize("day", [date(1953, 1, 5), date(2049, 12, 31)])
def test_a_day_far_from_today_can_be_entered(day: date) -> None:
    app = _opened(KIND.DATE, None)
    assert app.date_input(key="field").set_value(day).run().session_state["entered"] == day
    moment = datetime.combine(day, NOON)
    app = _opened(KIND.MOMENT, None)
    assert app.datetime_input(key="field").set_value(moment).run().session_state["entered"] == moment


def _filter_page() -> None:
    from models.fields import FieldKind, FieldSpec
    from pages.common import filters

    filters._bound(FieldSpec(key="founded", label="Founded", kind=FieldKind.DATE), None, "Founded", "founded", "from")


def test_a_list_is_narrowed_to_days_far_from_today() -> None:
    app = AppTest.from_function(_filter_page).run()
    assert app.date_input(key="founded").min == date(1900, 1, 1)
    assert app.date_input(key="founded").max == date(2100, 12, 31)
