"""The shared pieces of pages: messages that outlive a rerun, confirmation, messages beside fields."""

import pytest
from streamlit.testing.v1 import AppTest

from core import text
from pages.common import ui, written


def _confirming() -> None:
    import streamlit as st

    from pages.common import ui

    ui.show_flash()
    with ui.header("Holidays", "12 entries"):
        st.button("New")
    if ui.confirm("Delete", "Really?", key="delete"):
        ui.flash("Deleted")
        st.rerun()


def _form() -> None:
    import streamlit as st

    from core.errors import ConflictError, InvalidError
    from models.fields import FieldSpec
    from pages.common import fields, ui

    slots: fields.Slots = {}
    entered = fields.inputs([FieldSpec(key="name", label="N")], {}, prefix="form", slots=slots)
    if st.button("Save", key="save"):
        with ui.told(slots):
            if entered["name"] == "taken":
                raise ConflictError("Somebody was quicker")
            raise InvalidError({"name": "N: is short", "other": "O: is missing"})


def test_nothing_happens_until_the_person_confirms_and_the_message_outlives_the_rerun() -> None:
    app = AppTest.from_function(_confirming).run()
    assert not app.toast

    app.button(key="delete_yes").click().run()

    assert [toast.value for toast in app.toast] == ["Deleted"]
    assert not app.run().toast


def test_a_message_about_a_field_stands_beside_it_and_others_below_and_nothing_typed_is_lost() -> None:
    app = AppTest.from_function(_form).run()

    app.text_input(key="form_name").set_value("ab")
    app.button(key="save").click().run()

    assert [error.value for error in app.error] == ["N: is short", "O: is missing"]
    assert app.text_input(key="form_name").value == "ab"


def test_a_conflict_is_told_as_a_sentence() -> None:
    app = AppTest.from_function(_form).run()

    app.text_input(key="form_name").set_value("taken")
    app.button(key="save").click().run()

    assert [error.value for error in app.error] == ["Somebody was quicker"]


def test_a_masked_phone_number_hides_the_middle() -> None:
    assert ui.masked_phone("+8613812345678") == "138****5678"
    assert text.masked_phone("0533-3581234") == "053****1234"
    assert text.masked_phone("12345") == "*****"


def test_names_are_shown_as_they_are_written() -> None:
    assert ui.plain("a*b[c]") == r"a\*b\[c\]"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("选择文件", "选择文件"),
        ("Skip it", r"Skip\20 it"),
        ('"; } </style><script>', r"\22 \3b \20 \7d \20 \3c \2f style\3e \3c script\3e "),
        ("a\n\\b", r"a\a \5c b"),
    ],
)
def test_a_text_in_a_style_cannot_end_it(given: str, made: str) -> None:
    assert written.css(given) == made
