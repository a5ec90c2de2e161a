"""Places on the earth: distances, and the step between the world's coordinates and China's.

Rows hold GCJ-02, the system Chinese maps use; a phone reports WGS-84. The two lie some 500 m apart.
"""

import math
from typing import NamedTuple

EARTH_KM = 6371.0088
_AXIS = 6378245.0  # semi-major axis and eccentricity of the ellipsoid GCJ-02 is defined on
_ECCENTRICITY = 0.00669342162296594323


class Point(NamedTuple):
    """A place in degrees."""

    longitude: float
    latitude: float


def point(longitude: float | None, latitude: float | None) -> Point | None:
    """Return a place, or `None` where either number is missing."""
    return None if longitude is None or latitude is None else Point(longitude, latitude)


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance of two places of the same system, in kilometres (haversine)."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def from_wgs84(place: Point) -> Point:
    """Return the GCJ-02 coordinates of a place a phone reported; outside China the two are the same."""
    if not (73.66 < place.longitude < 135.05 and 3.86 < place.latitude < 53.55):
        return place
    east, north = _shift(place)
    return Point(place.longitude + east, place.latitude + north)


def to_wgs84(place: Point) -> Point:
    """Return the WGS-84 coordinates of a GCJ-02 place, good to a few metres: what a `geo:` link means."""
    shifted = from_wgs84(place)
    return Point(2 * place.longitude - shifted.longitude, 2 * place.latitude - shifted.latitude)


def _shift(place: Point) -> Point:
    x, y = place.longitude - 105.0, place.latitude - 35.0
    radians = math.radians(place.latitude)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    root = math.sqrt(magic)
    north = _north(x, y) * 180 / (_AXIS * (1 - _ECCENTRICITY) / (magic * root) * math.pi)
    east = _east(x, y) * 180 / (_AXIS / root * math.cos(radians) * math.pi)
    return Point(east, north)


def _ripple(value: float) -> float:
    return (20 * math.sin(6 * value * math.pi) + 20 * math.sin(2 * value * math.pi)) * 2 / 3


def _north(x: float, y: float) -> float:
    slow = (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    slower = (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    plane = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return plane + _ripple(x) + slow + slower


def _east(x: float, y: float) -> float:
    slow = (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    slower = (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    plane = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return plane + _ripple(x) + slow + slower
