"""The enterprises of an area as points of a map, with the outlines of the areas below it.

Rows hold GCJ-02, and everything is drawn in it: a point given in WGS-84 becomes one of GCJ-02 before it is stored
(`models.geo.from_wgs84`). What leaves the house carries both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlmodel import Session, col

from core.i18n import N_
from models.base import LabelledEnum
from models.enterprise import Enterprise, EnterpriseStatus
from models.geo import Point, point
from models.issue import ENDED_STATES, Issue
from models.plane import Plane, Spot, centre, outline, plane_of
from models.visit import Visit
from services import access
from services.actor import Actor
from services.campaigns.standing import Standing, standings
from services.issues.remaining import Remaining, condition, moments
from services.permissions import Action
from services.territory.landmarks import landmarks
from services.territory.levels import Level, Place, within
from services.use_case import use_case

MOST = 5000
"""How many enterprises are drawn one by one; where there are more, only outlines are."""
_MARGIN_KM = 0.08
_NEAR_KM = 10


class Reached(LabelledEnum):
    """How far a campaign is with an enterprise, in as few words as a map has colours."""

    MET = "met", N_("Visited")
    PLANNED = "planned", N_("To be visited")
    OVERDUE = "overdue", N_("Visit overdue")
    NOT_MET = "not_met", N_("Not reached")
    NEVER = "never", N_("Never visited")


REACHED: dict[Standing, Reached] = {
    Standing.VISITED: Reached.MET,
    Standing.OPEN: Reached.PLANNED,
    Standing.RETURNED: Reached.PLANNED,
    Standing.OVERDUE: Reached.OVERDUE,
    Standing.REFUSED: Reached.NOT_MET,
    Standing.NOT_FOUND: Reached.NOT_MET,
    Standing.MOVED_AWAY: Reached.NOT_MET,
    Standing.UNASSIGNED: Reached.NEVER,
}


@dataclass(frozen=True)
class Dot:
    """An enterprise.

    Args:
        id: its id.
        name: its name.
        address: where it says it is.
        area_id: its own area.
        place: its GCJ-02 coordinates; `None` where nobody has entered them.
        reached: how far the campaign is with it; `None` if that does not mean to visit it.
        open: how many of its issues are open.
        overdue: how many of these are overdue.
    """

    id: int
    name: str
    address: str
    area_id: int
    place: Point | None
    reached: Reached | None
    open: int
    overdue: int


@dataclass(frozen=True)
class Cluster:
    """The enterprises of one area together.

    Args:
        area_id: their own area.
        enterprises: how many operate and have coordinates.
        corners: the GCJ-02 corners of the box they lie in.
    """

    area_id: int
    enterprises: int
    corners: tuple[Point, ...]


@dataclass(frozen=True)
class Shape:
    """The outline of an area below, drawn around its enterprises: nobody has surveyed the areas themselves."""

    area_id: int
    name: str
    corners: list[Spot]
    middle: Spot
    enterprises: int
    """How many of its enterprises are drawn."""


@dataclass(frozen=True)
class Mark:
    """A known place to find one's way by."""

    name: str
    spot: Spot


@dataclass(frozen=True)
class Map:
    """A map: points in kilometres east and north of its middle."""

    dots: list[tuple[Dot, Spot]]
    shapes: list[Shape]
    marks: list[Mark]


def dots(actor: Actor, area_id: int | None, campaign_id: int | None) -> list[Dot]:
    """Return the enterprises of an area that operate, and those a campaign means to visit, by id.

    Args:
        actor: who asks.
        area_id: the area and everything below; `None`: all the actor answers for.
        campaign_id: whose standing they have.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        inside = [within(session, actor, area_id, Enterprise.area_id)]
        inside.append(access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise))
        found = session.execute(_statement(inside, campaign_id)).all()
        issues = _issues(session, inside)
        return [_dot(row, issues) for row in found]


def clusters(actor: Actor, area_id: int | None) -> list[Cluster]:
    """Return where the enterprises of an area lie that operate, those of each area together: one row an area.

    Args:
        actor: who asks.
        area_id: the area and everything below; `None`: all the actor answers for.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's.
    """
    x, y = col(Enterprise.longitude), col(Enterprise.latitude)
    sides = {"west": func.min(x), "east": func.max(x), "south": func.min(y), "north": func.max(y)}
    box = (side.label(name) for name, side in sides.items())
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        found = (
            select(col(Enterprise.area_id), func.count().label("enterprises"), *box)
            .where(within(session, actor, area_id, Enterprise.area_id))
            .where(access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise))
            .where(col(Enterprise.status) == EnterpriseStatus.ACTIVE, x.is_not(None), y.is_not(None))
            .group_by(col(Enterprise.area_id))
        )
        return [_cluster(row) for row in session.execute(found)]


def _cluster(row: Row[Any]) -> Cluster:
    corners = tuple(Point(x, y) for x in (row.west, row.east) for y in (row.south, row.north))
    return Cluster(row.area_id, row.enterprises, corners)


def drawn(level: Level, found: Sequence[Dot]) -> Map:
    """Return a map of enterprises, the outlines of the areas below and known places near them."""
    located = [(dot, dot.place) for dot in found if dot.place is not None]
    plane = plane_of([place for _dot, place in located])
    spots = [(dot, plane.spot(place)) for dot, place in located]
    shapes = _shapes(level, ((dot.area_id, 1, [spot]) for dot, spot in spots))
    return Map(spots, shapes, _marks(plane, [spot for _dot, spot in spots]))


def outlined(level: Level, found: Sequence[Cluster]) -> Map:
    """Return a map without single enterprises: the outlines of the areas below, around the boxes they lie in."""
    plane = plane_of([corner for cluster in found for corner in cluster.corners])
    spots = [[plane.spot(corner) for corner in cluster.corners] for cluster in found]
    boxes = ((each.area_id, each.enterprises, own) for each, own in zip(found, spots, strict=True))
    return Map([], _shapes(level, boxes), _marks(plane, [spot for own in spots for spot in own]))


def _statement(inside: Sequence[Any], campaign_id: int | None) -> Select[Any]:
    of_campaign = col(Visit.campaign_id) == campaign_id
    standing = standings(of_campaign & col(Visit.enterprise_id).in_(select(col(Enterprise.id)).where(*inside)))
    return (
        select(
            col(Enterprise.id), col(Enterprise.name), col(Enterprise.address), col(Enterprise.area_id),
            col(Enterprise.longitude), col(Enterprise.latitude), standing.c.standing,
        )
        .outerjoin(
            standing, (standing.c.enterprise_id == Enterprise.id) & (standing.c.campaign_id == campaign_id)
        )
        .where(*inside, or_(col(Enterprise.status) == EnterpriseStatus.ACTIVE, standing.c.enterprise_id.is_not(None)))
        .order_by(col(Enterprise.id))
    )  # fmt: skip


def _issues(session: Session, inside: Sequence[Any]) -> dict[int, tuple[int, int]]:
    """Return enterprise → how many of its issues are open, and overdue."""
    late = func.count().filter(condition(Remaining.OVERDUE, moments(session)))
    statement = (
        select(col(Issue.enterprise_id), func.count(), late)
        .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
        .where(col(Issue.state).not_in(ENDED_STATES), *inside)
        .group_by(col(Issue.enterprise_id))
    )
    return {enterprise_id: (number, overdue) for enterprise_id, number, overdue in session.execute(statement)}


def _dot(row: Row[Any], issues: Mapping[int, tuple[int, int]]) -> Dot:
    number, overdue = issues.get(row.id, (0, 0))
    reached = REACHED[Standing.of(row.standing)] if row.standing else None
    place = point(row.longitude, row.latitude)
    return Dot(row.id, row.name, row.address, row.area_id, place, reached, number, overdue)


def _shapes(level: Level, found: Iterable[tuple[int, int, Sequence[Spot]]]) -> list[Shape]:
    """Return the outlines of the areas below, given area, number of enterprises and where they lie."""
    spots: dict[int, list[Spot]] = {}
    numbers: Counter[int] = Counter()
    for area_id, enterprises, own in found:
        if area_id in level.inside:
            spots.setdefault(level.inside[area_id], []).extend(own)
            numbers[level.inside[area_id]] += enterprises
    return [_shape(place, spots[place.id], numbers[place.id]) for place in level.below if place.id in spots]


def _shape(place: Place, spots: Sequence[Spot], enterprises: int) -> Shape:
    corners = outline(spots, _MARGIN_KM)
    return Shape(place.id, place.name, corners, centre(corners), enterprises)


def _marks(plane: Plane, spots: Sequence[Spot]) -> list[Mark]:
    """Return the known places among the enterprises or not far from them: elsewhere they say nothing."""
    if not spots:
        return []
    east, north = [spot.x for spot in spots], [spot.y for spot in spots]
    known = [Mark(each.name, plane.spot(each.place)) for each in landmarks()]
    return [
        mark
        for mark in known
        if min(east) - _NEAR_KM <= mark.spot.x <= max(east) + _NEAR_KM
        and min(north) - _NEAR_KM <= mark.spot.y <= max(north) + _NEAR_KM
    ]
