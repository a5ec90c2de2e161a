"""Which tier an issue is with, and which of a lead's areas stand at that tier or above."""

from typing import Any

from sqlmodel import col, select

from models.area import Area, Tier
from models.team import Team
from services.actor import Actor

VILLAGE = (Tier.VILLAGE, Tier.GRID)
ZONE = (Tier.ZONE, Tier.CITY)


def served_from_above(actor: Actor) -> Any:
    """Return the statement that selects the ids of areas which a street or zone team of the actor serves."""
    served = (
        select(Area.path)
        .join(Team, col(Team.area_id) == Area.id)
        .where(col(Team.id).in_(actor.team_ids), col(Area.tier).in_((Tier.STREET, Tier.ZONE)))
        .subquery()
    )
    return select(Area.id).join(served, col(Area.path).startswith(served.c.path))
