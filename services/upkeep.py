"""Daily upkeep: what has served its purpose is deleted, what is missing is made good."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, delete

from core import clock
from core.db import transaction
from models.account import SignInAttempt, SignInSession
from services import outbox
from services.actor import SYSTEM
from services.classes import suggest
from services.delivery import tidying
from services.issues import missing_clocks
from services.reminders import noticing
from services.tallies import checking

TOPIC = "upkeep"
_EVERY = timedelta(days=1)
_ATTEMPTS_KEPT = timedelta(days=30)
_SESSIONS_KEPT = timedelta(days=90)


def plan() -> bool:
    """Owe one round of upkeep unless there was one within a day; returns whether it is owed now."""
    with transaction() as session:
        if outbox.owed_lately(session, TOPIC, _EVERY):
            return False
        outbox.put(session, TOPIC, {})
    return True


def run(_payload: dict[str, Any]) -> None:
    """Delete what has served its purpose, start clocks, prove figures, plan reminders anew, suggest classes."""
    outbox.tidy()
    tidying.tidy()
    missing_clocks.start()
    checking.check()
    now = clock.now()
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        noticing.replan(session)  # the bulletin of a new month, and whatever a restored backup lacks
        session.execute(delete(SignInAttempt).where(col(SignInAttempt.created_at) < now - _ATTEMPTS_KEPT))
        session.execute(delete(SignInSession).where(col(SignInSession.expires_at) < now - _SESSIONS_KEPT))
    suggest(SYSTEM)
