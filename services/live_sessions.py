"""Which sign-ins are open: the one condition, for the door and for every use case behind it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam
from sqlmodel import col

from core import clock
from core.settings import settings
from models.account import SignInSession


def moments() -> dict[str, datetime]:
    """Return the parameters of `LIVE` as of now."""
    now = clock.now()
    return {"now": now, "seen_after": now - timedelta(minutes=settings().session_idle_minutes)}


def live() -> ColumnElement[bool]:
    """Return the condition `LIVE` as of now."""
    return _condition(**moments())


def _condition(now: Any, seen_after: Any) -> ColumnElement[bool]:
    return and_(
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.expires_at) > now,
        col(SignInSession.last_seen_at) > seen_after,
    )


LIVE = _condition(bindparam("now"), bindparam("seen_after"))
"""That a session has been neither ended nor outlived nor left unused for too long; `moments` are its parameters."""
