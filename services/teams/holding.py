"""Keeps teams as they are while something is decided by who belongs to them: the others wait and look again."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from models.team import Team, TeamMember


def hold_team(session: Session, team_id: int) -> None:
    """Let those who change one team, its members or its lead come one after the other, until the transaction ends."""
    session.exec(select(Team.id).where(Team.id == team_id).with_for_update()).one_or_none()


def hold_team_of(session: Session, member_id: int) -> None:
    """Hold the team of a membership, before any member of it, so that nobody waits in a ring; see `hold_team`."""
    team = select(Team.id).join(TeamMember, col(TeamMember.team_id) == Team.id).where(TeamMember.id == member_id)
    session.exec(team.with_for_update(of=Team)).one_or_none()


def hold_members(session: Session, account_ids: Iterable[int]) -> None:
    """Keep people in their teams until the transaction ends: whoever gives them work asks afterwards if they are."""
    present = select(TeamMember.id).where(
        col(TeamMember.account_id).in_(list(account_ids)), col(TeamMember.left_on).is_(None)
    )
    session.exec(present.order_by(col(TeamMember.id)).with_for_update(read=True)).all()
