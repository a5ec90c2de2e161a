"""Who joins and leads a team as a file says: people named in it join, nobody is sent away by being left out."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from core import clock
from core.i18n import gettext
from models.account import Account, Role
from models.team import Team, TeamMember
from services.teams.holding import hold_team
from services.teams.leading import lead_instead


def present_members(session: Session, team_ids: Iterable[int]) -> dict[int, list[TeamMember]]:
    """Return the present members of teams, by team."""
    statement = select(TeamMember).where(col(TeamMember.team_id).in_(list(team_ids)), col(TeamMember.left_on).is_(None))
    found: dict[int, list[TeamMember]] = {}
    for member in session.exec(statement.order_by(col(TeamMember.id))).all():
        found.setdefault(member.team_id, []).append(member)
    return found


def members_changed_at(session: Session, team_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when it was last changed who belongs to teams, those who left included, by team."""
    statement = select(TeamMember.team_id, func.max(TeamMember.updated_at)).group_by(col(TeamMember.team_id))
    return dict(session.exec(statement.where(col(TeamMember.team_id).in_(list(team_ids)))).all())


def join(session: Session, team_id: int, account_ids: Sequence[int]) -> str:
    """Make people members of a team from today on; those who are stay so.

    Returns:
        Why somebody cannot be, in the present language, or an empty text.
    """
    for account_id in account_ids:
        account = session.get_one(Account, account_id)
        if not account.active or account.role not in (Role.TEAM_LEAD, Role.GRID_WORKER):
            return gettext("{name} has no active account of a team lead or grid worker").format(name=account.name)
        present = _present(session, account_id)
        if present is None:
            session.add(TeamMember(team_id=team_id, account_id=account_id, joined_on=clock.today()))
        elif present.team_id != team_id:
            other = session.get_one(Team, present.team_id).name
            return gettext("{name} is a member of “{team}”").format(name=account.name, team=other)
    session.flush()
    return ""


def lead(session: Session, team_id: int, account_id: int) -> str:
    """Make somebody the lead of a team instead of whoever was; the former lead stays a member, as a grid worker.

    Returns:
        Why that cannot be, in the present language, or an empty text.
    """
    hold_team(session, team_id)
    account = session.get_one(Account, account_id)
    if account.role is not Role.TEAM_LEAD:
        return gettext("{name} has no account of a team lead").format(name=account.name)
    if problem := join(session, team_id, [account_id]):
        return problem
    if member := _present(session, account_id):
        lead_instead(session, member)
    session.flush()
    return ""


def _present(session: Session, account_id: int) -> TeamMember | None:
    statement = select(TeamMember).where(TeamMember.account_id == account_id, col(TeamMember.left_on).is_(None))
    return session.exec(statement).one_or_none()
