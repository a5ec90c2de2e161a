"""What must follow a restore, in its transaction: nobody is told twice, no link leads elsewhere, nobody is signed in.

Rows as of the backup say that nothing has been told since. What came due between the backup and the loss may have been
sent all the same; nobody can know. It is neither sent again nor forgotten: it waits in the delivery log, for an
administrator to send or to drop. See docs/adr/0015.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text
from sqlmodel import Session

from core import clock, db
from core.i18n import N_
from services import audit_trail
from services.actor import SYSTEM
from services.backups import snapshot
from services.backups.manifest import Manifest
from services.reminders.planning import reconcile
from services.reminders.sources import SOURCES

PERHAPS_SENT = N_("Due before the restore: perhaps sent already. Send it again, or drop it.")
RESTORED = "restored"
_ENTITY = "backup"
_STRETCH = 1_000_000
_AT_ONCE = 500
_SIGN_OUT = "UPDATE sign_in_session SET ended_at = :now WHERE ended_at IS NULL"
_PAUSE = """
UPDATE reminder SET state = 'held', claimed_until = NULL FROM notice_batch
WHERE subject = 'notice' AND subject_id = notice_batch.id AND notice_batch.state = 'sending'
  AND reminder.state IN ('planned', 'claimed')
"""
_PAUSED = "UPDATE notice_batch SET state = 'paused' WHERE state = 'sending'"
_TOLD = """
UPDATE reminder SET state = 'failed', failed_at = :now, claimed_until = NULL, note = :note
WHERE state IN ('planned', 'claimed') AND recipient_key <> ''
  AND (due_at <= :lost OR state = 'claimed' OR (created_at >= :now AND moment <= :lost))
"""
_SENT = """
UPDATE delivery SET state = 'failed', failed_at = :now, claimed_until = NULL, note = :note
WHERE state IN ('planned', 'claimed') AND (due_at <= :lost OR state = 'claimed')
"""
_STEPS = "UPDATE reminder SET state = 'planned', claimed_until = NULL WHERE state = 'claimed'"
_OWED = "UPDATE outbox_message SET claimed_until = NULL, attempts = 0 WHERE done_at IS NULL AND failed_at IS NULL"


@dataclass(frozen=True)
class Aftermath:
    """What was done.

    Args:
        signed_out: sign-ins that were ended.
        paused: notice batches that were being sent and are paused now.
        reminders: reminders that were perhaps told already.
        deliveries: messages that were perhaps sent already.
    """

    signed_out: int
    paused: int
    reminders: int
    deliveries: int


def settle(connection: Connection, file: str, manifest: Manifest, lost_at: datetime) -> Aftermath:
    """Do what must follow, as part of the transaction that restores.

    Args:
        connection: of the login that owns the tables, which are those of this release.
        file: the archive's name.
        manifest: what it says of itself.
        lost_at: until when the old installation may have sent.
    """
    values = {"now": clock.now(), "note": PERHAPS_SENT, "lost": lost_at}
    _lead_on(connection)
    signed_out = _change(connection, _SIGN_OUT, values)
    _change(connection, _PAUSE, values)
    paused = _change(connection, _PAUSED, values)
    deliveries = _change(connection, _SENT, values)
    info = {"actor": SYSTEM, "action": RESTORED}
    with Session(connection, expire_on_commit=False, info=info) as session, db.joined(session):
        _plan_anew(session)
        session.flush()
        reminders = _change(connection, _TOLD, values)
        _change(connection, _STEPS, values)
        _change(connection, _OWED, values)
        audit_trail.note(
            session, _ENTITY, file, RESTORED, as_of=manifest.at, rows=manifest.rows, files=manifest.files,
            count=reminders + deliveries,
        )  # fmt: skip
    return Aftermath(signed_out, paused, reminders, deliveries)


def _lead_on(connection: Connection) -> None:
    """Let new rows have ids that none had before the loss.

    Links and message ids that went out since the backup name rows that are gone; they must never name others.
    """
    raw: Any = connection.connection.driver_connection
    for name, (last, _called) in snapshot.sequences(raw).items():
        raw.execute(sql.SQL("SELECT setval({}::regclass, {})").format(f'public."{name}"', last + _STRETCH))


def _plan_anew(session: Session) -> None:
    """Plan now what the upkeep would plan later, so that all that came due meanwhile is among what is held."""
    for subject, source in SOURCES.items():
        after = 0
        while ids := source.live(session, after, _AT_ONCE):
            reconcile(session, subject, ids)
            session.flush()
            after = ids[-1]


def _change(connection: Connection, statement: str, values: dict[str, Any]) -> int:
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    return connection.execute(text(statement), used).rowcount
