"""How backups stand: when the last one was made, and since when the next one fails or is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from core import clock
from core.settings import settings
from models.audit import AuditEntry
from models.outbox import OutboxMessage
from services.backups import making

TOPIC = "backup"
ALL = 1
"""All backups as one subject of reminders."""
_PATIENCE = timedelta(hours=3)
_MADE = f"{making.ENTITY}.{making.MADE}"


@dataclass(frozen=True)
class BackupStanding:
    """How backups stand.

    Args:
        last: when the last one was made and checked; `None` if there was none.
        problem: why the latest attempt failed, as the log has it; empty if it did not.
        late: whether there should have been another one by now.
        since: from when on the next one was owed.
    """

    last: datetime | None
    problem: str
    late: bool
    since: datetime

    @property
    def well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.problem or self.late)


def standing(session: Session) -> BackupStanding | None:
    """Return how backups stand; `None` if none are made by themselves."""
    given = settings()
    if not given.backup_dir:
        return None
    last = session.exec(
        select(AuditEntry.at)
        .where(AuditEntry.entity == making.ENTITY, AuditEntry.action == _MADE)
        .order_by(col(AuditEntry.at).desc())
    ).first()
    latest, every = latest_owed(session), timedelta(hours=given.backup_hours)
    since = _first_owed(session, last) or (last + every if last else clock.now())
    waited_since = last or (latest.created_at if latest else clock.now())
    return BackupStanding(
        last, latest.error if latest else "", clock.now() - waited_since > every + _PATIENCE, since
    )  # fmt: skip


def latest_owed(session: Session) -> OutboxMessage | None:
    """Return the backup that was owed last, made or not."""
    latest = select(OutboxMessage).where(OutboxMessage.topic == TOPIC).order_by(col(OutboxMessage.id).desc())
    return session.exec(latest.limit(1)).first()


def _first_owed(session: Session, after: datetime | None) -> datetime | None:
    owed = select(func.min(col(OutboxMessage.created_at))).where(OutboxMessage.topic == TOPIC)
    return session.exec(owed.where(col(OutboxMessage.created_at) > after) if after else owed).one()
