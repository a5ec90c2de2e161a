"""Walking and searching the tree of areas, step by step: thousands of nodes are never loaded at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.errors import NotFoundError
from core.text import named
from models.area import Area, Tier, ids_of
from models.enterprise import Enterprise
from models.team import Team
from services import access
from services.actor import Actor
from services.areas.entity import AREAS, tier_below
from services.entities import Entity
from services.entities.fields import fields
from services.entities.queries import searched
from services.permissions import Action
from services.use_case import use_case

INDENT = "\u3000"
"""One step to the right: a space as wide as a Chinese character."""


@dataclass(frozen=True)
class Node:
    """An area and what lies in it or below it."""

    id: int
    code: str
    name: str
    tier: Tier
    active: bool
    parent_id: int | None
    path: str
    areas: int
    """Areas directly below it."""
    enterprises: int
    teams: str
    """Names of the teams that serve it."""


@dataclass(frozen=True)
class Place:
    """One area with the way to it from the root and what lies directly below it."""

    node: Node | None
    trail: list[Node]
    below: list[Node]


@dataclass(frozen=True)
class Hit:
    """An area found by a search, with the names of those it lies in."""

    id: int
    name: str
    code: str
    tier: Tier
    within: str


def place(actor: Actor, area_id: int | None) -> Place:
    """Return an area with its way and what lies below it; `None` means above all roots.

    Raises:
        NotFoundError: there is no such area.
    """
    with use_case(actor, Action.AREA_VIEW) as session:
        if area_id is None:
            return Place(None, [], _nodes(session, col(Area.parent_id).is_(None)))
        area = access.load(session, actor, Action.AREA_VIEW, Area, area_id)
        ids = ids_of(area.path)
        trail = sorted(_nodes(session, col(Area.id).in_(ids)), key=lambda node: len(node.path))
        return Place(trail[-1], trail, _nodes(session, col(Area.parent_id) == area_id))


def search(actor: Actor, text: str, *, limit: int = 50) -> list[Hit]:
    """Return areas whose name or code contains a text, in the order of their codes."""
    with use_case(actor, Action.AREA_VIEW) as session:
        condition = searched(Area, text, fields(session, AREAS))
        rows = session.exec(select(Area).where(condition).order_by(col(Area.code)).limit(limit)).all()
        names = trails(session, rows)
        return [Hit(row.pk, row.name, row.code, row.tier, names[row.pk]) for row in rows]


def trails(session: Session, rows: Sequence[Area]) -> dict[int, str]:
    """Return area id → the names of those it lies in, from the root down."""
    ways = {row.pk: ids_of(row.path)[:-1] for row in rows}
    ids = {area_id for way in ways.values() for area_id in way}
    names = dict(session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())
    return {row_id: " › ".join(names[area_id] for area_id in way) for row_id, way in ways.items()}


def indented(areas: Sequence[Area]) -> dict[int, str]:
    """Return id → name of areas in the order given, each as far to the right as it lies deep below the highest.

    Several of one name and depth say in which area of these they lie.
    """
    depths = {area.pk: len(ids_of(area.path)) for area in areas}
    base = min(depths.values(), default=0)
    names = {area.pk: area.name for area in areas}
    return named(
        (area.pk, INDENT * (depths[area.pk] - base) + area.name, names.get(area.parent_id or 0)) for area in areas
    )


def areas_in(actor: Actor, area_id: int | None) -> Entity:
    """Return the list of the areas directly below one, to make and change them there.

    Raises:
        NotFoundError: there is no such area, or nothing belongs below its tier.
    """
    if area_id is None:
        return replace(AREAS, within={"parent_id": None, "tier": Tier.CITY})
    with use_case(actor, Action.AREA_VIEW) as session:
        tier = tier_below(access.load(session, actor, Action.AREA_VIEW, Area, area_id).tier)
    if tier is None:
        raise NotFoundError
    return replace(AREAS, within={"parent_id": area_id, "tier": tier})


def _nodes(session: Session, condition: object) -> list[Node]:
    """Return areas with what lies in them, in the order of their codes: one query."""
    child, deeper, team = aliased(Area), aliased(Area), aliased(Team)
    areas = select(func.count(col(child.id))).where(child.parent_id == Area.id).correlate(Area).scalar_subquery()
    enterprises = (
        select(func.count(col(Enterprise.id)))
        .join(deeper, col(deeper.id) == Enterprise.area_id)
        .where(col(deeper.path).like(col(Area.path) + "%"))
        .correlate(Area)
        .scalar_subquery()
    )
    teams = (
        select(func.string_agg(team.name, "、"))
        .where(team.area_id == Area.id, col(team.active))
        .correlate(Area)
        .scalar_subquery()
    )
    statement = select(Area, areas, enterprises, teams).where(condition).order_by(col(Area.code))  # type: ignore[arg-type]
    return [
        Node(a.pk, a.code, a.name, a.tier, a.active, a.parent_id, a.path, count, companies, names or "")
        for a, count, companies, names in session.exec(statement).all()
    ]
