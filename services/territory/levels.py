"""Where somebody stands in the tree of areas when they walk it for its figures, and what lies below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from models.area import Area, Tier, ids_of
from models.enterprise import Enterprise
from services.actor import Actor
from services.permissions import Action
from services.tallies.reading import inside
from services.tallies.scope import ground
from services.use_case import use_case


@dataclass(frozen=True)
class Place:
    """An area by its name."""

    id: int
    name: str
    tier: Tier
    path: str


@dataclass(frozen=True)
class Level:
    """A step of the walk.

    Args:
        here: the area whose figures are shown; `None`: the several areas somebody answers for.
        trail: the areas from where the person's walk begins down to this one.
        below: the areas directly below, or those several.
        inside: every area in it → which of `below` it lies in; what lies in none is left out.
    """

    here: Place | None
    trail: list[Place]
    below: list[Place]
    inside: dict[int, int]

    @property
    def area_id(self) -> int | None:
        """The area figures are asked of."""
        return self.here.id if self.here else None


def level(actor: Actor, area_id: int | None) -> Level:
    """Return a step of the walk down the tree.

    Args:
        actor: who walks.
        area_id: the area asked for; `None`: where the actor's walk begins, which is the lowest area of the zone or
            above that holds all enterprises, or what they answer for.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: there is no such area, or it is not the actor's.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        tops = ground(session, actor, None)
        asked = ground(session, actor, area_id)[0] if area_id is not None else _start(session, tops)
        if asked is None:
            below = _places(session, col(Area.id).in_(tops))
            return Level(None, [], below, _inside(session, below, [place.path for place in below]))
        here = session.get_one(Area, asked)
        beginning = _start(session, tops)
        way = ids_of(here.path)
        top = next((each for each in (beginning, *tops) if each in way), way[-1])
        trail = sorted(_places(session, col(Area.id).in_(way[way.index(top) :])), key=lambda place: len(place.path))
        below = _places(session, col(Area.parent_id) == here.pk)
        return Level(_place(here), trail, below, _inside(session, below, [here.path]))


def within(session: Session, actor: Actor, area_id: int | None, column: Any) -> ColumnElement[bool]:
    """Return the condition that a column names an area a step shows or one below it; part of a use case.

    Args:
        session: the use case's session.
        actor: who asks.
        area_id: the area asked for; `None`: all the actor answers for.
        column: the rows' column of the area.

    Raises:
        NotFoundError: the area is not the actor's.
    """
    return inside(column, ground(session, actor, area_id))


def _start(session: Session, tops: Sequence[int]) -> int | None:
    """Return where a walk begins; `None` for several areas.

    A city that has enterprises in one of its zones only is passed over: the programme works there and below.
    """
    if len(tops) != 1:
        return None
    top = session.get_one(Area, tops[0])
    if top.tier is not Tier.CITY:
        return top.pk
    zones = select(Area).where(Area.parent_id == top.pk).order_by(col(Area.id))
    used = [zone for zone in session.exec(zones) if _is_used(session, zone)]
    return used[0].pk if len(used) == 1 and not _is_used(session, top, itself=True) else top.pk


def _is_used(session: Session, area: Area, *, itself: bool = False) -> bool:
    within = col(Area.id) == area.pk if itself else col(Area.path).like(f"{area.path}%")
    found = select(Enterprise.id).join(Area, col(Area.id) == Enterprise.area_id).where(within).limit(1)
    return session.exec(found).first() is not None


def _places(session: Session, condition: object) -> list[Place]:
    return [_place(row) for row in session.exec(select(Area).where(condition).order_by(col(Area.code)))]  # type: ignore[arg-type]  # a condition


def _place(row: Area) -> Place:
    return Place(row.pk, row.name, row.tier, row.path)


def _inside(session: Session, below: Sequence[Place], above: Sequence[str]) -> dict[int, int]:
    """Return area → which of `below` it lies in, for all areas under some paths: one query."""
    if not above:
        return {}
    wanted = {place.id for place in below}
    found = session.exec(select(Area.path).where(or_(*(col(Area.path).like(f"{path}%") for path in above))))
    ways = (ids_of(path) for path in found)
    return {way[-1]: each for way in ways for each in way if each in wanted}
