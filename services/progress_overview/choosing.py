"""What the overview can be asked for: areas, teams and categories."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.collation import by_reading
from core.i18n import locale
from models.area import Area, Tier, ids_of
from models.configuration import ChoiceItem
from models.team import Team
from services import access
from services.actor import Actor
from services.areas.tree import INDENT, indented
from services.issues.registering import CATEGORIES
from services.permissions import Action, Scope, require
from services.use_case import use_case


@dataclass(frozen=True)
class Choices:
    """What can be asked for, each by its id or value, in the order of its tree; what lies deeper is set in.

    Args:
        areas: zones, streets and villages in which the programme works.
        teams: active teams.
        categories: the tree of categories.
    """

    areas: dict[int, str]
    teams: dict[int, str]
    categories: dict[str, str]


def choices(actor: Actor) -> Choices:
    """Return what the actor can ask the overview for.

    Raises:
        NotAllowedError: the role sees no figures.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        teams = select(Team.id, Team.name).where(access.condition(actor, Action.PROGRESS_VIEW, Team), col(Team.active))
        return Choices(
            areas=_areas(session, actor),
            teams={team_id: name for team_id, name in session.exec(teams.order_by(by_reading(Team.name))) if team_id},
            categories=_categories(session),
        )


def _areas(session: Session, actor: Actor) -> dict[int, str]:
    grids = session.exec(select(Area.path).where(Area.tier == Tier.GRID, col(Area.active)).distinct())
    above = {area_id for path in grids for area_id in ids_of(path)[:-1]}
    wanted = select(Area).where(col(Area.id).in_(above), Area.tier != Tier.CITY)
    if require(actor, Action.PROGRESS_VIEW) is Scope.AREA:
        wanted = wanted.where(access.in_area(actor, Area.id))
    return indented(sorted(session.exec(wanted), key=lambda each: ids_of(each.path)))


def _categories(session: Session) -> dict[str, str]:
    rows = session.exec(
        select(ChoiceItem)
        .where(ChoiceItem.list_key == CATEGORIES)
        .order_by(col(ChoiceItem.position), col(ChoiceItem.id))
    ).all()  # fmt: skip
    return _below(rows, "", 0)


def _below(rows: Sequence[ChoiceItem], parent: str, depth: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        if row.parent_value == parent:
            found[row.value] = INDENT * depth + ((locale() == "en" and row.label_en) or row.label)
            found |= _below(rows, row.value, depth + 1)
    return found
