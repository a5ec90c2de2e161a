"""Who leads a team: one present member, whose role says so too."""

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.account import Account, Role
from models.area import Area
from models.team import Team, TeamMember

LEADS = (
    select_columns(col(Area.path), col(Area.tier), col(TeamMember.account_id))
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


def lead_instead(session: Session, member: TeamMember) -> None:
    """Let a member lead their team; whoever led it stays a member. Their roles follow.

    A lead's role without a team to lead would leave them no area at all.

    Args:
        session: of a use case that holds the team.
        member: a present member of it.
    """
    others = select(TeamMember).where(
        TeamMember.team_id == member.team_id, TeamMember.id != member.id, col(TeamMember.left_on).is_(None),
        col(TeamMember.is_lead),
    )  # fmt: skip
    for former in session.exec(others.with_for_update()).all():
        former.is_lead = False
        session.get_one(Account, former.account_id).role = Role.GRID_WORKER
    member.is_lead = True
    session.get_one(Account, member.account_id).role = Role.TEAM_LEAD
