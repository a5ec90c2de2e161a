"""Known places come from the operator's file, in either system of coordinates; only a demonstration has its own."""

from pathlib import Path

import pytest

from core.settings import settings
from models.geo import Point, from_wgs84
from services.territory.landmarks import Landmark, landmarks


def _set(patch: pytest.MonkeyPatch, mode: str, file: Path | None = None) -> None:
    patch.setenv("QIANQI_MODE", mode)
    patch.setenv("QIANQI_LANDMARKS", str(file or ""))
    settings.cache_clear()


def test_only_a_demonstration_has_places_nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, "demo")
    assert len(landmarks()) == 58
    _set(monkeypatch, "production")
    assert landmarks() == ()


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        ("longitude,latitude", Point(118.05, 36.82)),
        ("wgs84_longitude,wgs84_latitude", from_wgs84(Point(118.05, 36.82))),
    ],
)
def test_a_file_is_read_in_the_system_it_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: str, place: Point
) -> None:
    file = tmp_path / "places.csv"
    file.write_text(f"name,{columns}\n政务服务中心,118.05,36.82\n", "utf-8-sig")
    _set(monkeypatch, "production", file)

    assert landmarks() == (Landmark("政务服务中心", place),)


@pytest.mark.parametrize("text", ["name,longitude\n甲,118\n", "name,longitude,latitude\n甲,东,36\n", None])
def test_a_file_that_cannot_be_read_leaves_the_map_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str | None
) -> None:
    file = tmp_path / "places.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    _set(monkeypatch, "production", file)

    assert landmarks() == ()
    assert str(file) in caplog.text
