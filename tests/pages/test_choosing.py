"""A table whose rows can be chosen, as Streamlit runs it; the gesture itself is tested in a browser."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.common.choosing import choose_none, chosen_of

    ids = [int(each) for each in st.query_params["ids"].split(",")]
    if "anew" in st.query_params:
        choose_none("rows")
    one = "one" in st.query_params
    found = chosen_of("rows", ids, [{"number": each} for each in ids], one_at_least=one)
    st.text(",".join(map(str, found)))


def shown(app: AppTest, ids: str, **more: str) -> str:
    """Run the page with some rows and return which are chosen."""
    app.query_params.clear()
    for name, value in {"ids": ids, **more}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app.text[0].value


def opened(*chosen: int) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["rows_chosen"] = list(chosen)
    return app


def test_rows_stay_chosen_wherever_they_come_to_stand() -> None:
    app = opened(2, 3)

    assert shown(app, "1,2,3") == "2,3"
    assert shown(app, "9,3,2,1") == "2,3"


def test_a_row_that_went_is_chosen_no_more_also_when_it_comes_back() -> None:
    app = opened(2, 3)

    assert shown(app, "1,3") == "3"
    assert shown(app, "1,2,3") == "3"


def test_the_first_is_chosen_where_one_must_be_and_stays_so() -> None:
    app = opened()

    assert shown(app, "5,6", one="yes") == "5"
    assert shown(app, "4,5,6", one="yes") == "5"
    assert shown(app, "4,6", one="yes") == "4"


def test_nothing_is_chosen_once_it_was_acted_on() -> None:
    app = opened(1)
    before = shown(app, "1,2")

    assert (before, shown(app, "1,2", anew="yes")) == ("1", "")
