"""Which tier an issue is with, and which of a lead's areas stand at that tier or above."""

from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import col, select

from models.area import Area, Tier
from models.issue import Issue
from models.team import Team
from services import access
from services.actor import Actor
from services.teams.leading import LEADS

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


def without_lead() -> ColumnElement[bool]:
    """Return the condition that no team has a lead who decides on an issue at its tier below the zone."""
    return or_(
        and_(col(Issue.tier).in_(VILLAGE), not_(access.among(Issue.area_id, _led(*Tier)))),
        and_(col(Issue.tier) == Tier.STREET, not_(access.among(Issue.area_id, _led(Tier.STREET, *ZONE)))),
    )


def _led(*tiers: Tier) -> Any:
    led = LEADS.where(col(Area.tier).in_(tiers)).order_by(None).subquery()
    return select(Area.id).join(led, col(Area.path).startswith(led.c.path))
