"""A campaign's targets as a list, with where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.account import Account
from models.area import Area
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.team import Team
from services import access
from services.actor import Actor
from services.campaigns.standing import Standing, standings
from services.entities.queries import searched
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class TargetPage:
    """A page of a campaign's targets and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def find(
    actor: Actor,
    campaign_id: int,
    *,
    search: str = "",
    standing: Sequence[Standing] = (),
    page: int = 1,
    page_size: int = 50,
) -> TargetPage:
    """Return a page of a campaign's targets with where each stands.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        place = standings()
        statement = (
            select_columns(
                col(Enterprise.id),
                col(Enterprise.name),
                col(Enterprise.credit_code),
                col(Area.name).label("area"),
                place.c.standing,
                col(Team.name).label("team"),
                col(Account.name).label("assignee"),
                place.c.planned_on,
                place.c.recorded_at,
            )
            .join(place, place.c.enterprise_id == col(Enterprise.id))
            .join(Area, col(Area.id) == col(Enterprise.area_id))
            .outerjoin(Team, col(Team.id) == place.c.team_id)
            .outerjoin(Account, col(Account.id) == place.c.assignee_id)
            .where(place.c.campaign_id == campaign_id, access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise))
        )
        if search.strip():
            statement = statement.where(searched(Enterprise, search, []))
        if standing:
            statement = statement.where(place.c.standing.in_([each.value for each in standing]))
        total = session.execute(select_columns(func.count()).select_from(statement.subquery())).scalar_one()
        ordered = statement.order_by(col(Enterprise.id)).limit(page_size).offset((page - 1) * page_size)
        return TargetPage([dict(row) for row in session.execute(ordered).mappings()], total)
