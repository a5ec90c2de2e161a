"""Which team answers for which area: the one nearest above it."""

from typing import Any

from sqlalchemy import ARRAY, CTE, Integer, cast, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col
from sqlmodel import select as choose

from models.area import Area
from models.team import Team


def serving(areas: Any = None) -> CTE:
    """Return area → the active team that answers for it: of those that serve it or an area above, the nearest.

    It is found once in a statement, before anything is joined to it: the planner, which cannot tell how few rows the
    rest has, would else find the teams of all areas anew for each of them.

    Args:
        areas: a statement of ids, for whoever asks about some areas only.
    """
    way = (
        func.unnest(cast(func.string_to_array(func.rtrim(Area.path, "."), "."), ARRAY(Integer)))
        .table_valued("id", with_ordinality="place")
        .render_derived(name="way")
    )
    found: Any = (
        select(col(Area.id).label("area_id"), col(Team.id).label("team_id"))
        .select_from(Area)
        .join(way, onclause=true())
        .join(Team, col(Team.area_id) == way.c.id)
        .where(col(Team.active))
        .order_by(col(Area.id), way.c.place.desc(), col(Team.id))
    )
    if areas is not None:
        found = found.where(col(Area.id).in_(areas))
    served: CTE = found.ext(distinct_on(col(Area.id))).cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return served


def ground(session: Session, team: Team) -> list[int]:
    """Return the areas a team answers for, none of which lies in another: its own but for what other teams serve."""
    root = session.get_one(Area, team.area_id)
    below = choose(Area.path).join(Team, col(Team.area_id) == Area.id)
    others = session.exec(below.where(col(Team.active), col(Area.path).like(f"{root.path}%"), Area.id != root.id)).all()
    return _without(session, [root], others)


def _without(session: Session, areas: list[Area], others: Any) -> list[int]:
    kept = [each.pk for each in areas if not any(path.startswith(each.path) for path in others)]
    split = [each.pk for each in areas if each.path not in others and each.pk not in kept]
    if not split:
        return kept
    parts = session.exec(choose(Area).where(col(Area.parent_id).in_(split)).order_by(col(Area.id))).all()
    return [*kept, *_without(session, list(parts), others)]
