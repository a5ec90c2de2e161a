"""What lists of visits can be narrowed to."""

from dataclasses import dataclass

from sqlmodel import col, select

from models.area import Area
from models.campaign import Campaign
from models.team import Team
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class ListChoices:
    """Id → name of the campaigns, teams and areas that have visits the actor may see."""

    campaigns: dict[int, str]
    teams: dict[int, str]
    areas: dict[int, str]


def list_choices(actor: Actor) -> ListChoices:
    """Return what the list of visits offers as filters; areas stand below the area they belong to."""
    with use_case(actor, Action.VISIT_VIEW) as session:
        seen = access.condition(actor, Action.VISIT_VIEW, Visit)
        campaigns = select(Campaign).where(col(Campaign.id).in_(select(Visit.campaign_id).where(seen)))
        teams = select(Team).where(col(Team.id).in_(select(Visit.team_id).where(seen)))
        leaves = select(Area.path).where(col(Area.id).in_(select(Visit.area_id).where(seen))).subquery()
        areas = session.exec(
            select(Area)
            .where(select(leaves.c.path).where(leaves.c.path.like(col(Area.path).op("||")("%"))).exists())
            .order_by(col(Area.path))
        ).all()
        base = min((area.path.count(".") for area in areas), default=0)
        return ListChoices(
            {row.pk: row.name for row in session.exec(campaigns.order_by(col(Campaign.starts_on).desc()))},
            {row.pk: row.name for row in session.exec(teams.order_by(col(Team.name)))},
            {area.pk: "　" * (area.path.count(".") - base) + area.name for area in areas},
        )
