"""The declaration of areas, and keeping their place in the tree and its history right whenever one is saved."""

from sqlalchemy import func, inspect, text, update
from sqlmodel import Session, col, insert, select

from core import clock
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.area import Area, AreaPlacement, Tier
from models.enterprise import Enterprise
from models.team import Team
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action

_ORDER = list(Tier)
_ROOTS = (Tier.CITY, Tier.ZONE)


def tier_below(tier: Tier) -> Tier | None:
    """Return the tier whose areas belong to areas of `tier`; `None` below a grid."""
    place = _ORDER.index(tier) + 1
    return _ORDER[place] if place < len(_ORDER) else None


def misplaced(row: Area, parent: Area | None) -> str:
    """Return why an area cannot belong to `parent`, in the present language; empty if it can."""
    if parent is None:
        return "" if row.tier in _ROOTS else gettext("Only a city or a zone belongs to nothing above it.")
    if row.path and parent.path.startswith(row.path):
        return gettext("An area cannot belong to itself or to an area below it.")
    if tier_below(parent.tier) is row.tier:
        return ""
    told = gettext("“{tier}” cannot belong to “{parent}”, which is of the tier “{above}”.")
    return told.format(tier=gettext(row.tier.label), parent=parent.name, above=gettext(parent.tier.label))


def hold_tree(session: Session) -> None:
    """Let one transaction at a time change the tree, so that two moves cannot make a circle between them."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('area tree'))"))


def _prepare(session: Session, _actor: Actor, row: Area) -> None:
    """Refuse a place in the tree that makes no sense, and keep the paths of the area and everything below it."""
    hold_tree(session)
    parent = session.get(Area, row.parent_id, populate_existing=True) if row.parent_id is not None else None
    if problem := misplaced(row, parent):
        raise InvalidError({"parent_id": problem})
    if row.id is not None and not row.active and (problem := _needed(session, row)):
        raise InvalidError({"active": problem})
    if not inspect(row).persistent:
        session.add(row)
        session.flush()  # the path holds the id
    path = f"{parent.path if parent else ''}{row.pk}."
    if row.path != path:
        _plant(session, row, path)


def _needed(session: Session, row: Area) -> str:
    """Return why an area cannot be made inactive; empty if it can."""
    areas = select(func.count()).select_from(Area).where(Area.parent_id == row.id, col(Area.active))
    enterprises = select(func.count()).select_from(Enterprise).where(Enterprise.area_id == row.id)
    teams = select(func.count()).select_from(Team).where(Team.area_id == row.id, col(Team.active))
    counts = [session.exec(statement).one() for statement in (areas, enterprises, teams)]
    if not any(counts):
        return ""
    told = gettext("In use: {areas} active areas below it, {enterprises} enterprises, {teams} teams. Move them first.")
    return told.format(areas=counts[0], enterprises=counts[1], teams=counts[2])


def _plant(session: Session, row: Area, path: str) -> None:
    """Give an area and everything below it new paths; figures of a past month keep the tree of that month."""
    now, before = clock.now(), row.path
    row.path = path
    session.flush()
    if before:
        tail = func.substr(Area.path, len(before) + 1)
        moved = update(Area).where(col(Area.path).startswith(before))
        # The log tells of the move once, not for each of the thousands of areas it takes along.
        options = {"unaudited": True, "synchronize_session": False}
        session.execute(moved.values(path=func.concat(path, tail), updated_at=now), execution_options=options)
    branch = select(Area.id).where(col(Area.path).startswith(path))
    session.execute(
        update(AreaPlacement)
        .where(col(AreaPlacement.area_id).in_(branch), col(AreaPlacement.valid_to).is_(None))
        .values(valid_to=now)
    )
    columns = ["area_id", "parent_id", "path", "valid_from", "created_at", "updated_at"]
    moment = text("CAST(:now AS timestamptz)").bindparams(now=now)
    standing = select(Area.id, Area.parent_id, Area.path, moment, moment, moment)  # type: ignore[call-overload]  # six columns
    session.execute(insert(AreaPlacement).from_select(columns, standing.where(col(Area.path).startswith(path))))


AREAS = Entity(
    key="area",
    model=Area,
    label=N_("Area"),
    labels=N_("Areas"),
    view=Action.AREA_VIEW,
    edit=Action.AREA_EDIT,
    natural_key=("code",),
    order="code",
    prepare=_prepare,
)
