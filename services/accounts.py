"""Sign-in with a local account, sessions and the actor they stand for."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError, UserError
from core.i18n import LOCALES, N_, gettext
from core.settings import settings
from models.account import Account, Role, SignInAttempt, SignInSession
from models.area import Area
from models.team import Team, TeamMember
from services import audit_trail
from services.actor import SYSTEM, Actor
from services.permissions import Action
from services.use_case import use_case

MIN_PASSWORD_LENGTH = 10
_SEEN_STEP = timedelta(minutes=1)


def sign_in(username: str, password: str, *, ip: str, user_agent: str) -> str:
    """Check a password and open a session.

    Args:
        username: as entered.
        password: as entered.
        ip: the address it came from; attempts are counted against it too.
        user_agent: the browser's name of itself, shown in the list of sessions.

    Returns:
        The token to keep in the person's cookie; the database holds only its hash.

    Raises:
        UserError: wrong name or password (told alike), or too many wrong ones.
    """
    username = username.strip().lower()[:50]
    with transaction(actor=SYSTEM) as session:
        _refuse_if_throttled(session, username, ip)
        account = session.exec(select(Account).where(func.lower(Account.username) == username)).one_or_none()
        if _password_fits(session, account, password):
            assert account is not None  # noqa: S101 - only an account has a password that fits
            return open_session(session, account, ip=ip, user_agent=user_agent)
        session.add(SignInAttempt(username=username, ip=ip))
        audit_trail.note(session, "account", username, "sign_in_refused", ip=ip)
    raise UserError(N_("User name or password is wrong."))


def open_session(session: Session, account: Account, *, ip: str, user_agent: str) -> str:
    """Open a session for an account whose identity has been proved and return its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    account.last_signed_in_at = now
    session.add(
        SignInSession(
            account_id=account.pk,
            token_hash=_hash(token),
            expires_at=now + timedelta(hours=settings().session_hours),
            last_seen_at=now,
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    return token


def actor_for(token: str, *, ip: str = "") -> Actor | None:
    """Return who a session token stands for, or `None` if the session has ended, expired or never was."""
    if not token:
        return None
    with transaction(actor=SYSTEM) as session:
        found = session.exec(
            select(SignInSession, Account)
            .join(Account, col(Account.id) == SignInSession.account_id)
            .where(SignInSession.token_hash == _hash(token), col(Account.active))
        ).one_or_none()
        if found is None or not _alive(found[0]):
            return None
        sign_in_session, account = found
        if clock.now() - sign_in_session.last_seen_at > _SEEN_STEP:
            sign_in_session.last_seen_at = clock.now()
        return _actor(session, account, session_id=sign_in_session.pk, ip=ip)


def sign_out(token: str) -> None:
    """End the session a token stands for; an unknown token is no error."""
    with transaction(actor=SYSTEM) as session:
        session.execute(
            update(SignInSession)
            .where(col(SignInSession.token_hash) == _hash(token), col(SignInSession.ended_at).is_(None))
            .values(ended_at=clock.now())
        )


def sign_out_everywhere(actor: Actor) -> None:
    """End every session of the actor's account, the present one included."""
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        end_sessions(session, actor.pk)


def end_sessions(session: Session, account_id: int) -> None:
    """End every open session of an account; part of the caller's use case."""
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account_id, col(SignInSession.ended_at).is_(None))
        .values(ended_at=clock.now())
    )
    audit_trail.note(session, "account", account_id, "sessions_ended")


def change_password(actor: Actor, present: str, new: str) -> None:
    """Set a new password and end the account's other sessions.

    Raises:
        InvalidError: the present password is wrong or the new one too weak.
    """
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        account = session.get_one(Account, actor.pk)
        if not account.password_hash or not _hasher().verify(present, account.password_hash):
            raise InvalidError({"present": gettext("The present password is wrong.")})
        set_password(account, new)
        account.must_change_password = False
        session.execute(
            update(SignInSession)
            .where(col(SignInSession.account_id) == actor.pk, col(SignInSession.id) != actor.session_id)
            .where(col(SignInSession.ended_at).is_(None))
            .values(ended_at=clock.now())
        )


def set_password(account: Account, password: str) -> None:
    """Give an account a password; part of the caller's use case.

    Raises:
        InvalidError: the password is too short, or is the user name.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        message = gettext("A password needs at least {count} characters.").format(count=MIN_PASSWORD_LENGTH)
        raise InvalidError({"new": message})
    if account.username.lower() in password.lower():
        raise InvalidError({"new": gettext("A password must not contain the user name.")})
    account.password_hash = _hasher().hash(password)


def choose_locale(actor: Actor, locale: str) -> None:
    """Remember the language an account wants; an unknown one is refused.

    Raises:
        NotAllowedError: there is no such language.
    """
    if locale not in LOCALES:
        raise NotAllowedError
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        session.get_one(Account, actor.pk).locale = locale


def _refuse_if_throttled(session: Session, username: str, ip: str) -> None:
    since = clock.now() - timedelta(minutes=settings().sign_in_wait_minutes)
    recent = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.created_at > since)
    by_name = session.exec(recent.where(SignInAttempt.username == username)).one()
    by_ip = session.exec(recent.where(SignInAttempt.ip == ip)).one()
    # An office shares one address, so an address may err more often than one account.
    if by_name >= settings().sign_in_attempts or by_ip >= settings().sign_in_attempts * 10:
        raise UserError(
            N_("Too many wrong passwords. Please try again in {minutes} minutes."),
            minutes=settings().sign_in_wait_minutes,
        )


def _password_fits(session: Session, account: Account | None, password: str) -> bool:
    if account is None or not account.active or not account.password_hash:
        _hasher().verify(password, _decoy())  # the same time, so that it does not tell which names exist
        return False
    fits, renewed = _hasher().verify_and_update(password, account.password_hash)
    if renewed:
        account.password_hash = renewed
        session.add(account)
    return fits


def _alive(row: SignInSession) -> bool:
    now = clock.now()
    idle = timedelta(minutes=settings().session_idle_minutes)
    return row.ended_at is None and now < row.expires_at and now - row.last_seen_at < idle


def _actor(session: Session, account: Account, *, session_id: int, ip: str) -> Actor:
    memberships = session.exec(
        select(TeamMember, Team, Area.path)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .join(Area, col(Area.id) == func.coalesce(TeamMember.grid_id, Team.area_id))
        .where(TeamMember.account_id == account.id, col(TeamMember.left_on).is_(None), col(Team.active))
    ).all()
    led = [team.area_id for member, team, _path in memberships if member.is_lead]
    paths = session.exec(select(Area.path).where(col(Area.id).in_(led))).all()
    if account.role is not Role.TEAM_LEAD:
        paths = [path for _member, _team, path in memberships]
    return Actor(
        account_id=account.pk,
        name=account.name,
        role=account.role,
        area_paths=tuple(paths),
        team_ids=tuple(team.pk for _member, team, _path in memberships),
        department_id=account.department_id,
        locale=account.locale,
        session_id=session_id,
        must_change_password=account.must_change_password,
        ip=ip,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))
