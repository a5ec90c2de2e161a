"""Signing in with a local account."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, select

from core import clock
from core.db import transaction
from core.errors import UserError
from core.i18n import N_
from core.settings import settings
from core.text import clean
from models.account import Account, SignInSession
from services import audit_trail
from services.accounts import attempts, passwords
from services.accounts.devices import device_name
from services.accounts.tokens import hash_of, new_token
from services.actor import SYSTEM, Actor


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
    username = clean(username).lower()[:50]
    with transaction(actor=Actor(account_id=None, name=SYSTEM.name, role=None, ip=ip)) as session:
        attempts.refuse_if_throttled(session, username, ip)
        account = session.exec(select(Account).where(func.lower(Account.username) == username)).one_or_none()
        if passwords.fits(session, account, password) and account is not None:
            attempts.forget(session, username)
            return open_session(session, account, ip=ip, user_agent=user_agent)
        attempts.count(session, username, ip)
        audit_trail.note(session, "account", account.id if account else "", "sign_in_refused", username=username)
    raise UserError(N_("User name or password is wrong."))


def open_session(session: Session, account: Account, *, ip: str, user_agent: str) -> str:
    """Open a session for an account whose identity has been proved and return its token."""
    token, now = new_token(), clock.now()
    account.last_signed_in_at = now
    session.add(
        SignInSession(
            account_id=account.pk,
            token_hash=hash_of(token),
            expires_at=now + timedelta(hours=settings().session_hours),
            last_seen_at=now,
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    session.info["actor"] = Actor(account_id=account.pk, name=account.name, role=account.role, ip=ip)
    audit_trail.note(session, "account", account.pk, "signed_in", device=device_name(user_agent))
    return token
