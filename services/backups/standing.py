"""How backups stand: when the last one was made and what it lacks, and since when the next one fails or is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from core import clock
from core.i18n import N_, gettext
from core.settings import settings
from models.audit import AuditEntry
from models.outbox import OutboxMessage
from services.backups import making

TOPIC = "backup"
ALL = 1
"""All backups as one subject of reminders."""
_PATIENCE = timedelta(hours=3)
_MADE = f"{making.ENTITY}.{making.MADE}"
_LACKS = N_(
    "{count} files are missing or changed in the store and not in the latest backup; older ones are kept meanwhile."
)


@dataclass(frozen=True)
class BackupStanding:
    """How backups stand.

    Args:
        last: when the last one was made and checked; `None` if there was none.
        problem: why the latest attempt failed, as the log has it, or that the last one lacks files; empty if neither.
        late: whether there should have been another one by now.
        since: from when on the next one was owed, or the first that lacked files was made.
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
    made, latest, every = _last_made(session), latest_owed(session), timedelta(hours=given.backup_hours)
    last = made.at if made else None
    lacking = int(made.after.get(making.MISSING, 0)) if made else 0
    lacks = gettext(_LACKS).format(count=lacking) if lacking else ""
    since = _first_owed(session, last) or (last + every if last else clock.now())
    waited_since = last or (latest.created_at if latest else clock.now())
    return BackupStanding(
        last=last,
        problem=_failure(latest, last) or lacks,
        late=clock.now() - waited_since > every + _PATIENCE,
        since=_first_lacking(session) if lacking else since,
    )


def latest_owed(session: Session) -> OutboxMessage | None:
    """Return the backup that was owed last, made or not."""
    latest = select(OutboxMessage).where(OutboxMessage.topic == TOPIC).order_by(col(OutboxMessage.id).desc())
    return session.exec(latest.limit(1)).first()


def _last_made(session: Session) -> AuditEntry | None:
    return session.exec(select(AuditEntry).where(*_made()).order_by(col(AuditEntry.at).desc()).limit(1)).first()


def _failure(latest: OutboxMessage | None, last: datetime | None) -> str:
    """Return why the latest attempt failed, unless one was made since: by hand, or to another place."""
    if latest is None:
        return ""
    failed_at = latest.failed_at or latest.updated_at
    return latest.error if last is None or last < failed_at else ""


def _first_lacking(session: Session) -> datetime:
    """Return when the first of those was made that lack files, since the last one that lacked none."""
    at, number = col(AuditEntry.at), func.coalesce(col(AuditEntry.after)[making.MISSING].as_integer(), 0)
    whole = session.exec(select(func.max(at)).where(*_made(), number == 0)).one()
    since = () if whole is None else (at > whole,)
    return session.exec(select(func.min(at)).where(*_made(), number > 0, *since)).one()


def _made() -> tuple[Any, ...]:
    return AuditEntry.entity == making.ENTITY, AuditEntry.action == _MADE


def _first_owed(session: Session, after: datetime | None) -> datetime | None:
    owed = select(func.min(col(OutboxMessage.created_at))).where(OutboxMessage.topic == TOPIC)
    return session.exec(owed.where(col(OutboxMessage.created_at) > after) if after else owed).one()
