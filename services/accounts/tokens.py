"""Session tokens: the browser holds the token, the database only its hash."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from core import clock
from core.settings import settings
from models.account import SignInSession


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def live() -> ColumnElement[bool]:
    """Return the condition that a session has been neither ended nor outlived nor left unused for too long."""
    now = clock.now()
    return and_(
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.expires_at) > now,
        col(SignInSession.last_seen_at) > now - timedelta(minutes=settings().session_idle_minutes),
    )
