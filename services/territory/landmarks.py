"""Known places to find one's way by on a map, read once from a file that the operator names."""

import csv
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.settings import settings
from models.geo import Point, from_wgs84

_log = logging.getLogger(__name__)
_OF_DEMONSTRATION = Path(__file__).parents[1] / "demo/data/zibo_places_gcj02.csv"


class Landmark(NamedTuple):
    """A known place, by its GCJ-02 coordinates."""

    name: str
    place: Point


def landmarks() -> tuple[Landmark, ...]:
    """Return the known places: those of the file set, in demo mode else those of the demonstration, or none.

    A file that cannot be read is told in the log, and maps are drawn without it.
    """
    given = settings()
    if given.landmarks:
        return _read(Path(given.landmarks))
    return _read(_OF_DEMONSTRATION) if given.mode == "demo" else ()


@cache
def _read(path: Path) -> tuple[Landmark, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return tuple(Landmark(row["name"], _place(row)) for row in csv.DictReader(lines))
    except (OSError, KeyError, TypeError, ValueError) as problem:
        _log.warning("The landmarks of %s cannot be read: %r", path, problem)
        return ()


def _place(row: Mapping[str, str]) -> Point:
    """Return where a line of the file lies, in GCJ-02 as everything on a map."""
    world = "wgs84_longitude" in row
    before = "wgs84_" if world else ""
    place = Point(float(row[f"{before}longitude"]), float(row[f"{before}latitude"]))
    if not (-180 <= place.longitude <= 180 and -90 <= place.latitude <= 90):
        message = f"no place on the earth: {place}"
        raise ValueError(message)
    return from_wgs84(place) if world else place
