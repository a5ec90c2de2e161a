"""Wrong passwords: counted against the account's name and against the address they came from."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core import clock
from core.errors import UserError
from core.i18n import N_
from core.settings import settings
from models.account import SignInAttempt

_PER_ADDRESS = 10  # an office shares one address, so an address may err more often than one account


def refuse_if_throttled(session: Session, username: str, ip: str) -> None:
    """Refuse another try while the name or the address has too many wrong ones behind it.

    Tries for one name wait for each other, so that many at once are counted too.

    Raises:
        UserError: with the minutes left to wait.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"sign-in {username}"))))
    limit = settings().sign_in_attempts
    waits = [
        _wait(session, SignInAttempt.username == username, limit),
        _wait(session, SignInAttempt.ip == ip, limit * _PER_ADDRESS) if ip else None,
    ]
    until = max((wait for wait in waits if wait), default=None)
    if until is not None:
        minutes = max(1, math.ceil((until - clock.now()).total_seconds() / 60))
        raise UserError(N_("Too many wrong passwords. Please try again in {minutes} minutes."), minutes=minutes)


def locked_until(session: Session, username: str) -> datetime | None:
    """Return until when an account must wait, or `None` if it need not."""
    return _wait(session, SignInAttempt.username == username, settings().sign_in_attempts)


def count(session: Session, username: str, ip: str) -> None:
    """Count a wrong password; `services.upkeep` forgets it in time."""
    session.add(SignInAttempt(username=username, ip=ip))


def forget(session: Session, username: str) -> None:
    """Forget the wrong passwords of an account: it has shown the right one, or an administrator has unlocked it."""
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.username) == username))


def _wait(session: Session, whose: bool, limit: int) -> datetime | None:
    """Return when the `limit`-th last attempt is old enough for another one, `None` if now."""
    window = timedelta(minutes=settings().sign_in_wait_minutes)
    nth = session.exec(
        select(SignInAttempt.created_at)
        .where(whose, col(SignInAttempt.created_at) > clock.now() - window)
        .order_by(col(SignInAttempt.created_at).desc())
        .offset(limit - 1)
        .limit(1)
    ).first()
    return nth + window if nth else None
