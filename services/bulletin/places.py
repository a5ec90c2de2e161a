"""Where areas lay in the tree at a moment, and which team serves each: names for frozen rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, any_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.area import Area, AreaPlacement, Tier
from models.team import Team


def places(until: datetime) -> Any:
    """Return a CTE with the path, street, village and serving team of every area as of a moment.

    Columns: `area_id`, `path`, `street`, `village`, `team_id`, `team`; names are empty where there is none. The team is
    the one whose area is the nearest above.
    """
    placed = (
        select(col(AreaPlacement.path))
        .where(col(AreaPlacement.area_id) == Area.id, col(AreaPlacement.valid_from) <= until)
        .where(or_(col(AreaPlacement.valid_to).is_(None), col(AreaPlacement.valid_to) > until))
        .order_by(col(AreaPlacement.valid_from).desc())
        .limit(1)
        .scalar_subquery()
    )
    # A tree entered after that moment is taken as it is.
    paths = select(col(Area.id), func.coalesce(placed, Area.path).label("path")).cte("paths")
    above = cast(func.string_to_array(func.rtrim(paths.c.path, "."), "."), ARRAY(Integer))
    team = (
        select(col(Team.id), col(Team.name))
        .where(col(Team.active), col(Team.area_id) == any_(above))
        .order_by(func.array_position(above, Team.area_id).desc(), col(Team.id))
        .limit(1)
        .lateral("team_of")
    )
    names = [_name(above, tier).label(name) for tier, name in ((Tier.STREET, "street"), (Tier.VILLAGE, "village"))]
    return select(
        paths.c.id.label("area_id"), paths.c.path, *names, team.c.id.label("team_id"),
        func.coalesce(team.c.name, "").label("team"),
    ).select_from(paths.outerjoin(team, literal(True))).cte("places")  # fmt: skip


def _name(above: Any, tier: Tier) -> Any:
    area = aliased(Area)
    found = select(col(area.name)).where(col(area.id) == any_(above), col(area.tier) == tier).limit(1)
    return func.coalesce(found.scalar_subquery(), "")
