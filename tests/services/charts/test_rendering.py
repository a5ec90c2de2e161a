"""Charts as pictures: drawn here, in Chinese, in the house's look, and without the network."""

import socket
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from core.i18n import in_locale
from services import charts, fonts
from services.charts import PictureError, rendering, style

ROWS = [{"team": "马尚服务队", "visited": 1280}, {"team": "北郊服务队", "visited": 770}]
BARS: dict[str, Any] = {
    "data": {"values": ROWS},
    "title": "各队走访",
    "mark": "bar",
    "encoding": {
        "x": {"field": "visited", "type": "quantitative", "title": "走访"},
        "y": {"field": "team", "type": "nominal", "title": None},
    },
    "height": 100,
}


def _texts(svg: bytes) -> set[str]:
    root = ET.fromstring(svg)  # noqa: S314 - we made it
    return {each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")}


def test_a_drawing_keeps_its_texts_as_texts_and_wears_the_house_colours() -> None:
    svg = charts.svg(BARS)

    assert {"各队走访", "马尚服务队", "北郊服务队", "走访"} <= _texts(svg)
    assert style.MAIN in svg.decode()


def test_what_a_chart_says_of_its_look_stands_above_the_house() -> None:
    svg = charts.svg({**BARS, "config": {"bar": {"color": "#00ff00"}}}).decode()

    assert "#00ff00" in svg
    assert style.MAIN not in svg


def test_a_picture_has_two_pixels_for_each_of_the_chart_and_chinese_characters_in_it() -> None:
    """Or, on a machine without a Chinese font, it is refused with what to install."""
    if not fonts.chinese():
        with pytest.raises(fonts.NoChineseFontError, match=fonts.PACKAGE):
            charts.png(BARS)
        return
    wide, other = Image.open(BytesIO(charts.png(BARS))), Image.open(BytesIO(charts.png({**BARS, "title": "各区走访"})))

    assert wide.format == "PNG"
    assert wide.width >= rendering.WIDTH * rendering.SCALE
    assert list(wide.get_flattened_data()) != list(other.get_flattened_data()), (
        "two characters that are drawn alike are boxes"
    )


def test_many_are_drawn_at_once_in_their_order() -> None:
    titles = ["甲", "乙", "丙"]

    drawn = charts.pictures([{**BARS, "title": title} for title in titles], "svg")

    assert [title in _texts(svg) for title, svg in zip(titles, drawn, strict=True)] == [True] * 3
    assert charts.pictures([], "svg") == []


def test_numbers_and_days_on_axes_are_written_in_the_present_language() -> None:
    spec = {
        "data": {"values": [{"day": "2026-11-01", "n": 1}, {"day": "2026-11-02", "n": 2}]},
        "mark": "point",
        "encoding": {"x": {"field": "day", "type": "temporal", "axis": {"format": "%B", "tickCount": 1}},
                     "y": {"field": "n", "type": "quantitative"}},
    }  # fmt: skip
    with in_locale("en"):
        english = _texts(charts.svg(spec))
    with in_locale("zh_CN"):
        chinese = _texts(charts.svg(spec))

    assert "November" in english
    assert "十一月" in chinese


def test_nothing_is_fetched_whatever_a_chart_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        image = {"type": "image", "url": f"{address}/x.png", "width": 10, "height": 10}

        for form in ("svg", "png"):
            with pytest.raises(PictureError):
                charts.pictures([{"data": {"url": f"{address}/rows.json"}, "mark": "bar"}], form)
        with pytest.raises(PictureError):
            charts.png({"data": {"values": [{}]}, "mark": image})

        with pytest.raises(TimeoutError):
            listening.accept()


def test_what_is_no_chart_is_told_in_a_sentence() -> None:
    with pytest.raises(PictureError, match="图片生成失败"):
        charts.svg({"mark": "elephant"})


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_SECONDS", 0.01)

    with pytest.raises(PictureError):
        charts.svg(BARS)


def test_chinese_is_not_drawn_without_a_font_for_it_and_latin_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"DejaVu Sans"}))
    latin = {**BARS, "data": {"values": []}, "title": "Visits", "encoding": {}}

    with pytest.raises(fonts.NoChineseFontError, match=fonts.PACKAGE):
        charts.png(BARS)
    assert charts.svg(BARS)
    assert charts.png(latin).startswith(b"\x89PNG")
