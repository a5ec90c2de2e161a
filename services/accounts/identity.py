"""Signing in with a proved identity of an OpenID Connect provider; no account is ever made by it."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.db import transaction
from core.errors import ConflictError, UserError
from core.i18n import N_
from core.settings import settings
from models.account import Account
from services import audit_trail
from services.accounts.signing_in import open_session
from services.actor import SYSTEM, Actor
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Identity:
    """Who the provider says somebody is, its signature checked."""

    issuer: str
    subject: str
    username: str = ""
    email: str = ""
    email_verified: bool = False

    @property
    def key(self) -> str:
        """What accounts keep of it: one text for issuer and subject, for another issuer may use the same subjects."""
        return hashlib.sha256(f"{self.issuer}\n{self.subject}".encode()).hexdigest()


def sign_in_by_identity(identity: Identity, *, ip: str, user_agent: str) -> str:
    """Open a session for the account an identity belongs to and return its token.

    Raises:
        UserError: no active account belongs to it.
    """
    with transaction(actor=Actor(account_id=None, name=SYSTEM.name, role=None, ip=ip)) as session:
        account = _linked(session, identity) or _matching(session, identity)
        if account is not None and account.active:
            account.oidc_subject = identity.key
            account.must_change_password = account.must_change_password and bool(account.password_hash)
            return open_session(session, account, ip=ip, user_agent=user_agent)
        audit_trail.note(session, "account", account.id if account else "", "sign_in_refused",
                         username=identity.username, email=identity.email)  # fmt: skip
    raise UserError(N_("No account here belongs to this identity. Ask your administrator to set one up."))


def link(actor: Actor, identity: Identity) -> None:
    """Link an identity to the actor's own account, to sign in with it from now on.

    Raises:
        ConflictError: it belongs to another account.
    """
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        owner = _linked(session, identity)
        if owner is not None and owner.id != actor.account_id:
            raise ConflictError(N_("This identity belongs to another account."))
        session.get_one(Account, actor.pk).oidc_subject = identity.key


def unlink(actor: Actor) -> None:
    """Take the identity off the actor's own account.

    Raises:
        ConflictError: the account has no password, so nobody could sign in to it any more.
    """
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        account = session.get_one(Account, actor.pk)
        if not account.password_hash:
            raise ConflictError(N_("This account has no password; without the link nobody could sign in to it."))
        account.oidc_subject = None


def _linked(session: Session, identity: Identity) -> Account | None:
    return session.exec(select(Account).where(Account.oidc_subject == identity.key)).one_or_none()


def _matching(session: Session, identity: Identity) -> Account | None:
    """Return the one account not yet linked that the settings allow to be recognised by name or verified address."""
    how = settings().oidc_match
    if how == "email" and identity.email and identity.email_verified:
        wanted = func.lower(Account.email) == identity.email.lower()
    elif how == "username" and identity.username:
        wanted = func.lower(Account.username) == identity.username.lower()
    else:
        return None
    found = session.exec(select(Account).where(wanted, col(Account.oidc_subject).is_(None)).limit(2)).all()
    return found[0] if len(found) == 1 else None
