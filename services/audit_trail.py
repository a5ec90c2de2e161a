"""Writes the audit log: every change of an audited row, by itself, in the transaction that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session
from structlog.contextvars import get_contextvars

from core import clock
from models.audit import AuditEntry
from models.base import Table
from services.actor import SYSTEM, Actor

_UNTOLD = frozenset({"created_at", "updated_at", "search_text", "last_signed_in_at"})
SECRET = "***"  # noqa: S105 - what stands in the log for something that must not
_AS_ONE = "one audit entry"
_SECRET = frozenset({"password_hash", "secret", "token_hash"})


def note(session: Session, entity: str, entity_id: object, action: str, **after: object) -> None:
    """Write an entry for something that changes no audited row: a sign-in, an export, a revealed phone number."""
    _write(session, [_entry(session, entity, entity_id, action, {}, {k: _plain(k, v) for k, v in after.items()})])


@contextmanager
def as_one(session: Session) -> Iterator[None]:
    """Leave the changes of the block out of the log: its caller notes what they are together.

    For data that nobody entered, such as the demonstration's: an entry for each row would say nothing.
    """
    session.info[_AS_ONE] = True
    try:
        yield
        session.flush()
    finally:
        del session.info[_AS_ONE]


@event.listens_for(Session, "do_orm_execute")
def _refuse_unseen_changes(state: ORMExecuteState) -> None:
    """Refuse to change audited rows past the log: a statement for many rows shows no before and after.

    What is nobody's deed, such as a progress count, says so by the execution option `unaudited`.
    """
    mapper = state.bind_mapper
    if not (state.is_update or state.is_delete) or state.execution_options.get("unaudited"):
        return
    if mapper is not None and getattr(mapper.class_, "audited", False):
        raise RuntimeError(f"{mapper.class_.__name__} is audited: load its rows and change them one by one")


@event.listens_for(Session, "after_flush")
def _trail(session: Session, _flush: UOWTransaction) -> None:
    if _AS_ONE in session.info:
        return
    entries = [
        *(_change(session, row, "created") for row in session.new),
        *(_change(session, row, "changed") for row in session.dirty),
        *(_change(session, row, "deleted") for row in session.deleted),
    ]
    _write(session, [entry for entry in entries if entry])


def _change(session: Session, row: object, verb: str) -> dict[str, Any] | None:
    if not isinstance(row, Table) or not row.audited:
        return None
    before, after = _difference(row, verb)
    if not before and not after:
        return None
    identity = inspect(row).identity or inspect(row).mapper.primary_key_from_instance(row)
    entity_id = ",".join(str(part) for part in identity)
    return _entry(session, str(row.__tablename__), entity_id, verb, before, after)


def _difference(row: Table, verb: str) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    for name in state.mapper.column_attrs.keys():  # noqa: SIM118 - a collection of SQLAlchemy's own, not a dict
        if name in _UNTOLD:
            continue
        history = state.attrs[name].history
        if verb == "deleted":
            before[name] = _plain(name, state.dict.get(name))
        elif history.has_changes():
            if verb == "changed":
                before[name] = _plain(name, history.deleted[0] if history.deleted else None)
            after[name] = _plain(name, history.added[0] if history.added else None)
    return before, after


def _entry(  # noqa: PLR0917 - one argument for each column that varies
    session: Session, entity: str, entity_id: object, verb: str, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    actor = session.info.get("actor", SYSTEM)
    assert isinstance(actor, Actor)  # noqa: S101 - a session opened past use_case would be a defect of ours
    return {
        "at": clock.now(),
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "action": f"{entity}.{verb}",
        "entity": entity,
        "entity_id": str(entity_id),
        "before": before,
        "after": after,
        "ip": actor.ip,
        "request_id": str(get_contextvars().get("request_id", "")),
    }


def _write(session: Session, entries: list[dict[str, Any]]) -> None:
    if entries:
        session.connection().execute(insert(AuditEntry), entries)


def _plain(name: str, value: object) -> Any:
    if name in _SECRET:
        return SECRET
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)
