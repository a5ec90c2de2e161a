"""Areas as people choose them for enterprises: named by street, village and grid, in the order of the tree."""

from sqlalchemy import ColumnElement, Subquery, exists
from sqlmodel import Session, col, select

from models.area import Area, Tier, ids_of
from models.enterprise import Enterprise
from services import access
from services.actor import Actor
from services.permissions import Action, Scope, scope
from services.use_case import use_case

_BELOW_ZONE = (Tier.STREET, Tier.VILLAGE, Tier.GRID)


def used(actor: Actor) -> dict[int, str]:
    """Return id → name of the areas in or below which there are enterprises the actor may see: for filters.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        mine = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise).subquery()
        paths = session.exec(select(Area.path).join(mine, mine.c.area_id == Area.id).distinct()).all()
        above = {area_id for path in paths for area_id in ids_of(path)}
        return _named(session, list(session.exec(select(Area).where(col(Area.id).in_(above)))))


def assignable(actor: Actor) -> dict[int, str]:
    """Return id → name of the areas an enterprise of the actor can lie in: for forms.

    Where a village has grids, its grids; where it has none, the village itself. For those who keep the whole zone:
    what lies below a zone that has grids, for elsewhere the programme does not work.

    Raises:
        NotAllowedError: the role may not change enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        grids = select(Area.path).where(Area.tier == Tier.GRID, col(Area.active)).subquery()
        statement = select(Area).where(col(Area.active), col(Area.tier).in_((Tier.VILLAGE, Tier.GRID)))
        if scope(actor, Action.ENTERPRISE_EDIT) is Scope.AREA:
            statement = statement.where(access.in_area(actor, Area.id))
        found = session.exec(statement).all()
        with_grids = set(session.exec(select(Area.parent_id).where(Area.tier == Tier.GRID)).all())
        zones = set(session.exec(select(Area.path).where(Area.tier == Tier.ZONE, _has(grids))).all())
        leaves = [area for area in found if area.tier is Tier.GRID or area.id not in with_grids]
        return _named(session, [area for area in leaves if not zones or _within(area, zones)])


def way(session: Session, area_id: int) -> list[str]:
    """Return the names of an area and of those it lies in, from below the zone down; part of a use case."""
    ids = ids_of(session.get_one(Area, area_id).path)
    names = dict(session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())
    return [names[row_id] for row_id in ids[2:]] or [names[row_id] for row_id in ids]


def _has(grids: Subquery) -> ColumnElement[bool]:
    return exists().where(grids.c.path.like(Area.path + "%"))


def _within(area: Area, zones: set[str]) -> bool:
    return any(area.path.startswith(zone) for zone in zones)


def _named(session: Session, areas: list[Area]) -> dict[int, str]:
    ids = {area_id for area in areas for area_id in ids_of(area.path)}
    names = dict(
        session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids), col(Area.tier).in_(_BELOW_ZONE))).all()
    )
    labelled = {
        area.pk: " › ".join(names[area_id] for area_id in ids_of(area.path) if area_id in names) or area.name
        for area in areas
    }
    order = {area.pk: ids_of(area.path) for area in areas}
    return dict(sorted(labelled.items(), key=lambda item: order[item[0]]))
