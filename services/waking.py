"""Waking the scheduler: whoever writes rows that are due at once tells it in the same transaction.

Nothing depends on it being heard: the scheduler looks by itself now and then.
"""

from sqlalchemy import text
from sqlmodel import Session

CHANNEL = "outbox"


def wake(session: Session) -> None:
    """Let the scheduler look for due rows as soon as the session commits."""
    session.execute(text(f"NOTIFY {CHANNEL}"))
