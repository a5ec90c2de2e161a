"""Backups that are made by themselves."""

from datetime import timedelta
from typing import Any

from core.db import transaction
from core.settings import settings
from models.reminder import Subject
from services import outbox
from services.backups import keeping, making
from services.backups import standing as standings
from services.backups.standing import ALL, TOPIC, BackupStanding
from services.reminders import noticing

__all__ = ["TOPIC", "plan", "run", "standing"]
_EARLY = timedelta(minutes=30)
"""The scheduler looks once an hour: this much too early is better than an hour later each day."""


def plan() -> bool:
    """Owe a backup unless none is wanted, or one was owed within the time; returns whether it is owed now.

    Each look also plans what administrators are to be told of backups that fail or are late.
    """
    given = settings()
    with transaction() as session:
        noticing.touch(session, Subject.BACKUP, [ALL])
        if not given.backup_dir:
            return False
        if outbox.owed_lately(session, TOPIC, timedelta(hours=given.backup_hours) - _EARLY):
            return False
        outbox.put(session, TOPIC, {})
    return True


def run(_payload: dict[str, Any]) -> None:
    """Make a backup and remove those that need not be kept."""
    keeping.tidy_after(making.make())


def standing() -> BackupStanding | None:
    """Return how backups stand; `None` if none are wanted."""
    with transaction() as session:
        return standings.standing(session)
