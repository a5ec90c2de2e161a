"""People of the demonstration as actors, signed in just now."""

from sqlmodel import select

from core.db import transaction
from models.account import Account, Role
from services import accounts
from services.actor import SYSTEM, Actor


def acting(username: str) -> Actor:
    """Return an account as whoever has just signed in with it."""
    with transaction(actor=SYSTEM) as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        token = accounts.open_session(session, account, ip="127.0.0.1", user_agent="test")
    actor = accounts.actor_for(token)
    assert actor is not None
    return actor


def hired(username: str, role: Role) -> Actor:
    """Make an account and return it as an actor."""
    with transaction(actor=SYSTEM) as session:
        session.add(Account(username=username, name=username, role=role, must_change_password=False))
    return acting(username)
