"""Backups that are made by themselves, and how they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from core.settings import settings
from models.audit import AuditEntry
from models.outbox import OutboxMessage
from services import outbox
from services.backups import keeping, making
from services.backups.places import Place

TOPIC = "backup"
_EARLY = timedelta(minutes=30)
"""The scheduler looks once an hour: this much too early is better than an hour later each day."""
_PATIENCE = timedelta(hours=3)
_MADE = f"{making.ENTITY}.{making.MADE}"


@dataclass(frozen=True)
class BackupStanding:
    """How backups stand.

    Args:
        last: when the last one was made and checked; `None` if there was none.
        problem: why the latest attempt failed, as the log has it; empty if it did not.
        late: whether there should have been another one by now.
    """

    last: datetime | None
    problem: str
    late: bool

    @property
    def well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.problem or self.late)


def plan() -> bool:
    """Owe a backup unless none is wanted, or one was owed within the time; returns whether it is owed now."""
    given = settings()
    if not given.backup_dir:
        return False
    with transaction() as session:
        latest = _latest(session)
        if latest and latest.created_at > clock.now() - timedelta(hours=given.backup_hours) + _EARLY:
            return False
        outbox.put(session, TOPIC, {})
    return True


def run(_payload: dict[str, Any]) -> None:
    """Make a backup and remove those that need not be kept."""
    made = making.make()
    keeping.tidy(Place(made.place))


def standing() -> BackupStanding | None:
    """Return how backups stand; `None` if none are wanted."""
    given = settings()
    if not given.backup_dir:
        return None
    with transaction() as session:
        last = session.exec(
            select(AuditEntry.at)
            .where(AuditEntry.entity == making.ENTITY, AuditEntry.action == _MADE)
            .order_by(col(AuditEntry.at).desc())
        ).first()
        latest = _latest(session)
    longest = timedelta(hours=given.backup_hours) + _PATIENCE
    waited_since = last or (latest.created_at if latest else clock.now())
    return BackupStanding(last, latest.error if latest else "", clock.now() - waited_since > longest)


def _latest(session: Session) -> OutboxMessage | None:
    latest = select(OutboxMessage).where(OutboxMessage.topic == TOPIC).order_by(col(OutboxMessage.id).desc())
    return session.exec(latest.limit(1)).first()
