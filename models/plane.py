"""A piece of the earth small enough to be drawn flat, and the outline of what lies in it.

A degree of longitude is shorter than one of latitude (at 36.8° N by a fifth), so degrees drawn as they are would
stretch a map from west to east. Here both are kilometres: an equirectangular projection whose standard parallel is
the middle of what is drawn; over the 100 km of a city it is wrong by less than one in a hundred.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.geo import EARTH_KM, Point

_CORNERS = 12
_KM_PER_DEGREE = math.pi / 180 * EARTH_KM


class Spot(NamedTuple):
    """A place on a plane, in kilometres east and north of its middle."""

    x: float
    y: float


class Plane(NamedTuple):
    """A plane by the place in its middle; that and all places on it are of one system of coordinates."""

    middle: Point

    def spot(self, place: Point) -> Spot:
        """Return where a place lies on the plane."""
        width = _KM_PER_DEGREE * math.cos(math.radians(self.middle.latitude))
        east, north = place.longitude - self.middle.longitude, place.latitude - self.middle.latitude
        return Spot(east * width, north * _KM_PER_DEGREE)


def plane_of(places: Sequence[Point]) -> Plane:
    """Return the plane in whose middle some places lie; without any, one at the origin of coordinates."""
    if not places:
        return Plane(Point(0.0, 0.0))
    east, north = [place.longitude for place in places], [place.latitude for place in places]
    return Plane(Point((min(east) + max(east)) / 2, (min(north) + max(north)) / 2))


def hull(spots: Iterable[Spot]) -> list[Spot]:
    """Return the corners of the smallest convex figure around some spots, against the clock (A. M. Andrew, 1979)."""
    given = sorted(set(spots))
    if len(given) < 3:  # a point or a line
        return given
    return _half(given)[:-1] + _half(given[::-1])[:-1]


def outline(spots: Iterable[Spot], margin_km: float) -> list[Spot]:
    """Return the corners of the hull of some spots, kept at a distance from them and rounded.

    So a single spot has an outline too, and none lies on its own border.

    Args:
        spots: what is outlined.
        margin_km: how far around them.
    """
    angles = [2 * math.pi * number / _CORNERS for number in range(_CORNERS)]
    ring = [Spot(margin_km * math.cos(angle), margin_km * math.sin(angle)) for angle in angles]
    return hull(Spot(spot.x + each.x, spot.y + each.y) for spot in hull(spots) for each in ring)


def centre(corners: Sequence[Spot]) -> Spot:
    """Return the centroid of a convex figure's area by the shoelace formula, given its corners in order."""
    first, twice, x, y = corners[0], 0.0, 0.0, 0.0
    for one, other in zip(corners, [*corners[1:], first], strict=True):
        # Measured from the first corner: far from the origin the products would lose their digits.
        a, b = Spot(one.x - first.x, one.y - first.y), Spot(other.x - first.x, other.y - first.y)
        cross = a.x * b.y - b.x * a.y
        twice, x, y = twice + cross, x + (a.x + b.x) * cross, y + (a.y + b.y) * cross
    return first if twice == 0 else Spot(first.x + x / (3 * twice), first.y + y / (3 * twice))


def _half(given: Sequence[Spot]) -> list[Spot]:
    """Return one side of the hull of sorted spots, keeping only left turns."""
    kept: list[Spot] = []
    for spot in given:
        while len(kept) > 1 and not _turns_left(kept[-2], kept[-1], spot):
            kept.pop()
        kept.append(spot)
    return kept


def _turns_left(one: Spot, two: Spot, three: Spot) -> bool:
    return (two.x - one.x) * (three.y - one.y) - (two.y - one.y) * (three.x - one.x) > 0
