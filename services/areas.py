"""Areas: the tree of tiers, and where each area has stood in it since when."""

from sqlalchemy import inspect
from sqlmodel import Session, col, select

from core import clock
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.area import Area, AreaPlacement, Tier
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action

_ORDER = list(Tier)
_ROOTS = (Tier.CITY, Tier.ZONE)


def _prepare(session: Session, _actor: Actor, row: Area) -> None:
    """Refuse a place in the tree that makes no sense, and keep the paths of the area and everything below it."""
    parent = session.get(Area, row.parent_id) if row.parent_id is not None else None
    if problem := _misplaced(row, parent):
        raise InvalidError({"parent_id": problem})
    if not inspect(row).persistent:
        session.add(row)
        session.flush()  # the path holds the id
    path = f"{parent.path if parent else ''}{row.pk}."
    if row.path != path:
        _move(session, row, path)


def _misplaced(row: Area, parent: Area | None) -> str:
    if parent is None:
        return "" if row.tier in _ROOTS else gettext("Only a city or a zone belongs to nothing above it.")
    if row.path and parent.path.startswith(row.path):
        return gettext("An area cannot belong to itself or to an area below it.")
    if _ORDER.index(parent.tier) < _ORDER.index(row.tier):
        return ""
    told = gettext("“{tier}” cannot belong to “{parent}”, which is of the tier “{above}”.")
    return told.format(tier=gettext(row.tier.label), parent=parent.name, above=gettext(parent.tier.label))


def _move(session: Session, row: Area, path: str) -> None:
    """Give an area and everything below it new paths; figures of a past month keep the tree of that month."""
    before = row.path
    _place(session, row, path)
    if not before:
        return
    below = select(Area).where(col(Area.path).like(f"{before}%"), Area.id != row.id)
    for each in session.exec(below).all():
        _place(session, each, path + each.path.removeprefix(before))


def _place(session: Session, row: Area, path: str) -> None:
    now = clock.now()
    present = select(AreaPlacement).where(AreaPlacement.area_id == row.id, col(AreaPlacement.valid_to).is_(None))
    for placement in session.exec(present).all():
        placement.valid_to = now
    row.path = path
    session.add(AreaPlacement(area_id=row.pk, parent_id=row.parent_id, path=path, valid_from=now))


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
