"""From a session token to the actor it stands for."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from models.account import Account, Role, SignInSession
from models.area import Area
from models.team import Team, TeamMember
from services.accounts.tokens import hash_of
from services.actor import SYSTEM, Actor
from services.live_sessions import live

_SEEN_STEP = timedelta(minutes=1)


def is_live(token: str) -> bool:
    """Return whether a session token opens the door: for the gate, which asks at every request."""
    if not token:
        return False
    with transaction(actor=SYSTEM) as session:
        found = session.exec(
            select(SignInSession.id)
            .join(Account, col(Account.id) == SignInSession.account_id)
            .where(SignInSession.token_hash == hash_of(token), live(), col(Account.active))
        ).first()
    return found is not None


def actor_for(token: str, *, ip: str = "") -> Actor | None:
    """Return who a session token stands for, or `None` if the session has ended, expired or never was.

    Args:
        token: from the person's cookie.
        ip: the address the request came from; empty means the one they signed in from.
    """
    if not token:
        return None
    with transaction(actor=SYSTEM) as session:
        found = session.exec(
            select(SignInSession, Account)
            .join(Account, col(Account.id) == SignInSession.account_id)
            .where(SignInSession.token_hash == hash_of(token), live(), col(Account.active))
        ).one_or_none()
        if found is None:
            return None
        sign_in_session, account = found
        if clock.now() - sign_in_session.last_seen_at > _SEEN_STEP:
            sign_in_session.last_seen_at = clock.now()
        return actor_of(session, account, session_id=sign_in_session.pk, ip=ip or sign_in_session.ip)


def actor_of(session: Session, account: Account, *, session_id: int | None, ip: str) -> Actor:
    """Return the actor an account is today: role, teams and areas as the rows say now."""
    memberships = session.exec(
        select(TeamMember.is_lead, Team.id, Area.path, Team.area_id)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .join(Area, col(Area.id) == func.coalesce(TeamMember.grid_id, Team.area_id))
        .where(TeamMember.account_id == account.id, col(TeamMember.left_on).is_(None), col(Team.active))
    ).all()
    paths = [path for _lead, _team, path, _area in memberships]
    if account.role is Role.TEAM_LEAD:
        led = [area_id for is_lead, _team, _path, area_id in memberships if is_lead]
        paths = list(session.exec(select(Area.path).where(col(Area.id).in_(led))).all())
    return Actor(
        account_id=account.pk,
        name=account.name,
        role=account.role,
        area_paths=tuple(paths),
        team_ids=tuple(team for _lead, team, _path, _area in memberships if team is not None),
        department_id=account.department_id,
        locale=account.locale,
        session_id=session_id,
        must_change_password=account.must_change_password,
        ip=ip,
    )
