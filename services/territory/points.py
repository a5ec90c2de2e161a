"""The enterprises of an area as points of a map, with the outlines of the areas below it.

Rows hold GCJ-02, and everything is drawn in it: a point given in WGS-84 becomes one of GCJ-02 before it is stored
(`models.geo.from_wgs84`). What leaves the house carries both.
"""

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
from services.demo.areas import places
from services.issues.remaining import Remaining, condition, moments
from services.permissions import Action
from services.territory.levels import Level, within
from services.use_case import use_case

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


def drawn(level: Level, found: Sequence[Dot]) -> Map:
    """Return a map of enterprises, the outlines of the areas below and known places near them."""
    located = [(dot, dot.place) for dot in found if dot.place is not None]
    plane = plane_of([place for _dot, place in located])
    spots = [(dot, plane.spot(place)) for dot, place in located]
    return Map(spots, _shapes(level, spots), _marks(plane, [spot for _dot, spot in spots]))


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


def _shapes(level: Level, spots: Iterable[tuple[Dot, Spot]]) -> list[Shape]:
    by_place: dict[int, list[Spot]] = {}
    for dot, spot in spots:
        if dot.area_id in level.inside:
            by_place.setdefault(level.inside[dot.area_id], []).append(spot)
    found = []
    for place in level.below:
        if place.id in by_place:
            corners = outline(by_place[place.id], _MARGIN_KM)
            found.append(Shape(place.id, place.name, corners, centre(corners), len(by_place[place.id])))
    return found


def _marks(plane: Plane, spots: Sequence[Spot]) -> list[Mark]:
    """Return the known places among the enterprises or not far from them: elsewhere they say nothing."""
    if not spots:
        return []
    east, north = [spot.x for spot in spots], [spot.y for spot in spots]
    known = [Mark(place.name, plane.spot(Point(place.longitude, place.latitude))) for place in places()]
    return [
        mark
        for mark in known
        if min(east) - _NEAR_KM <= mark.spot.x <= max(east) + _NEAR_KM
        and min(north) - _NEAR_KM <= mark.spot.y <= max(north) + _NEAR_KM
    ]
