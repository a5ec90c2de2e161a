"""A small piece of the earth drawn flat, and outlines on it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.geo import Point, distance_km
from models.plane import Plane, Spot, centre, hull, outline, plane_of

WEST, EAST = Point(118.040, 36.822), Point(118.060, 36.822)
"""Two places in Zhangdian on the parallel 36.822° N: 0.02° are 1.78 km there, and would be 2.22 km at the equator."""
SPOTS = st.builds(Spot, st.integers(-50, 50).map(float), st.integers(-50, 50).map(float))


def test_a_known_pair_lies_as_far_apart_on_the_plane_as_on_the_earth() -> None:
    plane = plane_of([WEST, EAST])
    one, other = plane.spot(WEST), plane.spot(EAST)

    assert other.x - one.x == pytest.approx(1.7804, abs=0.0005)
    assert other.x - one.x == pytest.approx(distance_km(WEST, EAST), rel=1e-6)
    assert one.y == other.y == 0


def test_east_and_north_are_to_scale() -> None:
    plane = Plane(Point(118.05, 36.8))
    corner = plane.spot(Point(118.06, 36.81))

    assert corner.x / corner.y == pytest.approx(math.cos(math.radians(36.8)))


def test_across_a_city_distances_are_right_to_one_in_a_hundred() -> None:
    south, north = Point(117.6, 36.0), Point(118.5, 37.2)
    plane = plane_of([south, north])

    assert math.dist(plane.spot(south), plane.spot(north)) == pytest.approx(distance_km(south, north), rel=0.01)


def test_places_lie_evenly_around_the_middle_of_their_plane() -> None:
    plane = plane_of([Point(117.6, 36.0), Point(118.0, 36.1), Point(118.5, 37.2)])

    assert plane.middle == pytest.approx((118.05, 36.6))
    assert plane.spot(Point(118.05, 36.6)) == pytest.approx((0, 0), abs=1e-9)


def test_without_places_there_is_a_plane() -> None:
    assert plane_of([]).spot(Point(0, 0)) == Spot(0, 0)


def test_a_hull_has_only_the_corners() -> None:
    square = [Spot(0, 0), Spot(2, 0), Spot(2, 2), Spot(0, 2)]

    assert hull([*square, Spot(1, 1), Spot(1, 0), Spot(2, 1)]) == square
    assert hull([Spot(1, 1), Spot(1, 1)]) == [Spot(1, 1)]
    assert hull([]) == []


@given(st.lists(SPOTS, min_size=3))
def test_every_spot_lies_in_its_hull(spots: list[Spot]) -> None:
    corners = hull(spots)
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True)) if len(corners) > 2 else []

    for spot in spots:
        assert all((b.x - a.x) * (spot.y - a.y) - (b.y - a.y) * (spot.x - a.x) >= 0 for a, b in edges)


def test_a_single_spot_has_an_outline_around_it() -> None:
    corners = outline([Spot(3, 4)], 0.1)

    assert len(corners) == 12
    assert all(math.dist(each, (3, 4)) == pytest.approx(0.1) for each in corners)
    assert centre(corners) == pytest.approx((3, 4))


def test_the_centre_is_that_of_the_area_not_of_the_corners() -> None:
    assert centre([Spot(0, 0), Spot(6, 0), Spot(0, 3)]) == pytest.approx((2, 1))
    assert centre([Spot(5, 5)]) == Spot(5, 5)
