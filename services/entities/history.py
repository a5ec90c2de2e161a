"""What happened to one row: its entries of the audit log, in the words of its fields."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models.audit import AuditEntry
from models.fields import FieldSpec
from services.actor import Actor
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.queries import load
from services.entities.references import labels_of
from services.use_case import use_case


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; references are told by name."""

    spec: FieldSpec
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One change of a row: when, by whom, what was done (`created`, `changed`, …), and each field that differs."""

    at: datetime
    actor_name: str
    verb: str
    changes: list[FieldChange]
    names: dict[str, dict[int, str]]


def history(actor: Actor, entity: Entity, row_id: int, *, limit: int = 50) -> list[Change]:
    """Return what happened to a row, latest first, to whom may change it.

    Raises:
        NotFoundError: there is no such row or the actor may not change it.
    """
    with use_case(actor, entity.edit) as session:
        load(session, actor, entity, row_id, edit=True)
        specs = fields(session, entity)
        entries = session.exec(
            select(AuditEntry)
            .where(AuditEntry.entity == entity.model.__tablename__, AuditEntry.entity_id == str(row_id))
            .order_by(col(AuditEntry.id).desc())
            .limit(limit)
        ).all()
        names = labels_of(session, specs, [state for entry in entries for state in (entry.before, entry.after)])
        return [_change(entry, specs, names) for entry in entries]


def _change(entry: AuditEntry, specs: list[FieldSpec], names: dict[str, dict[int, str]]) -> Change:
    before, after = _flat(entry.before), _flat(entry.after)
    changes = [
        FieldChange(spec, before.get(spec.key), after.get(spec.key))
        for spec in specs
        if before.get(spec.key) != after.get(spec.key)
    ]
    return Change(entry.at, entry.actor_name, entry.action.rpartition(".")[2], changes, names)


def _flat(state: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values with those of its extra fields beside them."""
    return {**state, **(state.get("extra") or {})}
