"""Moving a branch of the tree: what it affects, and doing it in one transaction with its history."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import gettext
from models.area import Area, AreaPlacement, ids_of
from models.enterprise import Enterprise
from models.team import Team
from models.visit import OPEN_VISIT_STATES, Visit
from services import access, audit_trail
from services.actor import Actor
from services.areas.entity import AREAS, hold_tree, misplaced
from services.areas.tree import Hit, trails
from services.entities import store
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Move:
    """What a move would change.

    Args:
        area: the name of the area that moves.
        old: the names it lies in now.
        new: the names it would lie in.
        areas: how many areas move with it, itself included.
        enterprises: how many enterprises lie in them.
        teams: the teams that serve one of them; they go on serving it.
        open_visits: visits there that are not recorded yet; they stay with whom they are assigned to.
    """

    area: str
    old: str
    new: str
    areas: int
    enterprises: int
    teams: list[str]
    open_visits: int


def targets(actor: Actor, area_id: int) -> list[Hit]:
    """Return the areas an area could be moved to, in the order of their codes."""
    with use_case(actor, Action.AREA_EDIT) as session:
        row = access.load(session, actor, Action.AREA_EDIT, Area, area_id)
        parents = session.exec(select(Area).where(col(Area.active)).order_by(col(Area.code))).all()
        fitting = [each for each in parents if each.id != row.parent_id and not misplaced(row, each)]
        names = trails(session, fitting)
        return [Hit(each.pk, each.name, each.code, each.tier, names[each.pk]) for each in fitting]


def preview(actor: Actor, area_id: int, parent_id: int) -> Move:
    """Return what moving an area below another would change; nothing changes yet.

    Raises:
        NotFoundError: one of the areas does not exist.
        InvalidError: the area cannot stand there.
    """
    with use_case(actor, Action.AREA_EDIT) as session:
        return _described(session, *_loaded(session, actor, area_id, parent_id))


def move(actor: Actor, area_id: int, parent_id: int) -> Move:
    """Move an area and everything below it below another area; the tree of the past stays as it was.

    Returns:
        What changed.

    Raises:
        NotFoundError: one of the areas does not exist.
        InvalidError: the area cannot stand there.
    """
    with use_case(actor, Action.AREA_EDIT) as session:
        hold_tree(session)
        row, parent = _loaded(session, actor, area_id, parent_id)
        told = _described(session, row, parent)
        row.parent_id = parent_id
        store(session, actor, AREAS, row)
        counts = {"areas": told.areas, "enterprises": told.enterprises, "teams": told.teams}
        audit_trail.note(session, "area", area_id, "moved", old=told.old, new=told.new, **counts)
        return told


def standings(actor: Actor, area_id: int) -> list[tuple[AreaPlacement, str]]:
    """Return where an area has stood, latest first, each with the names it lay in.

    Raises:
        NotFoundError: there is no such area.
    """
    with use_case(actor, Action.AREA_VIEW) as session:
        access.load(session, actor, Action.AREA_VIEW, Area, area_id)
        rows = session.exec(
            select(AreaPlacement)
            .where(AreaPlacement.area_id == area_id)
            .order_by(col(AreaPlacement.valid_from).desc(), col(AreaPlacement.id).desc())
        ).all()
        ids = {each for row in rows for each in ids_of(row.path)[:-1]}
        names = dict(session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())
        return [(row, " › ".join(names[each] for each in ids_of(row.path)[:-1])) for row in rows]


def _loaded(session: Session, actor: Actor, area_id: int, parent_id: int) -> tuple[Area, Area]:
    row = access.load(session, actor, Action.AREA_EDIT, Area, area_id, lock=True)
    parent = access.load(session, actor, Action.AREA_VIEW, Area, parent_id)
    if problem := misplaced(row, parent):
        raise InvalidError({"parent_id": problem})
    if row.parent_id == parent_id:
        raise InvalidError({"parent_id": gettext("The area lies there already.")})
    if not parent.active:
        raise InvalidError({"parent_id": gettext("“{name}” is inactive.").format(name=parent.name)})
    return row, parent


def _described(session: Session, row: Area, parent: Area) -> Move:
    branch = select(Area.id).where(col(Area.path).startswith(row.path))
    names = trails(session, [row, parent])
    above = f"{names[parent.pk]} › {parent.name}" if names[parent.pk] else parent.name
    enterprises = select(func.count()).select_from(Enterprise).where(col(Enterprise.area_id).in_(branch))
    visits = select(func.count()).select_from(Visit)
    visits = visits.where(col(Visit.area_id).in_(branch), col(Visit.state).in_(OPEN_VISIT_STATES))
    teams = select(Team.name).where(col(Team.area_id).in_(branch), col(Team.active)).order_by(Team.name)
    return Move(
        area=row.name,
        old=names[row.pk],
        new=above,
        areas=len(session.exec(branch).all()),
        enterprises=session.exec(enterprises).one(),
        teams=list(session.exec(teams).all()),
        open_visits=session.exec(visits).one(),
    )
