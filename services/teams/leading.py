"""Who leads the teams of which areas."""

from sqlalchemy import select
from sqlmodel import col

from models.account import Account, Role
from models.area import Area
from models.team import Team, TeamMember

LEADS = (
    select(col(Area.path), col(Area.tier), col(TeamMember.account_id))
    .join(Team, col(Team.area_id) == Area.id)
    .join(TeamMember, col(TeamMember.team_id) == Team.id)
    .join(Account, col(Account.id) == TeamMember.account_id)
    .where(
        col(TeamMember.is_lead), col(TeamMember.left_on).is_(None), col(Team.active), col(Account.active),
        col(Account.role) == Role.TEAM_LEAD,
    )
    .order_by(col(TeamMember.account_id))
)  # fmt: skip
"""The statement of who leads the teams of which areas: path, tier, account."""
