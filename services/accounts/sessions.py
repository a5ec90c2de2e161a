"""Sign-in sessions: who is signed in where, and ending that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from models.account import Account, Role, SignInSession
from services import access, audit_trail
from services.accounts.devices import device_name
from services.accounts.tokens import hash_of
from services.actor import SYSTEM, Actor
from services.live_sessions import live
from services.permissions import Action, allows
from services.use_case import use_case


@dataclass(frozen=True)
class LiveSession:
    """A session that is open now, as lists show it."""

    id: int
    account_id: int
    name: str
    username: str
    role: Role
    ip: str
    device: str
    started_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_present: bool
    """Whether it is the one of whoever asks."""


def own_sessions(actor: Actor) -> list[LiveSession]:
    """Return the open sessions of the actor's own account, the last begun first."""
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        return _found(session, actor, Action.ACCOUNT_OWN)


def live_sessions(actor: Actor) -> list[LiveSession]:
    """Return every open session, the last begun first: for administrators."""
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        return _found(session, actor, Action.ACCOUNT_MANAGE)


def end_session(actor: Actor, session_id: int) -> None:
    """End one session: an administrator anyone's, others their own.

    Raises:
        NotFoundError: there is no such session, or it is not the actor's.
    """
    action = Action.ACCOUNT_MANAGE if allows(actor, Action.ACCOUNT_MANAGE) else Action.ACCOUNT_OWN
    with use_case(actor, action) as session:
        row = access.load(session, actor, action, SignInSession, session_id, lock=True)
        if row.ended_at is None:
            row.ended_at = clock.now()
            audit_trail.note(
                session, "account", row.account_id, "session_ended", device=device_name(row.user_agent), ip=row.ip
            )


def sign_out(token: str) -> None:
    """End the session a token stands for; an unknown token is no error."""
    with transaction(actor=SYSTEM) as session:
        row = session.exec(
            select(SignInSession)
            .where(SignInSession.token_hash == hash_of(token), col(SignInSession.ended_at).is_(None))
            .with_for_update()
        ).one_or_none()
        if row is None:
            return
        row.ended_at = clock.now()
        account = session.get_one(Account, row.account_id)
        session.info["actor"] = Actor(account_id=account.pk, name=account.name, role=account.role, ip=row.ip)
        audit_trail.note(session, "account", account.pk, "signed_out")


def sign_out_everywhere(actor: Actor) -> None:
    """End every session of the actor's account, the present one included."""
    with use_case(actor, Action.ACCOUNT_BASICS) as session:
        end_sessions(session, actor.pk)


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every open session of an account, or every one but one; part of the caller's use case.

    Returns:
        How many were ended.
    """
    ended = session.execute(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account_id, col(SignInSession.ended_at).is_(None))
        .where(col(SignInSession.id).is_distinct_from(but))
        .values(ended_at=clock.now())
        .returning(col(SignInSession.id))
    ).all()
    if ended:
        audit_trail.note(session, "account", account_id, "sessions_ended", count=len(ended))
    return len(ended)


def count_live(session: Session, account_id: int) -> int:
    """Return how many sessions of an account are open; part of the caller's use case."""
    statement = select(func.count()).select_from(SignInSession)
    return session.exec(statement.where(SignInSession.account_id == account_id, live())).one()


def _found(session: Session, actor: Actor, action: Action) -> list[LiveSession]:
    rows = session.exec(
        select(SignInSession, Account)
        .join(Account, col(Account.id) == SignInSession.account_id)
        .where(access.condition(actor, action, SignInSession), live(), col(Account.active))
        .order_by(col(SignInSession.id).desc())  # not by their use: no row is to move while somebody chooses
    ).all()
    return [
        LiveSession(
            id=row.pk,
            account_id=account.pk,
            name=account.name,
            username=account.username,
            role=account.role,
            ip=row.ip,
            device=device_name(row.user_agent),
            started_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            is_present=row.id == actor.session_id,
        )
        for row, account in rows
    ]
