"""What figures are asked of: a place, months, categories and a department; and what of it an actor may ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from core.errors import NotFoundError
from models.area import Area, ids_of
from models.configuration import ChoiceItem
from services import access
from services.actor import Actor
from services.issues.registering import CATEGORIES
from services.permissions import Action, Scope, require

NOWHERE = 0
"""An area that does not exist: what lists are narrowed to where an actor answers for no area, to be empty."""


@dataclass(frozen=True)
class Asked:
    """What figures are asked of; whatever is empty is not narrowed.

    Args:
        area_id: an area and everything below it; `None`: all the actor answers for.
        since: the first day of the first month.
        until: the first day of the last month, which is included.
        category: an item of the category tree and those below it.
        department_id: the lead department.
        campaign_id: the campaign in whose visits issues were raised.
        in_visits: only issues raised in visits, of whatever campaign.
    """

    area_id: int | None = None
    since: date | None = None
    until: date | None = None
    category: str = ""
    department_id: int | None = None
    campaign_id: int | None = None
    in_visits: bool = False


def ground(session: Session, actor: Actor, area_id: int | None) -> list[int]:
    """Return the areas whose figures answer a question; none of them lies in another.

    Args:
        session: the use case's session.
        actor: who asks.
        area_id: the area asked for; `None`: all the actor answers for.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: there is no such area, or it is not the actor's.
    """
    whole = require(actor, Action.PROGRESS_VIEW) is Scope.ZONE
    if area_id is not None:
        found = select(Area.id).where(col(Area.id) == area_id)
        if session.exec(found if whole else found.where(access.in_area(actor, Area.id))).first() is None:
            raise NotFoundError
        return [area_id]
    if whole:
        return [each for each in session.exec(select(Area.id).where(col(Area.parent_id).is_(None))) if each is not None]
    return _outermost(actor.area_paths)


def own_areas(actor: Actor) -> list[int] | None:
    """Return the areas a list must be narrowed to so that it shows the rows of the actor's figures; `None`: no need.

    Of a team lead this leaves out what they received elsewhere, which is theirs to see but not their area's. Whoever
    answers for no area is shown `NOWHERE`: never everything.
    """
    if require(actor, Action.PROGRESS_VIEW) is Scope.ZONE:
        return None
    return _outermost(actor.area_paths) or [NOWHERE]


def categories(session: Session, root: str) -> list[str]:
    """Return an item of the category tree and all below it."""
    rows = session.exec(
        select(ChoiceItem.parent_value, ChoiceItem.value).where(ChoiceItem.list_key == CATEGORIES)
    ).all()
    wanted, size = {root}, 0
    while len(wanted) > size:
        size = len(wanted)
        wanted |= {value for parent, value in rows if parent in wanted}
    return sorted(wanted)


def _outermost(paths: Sequence[str]) -> list[int]:
    kept = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return sorted({ids_of(path)[-1] for path in kept})
