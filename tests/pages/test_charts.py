"""Charts and tables that hand themselves out: what their buttons give, and where a press on them leads."""

from datetime import date
from io import BytesIO
from typing import Any

import altair as alt
import openpyxl
from streamlit.testing.v1 import AppTest

from pages.common import charts, sheets
from services.charts import style

COLUMNS = {"team": "队伍", "day": "日子", "visited": "走访", "share": "占比", "mixed": "混合", "none": ""}
ROWS: list[dict[str, Any]] = [
    {"id": 1, "team": "=1+1", "day": date(2026, 11, 1), "visited": 1280, "share": 0.425, "mixed": 1, "none": None},
    {"id": 2, "team": "北郊", "day": None, "visited": 770, "share": 0.5, "mixed": 1.5, "none": None},
]


def _page() -> None:
    import altair as alt
    import streamlit as st

    from pages.common import charts
    from pages.common.plain_list import plain_list

    columns = {"team": "Team", "visited": "Visited", "share": "Share", "none": "Nothing"}
    rows = [{"id": 1, "team": "A", "visited": 1280, "share": 0.425, "none": None}]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(x="visited:Q", y="team:N")
    charts.show(chart, key="still", title="Visits", columns=columns, rows=rows)
    pressed = st.session_state.setdefault("pressed", [])
    charts.show(chart, key="open", title="Visits", columns=columns, rows=rows, on_open=pressed.append, heading=False)
    plain_list("list", columns, rows, on_open=pressed.append, shares=["share"], export="Teams", heading=True)
    plain_list("other", columns, rows, export="Teams")
    plain_list("plain", columns, rows)


def test_a_table_becomes_a_workbook_whose_numbers_are_numbers() -> None:
    sheet = openpyxl.load_workbook(BytesIO(sheets.workbook("Teams: 1/2", COLUMNS, ROWS, ["share"]))).active

    assert sheet.title == "Teams  1 2"
    assert [cell.value for cell in sheet[1]] == ["队伍", "日子", "走访", "占比", "混合", "none"]
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s", "a name that looks like a formula stays a text"
    assert (sheet["B2"].value.date(), sheet["B2"].number_format) == (date(2026, 11, 1), "yyyy-mm-dd")
    assert [cell.value for cell in sheet[2]][2:5] == [1280, 0.425, 1]
    assert (sheet["D2"].number_format, sheet["C2"].number_format) == ("0.0%", "0")
    assert [cell.value for cell in sheet[3]] == ["北郊", None, 770, 0.5, 1.5, None]


def test_a_table_without_rows_has_its_header() -> None:
    sheet = openpyxl.load_workbook(BytesIO(sheets.workbook("", {"a": "A"}, []))).active

    assert [cell.value for row in sheet for cell in row] == ["A"]


def test_each_chart_and_table_offers_its_files() -> None:
    app = AppTest.from_function(_page, default_timeout=30).run()

    assert not app.exception
    keys = [each.proto.id for each in app.get("download_button")]
    wanted = [f"{name}_{form}" for name in ("still", "open") for form in ("png", "svg", "xlsx")]
    for key in [*wanted, "list_xlsx", "other_xlsx"]:
        assert any(each.endswith(f"-{key}") for each in keys), key
    assert not any(each.endswith("-plain_xlsx") for each in keys)
    assert [each.value for each in app.subheader] == ["Visits", "Teams"]


def test_a_card_shows_numbers_as_the_table_does_and_leaves_out_what_is_not_there() -> None:
    app = AppTest.from_function(_page, default_timeout=30).run()

    assert "Visited 1,280 · Share 42%]" in app.button(key="list_open_1").label.replace("\\", "")
    assert "Nothing" not in app.button(key="list_open_1").label


def test_a_press_on_a_row_opens_it() -> None:
    app = AppTest.from_function(_page, default_timeout=30).run()

    app.button(key="list_open_1").click().run()

    assert app.session_state["pressed"] == [1]


def test_of_several_layers_the_one_whose_marks_are_rows_is_pressed() -> None:
    rows = alt.Chart(alt.InlineData(values=[{"id": 1, "n": 1}])).encode(x="n:Q", y="n:Q")
    chart = alt.layer(rows.mark_line(), rows.mark_point(), rows.mark_text())

    spec = charts._pressable(chart, "id").to_dict()

    (param,) = spec["params"]
    assert param["views"] == [spec["layer"][1]["name"]]
    assert param["select"]["fields"] == ["id"]
    assert "params" not in chart.to_dict(), "the given chart stays as it was: it is drawn for files too"


def test_what_a_chart_says_of_its_look_stands_above_the_house() -> None:
    chart = alt.Chart(alt.InlineData(values=[])).mark_bar().configure_bar(color="#000000")

    spec = charts._styled(chart).to_dict()

    assert spec["config"]["bar"] == {**style.on_screen()["bar"], "color": "#000000"}
    assert charts._styled(chart, pressable=True).to_dict()["config"]["mark"]["cursor"] == "pointer"
