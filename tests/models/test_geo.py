"""Distances and coordinate systems."""

import math

import pytest

from models.geo import Point, distance_km, from_wgs84, point, to_wgs84

TIANANMEN_WGS84 = Point(116.391283, 39.907333)
TIANANMEN_GCJ02 = Point(116.397527, 39.908734)


def test_one_degree_along_the_equator_is_111_km():
    assert distance_km(Point(0, 0), Point(1, 0)) == pytest.approx(111.195, abs=0.01)


def test_distance_is_symmetric_and_nothing_to_oneself():
    assert distance_km(TIANANMEN_GCJ02, Point(118.05, 36.81)) == distance_km(Point(118.05, 36.81), TIANANMEN_GCJ02)
    assert distance_km(TIANANMEN_GCJ02, TIANANMEN_GCJ02) == 0


def test_what_a_phone_reports_is_moved_onto_chinese_maps():
    assert distance_km(from_wgs84(TIANANMEN_WGS84), TIANANMEN_GCJ02) < 0.02


def test_there_and_back_again_ends_within_a_few_metres():
    assert distance_km(to_wgs84(from_wgs84(TIANANMEN_WGS84)), TIANANMEN_WGS84) < 0.005


def test_outside_china_the_systems_are_the_same():
    assert from_wgs84(Point(2.35, 48.85)) == Point(2.35, 48.85)


def test_a_missing_number_is_no_place():
    assert point(None, 36.8) is None
    assert point(118.0, 36.8) == Point(118.0, 36.8)


# The offset as it is published, term by term (degrees → metres on the ellipsoid of Krasovsky 1940), said here once more
# and in another shape, so that no coefficient of the product's own can change unseen.
_NORTH_WAVES = ((20, 6, "x"), (20, 2, "x"), (20, 1, "y"), (40, 1 / 3, "y"), (160, 1 / 12, "y"), (320, 1 / 30, "y"))
_EAST_WAVES = ((20, 6, "x"), (20, 2, "x"), (20, 1, "x"), (40, 1 / 3, "x"), (150, 1 / 12, "x"), (300, 1 / 30, "x"))


@pytest.mark.parametrize(
    "place",
    [Point(118.05, 36.81), Point(75.99, 39.47), Point(87.6, 43.8), Point(103.8, 30.7), Point(109.5, 18.25),
     Point(122.4, 53.48), Point(134.3, 48.4), Point(91.1, 29.65), Point(74.0, 5.0)],
)  # fmt: skip
def test_the_shift_is_the_published_one_everywhere_in_china(place: Point) -> None:
    x, y = place.longitude - 105, place.latitude - 35
    at = {"x": x, "y": y}
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * abs(x) ** 0.5
    north += sum(2 / 3 * size * math.sin(times * math.pi * at[axis]) for size, times, axis in _NORTH_WAVES)
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * abs(x) ** 0.5
    east += sum(2 / 3 * size * math.sin(times * math.pi * at[axis]) for size, times, axis in _EAST_WAVES)
    flat = 1 - 0.00669342162296594323 * math.sin(math.radians(place.latitude)) ** 2
    meridian = 6378245 * (1 - 0.00669342162296594323) / flat**1.5
    parallel = 6378245 / flat**0.5 * math.cos(math.radians(place.latitude))

    found = from_wgs84(place)

    assert found.latitude - place.latitude == pytest.approx(math.degrees(north / meridian), abs=1e-10)
    assert found.longitude - place.longitude == pytest.approx(math.degrees(east / parallel), abs=1e-10)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [(Point(73.67, 39), Point(73.66, 39)), (Point(135.04, 48), Point(135.05, 48)), (Point(110, 3.87), Point(110, 3.86)),
     (Point(122, 53.54), Point(122, 53.55))],
)  # fmt: skip
def test_the_edge_of_what_is_shifted(inside: Point, outside: Point) -> None:
    assert from_wgs84(inside) != inside
    assert from_wgs84(outside) == outside
