"""What can be chosen in a widget is told apart by its text: Streamlit knows no other."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.servers import ROOT

WIDGETS = re.compile(r"\.__getitem__|format_func=lambda \w+: \w+\[\w+\]")


def page() -> None:
    import streamlit as st

    from pages.common.options import apart

    people = {7: "张伟", 8: "李娜", 9: "张伟"}
    st.selectbox("Who", list(people), None, apart(people), key="who")


@pytest.mark.parametrize("person", [7, 9])
def test_each_of_two_who_are_called_the_same_can_be_chosen(person: int) -> None:
    app = AppTest.from_function(page).run()

    app.selectbox(key="who").set_value(person).run()

    assert app.selectbox(key="who").value == person
    assert app.selectbox(key="who").options == ["张伟 · 7", "李娜", "张伟 · 9"]


def test_pages_offer_nothing_by_texts_that_may_be_equal() -> None:
    pages = [
        path
        for path in (ROOT / "pages").rglob("*.py")
        if path.name != "options.py" and WIDGETS.search(path.read_text("utf-8"))
    ]

    assert pages == []
