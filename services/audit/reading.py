"""Searching the audit log and reading its entries as people do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

import models.all  # noqa: F401 - every table must be known by name
from core import clock
from core.i18n import N_, gettext
from core.text import clean, like_pattern
from models.account import Account
from models.audit import AuditEntry
from models.base import Row
from models.entity import specs_of
from models.fields import FieldKind, FieldSpec
from services import audit_trail, exporting
from services.actor import SYSTEM, Actor
from services.audit.labels import INNER, detail, detail_label, entities, said, verbs
from services.audit_trail import SECRET
from services.entities.references import TARGETS, labels_of, names
from services.permissions import Action
from services.phones import readable_document
from services.use_case import use_case

EXPORT_LIMIT = 100_000
_COLUMNS = (
    FieldSpec(key="at", label=N_("Moment"), kind=FieldKind.MOMENT),
    FieldSpec(key="actor_name", label=N_("Person")),
    FieldSpec(key="action", label=N_("Action")),
    FieldSpec(key="entity", label=N_("Object")),
    FieldSpec(key="entity_id", label=N_("Entry no.")),
    FieldSpec(key="field", label=N_("Field")),
    FieldSpec(key="before", label=N_("Before")),
    FieldSpec(key="after", label=N_("After")),
    FieldSpec(key="ip", label=N_("Address")),
    FieldSpec(key="request_id", label=N_("Request")),
)


@dataclass(frozen=True)
class AuditQuery:
    """What of the log is asked for.

    Args:
        person: any part of a person's name or user name.
        entity: name of a table; empty means all.
        entity_id: id of a row of that table.
        verb: what was done, such as "changed" or "signed_in"; empty means anything.
        since: first day; `None` means from the beginning.
        until: last day; `None` means up to now.
        before_id: only entries older than this one: for the next page.
        size: entries on a page.
    """

    person: str = ""
    entity: str = ""
    entity_id: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None
    before_id: int | None = None
    size: int = 50


@dataclass(frozen=True)
class Change:
    """One field of an entry as people read it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One entry of the log as people read it."""

    id: int
    at: datetime
    actor_name: str
    action: str
    entity: str
    entity_id: str
    title: str
    """The name of the row it was about, where it has one today."""
    changes: tuple[Change, ...]
    ip: str
    request_id: str


def search(actor: Actor, query: AuditQuery) -> list[Entry]:
    """Return a page of the log, the newest first; pass the last one's id as `before_id` for the next page."""
    with use_case(actor, Action.AUDIT_VIEW) as session:
        rows = session.exec(_matching(query).limit(query.size)).all()
        return _read(session, actor, rows)


def export(actor: Actor, query: AuditQuery) -> bytes:
    """Return what a search leaves as a workbook, one line for each field changed; the log itself notes it."""
    with use_case(actor, Action.AUDIT_VIEW) as session:
        rows = session.exec(_matching(query).limit(EXPORT_LIMIT)).all()
        asked = {key: str(value) for key, value in asdict(query).items() if value and key not in ("size", "before_id")}
        audit_trail.note(session, "audit_entry", "", "exported", rows=len(rows), filters=asked)
        return exporting.workbook(gettext("Audit log"), _COLUMNS, _lines(_read(session, actor, rows)))


def _matching(query: AuditQuery) -> SelectOfScalar[AuditEntry]:
    statement = select(AuditEntry).order_by(col(AuditEntry.id).desc())
    if query.person.strip():
        statement = statement.where(_by_person(query.person))
    if query.entity:
        statement = statement.where(AuditEntry.entity == query.entity)
    if wanted := clean(query.entity_id):
        statement = statement.where(AuditEntry.entity_id == wanted)
    if query.verb:
        statement = statement.where(col(AuditEntry.action).endswith(f".{query.verb}", autoescape=True))
    if query.since:
        statement = statement.where(col(AuditEntry.at) >= clock.midnight(query.since))
    if query.until:
        statement = statement.where(col(AuditEntry.at) < clock.midnight(query.until + timedelta(days=1)))
    if query.before_id is not None:
        statement = statement.where(col(AuditEntry.id) < query.before_id)
    return statement


def _by_person(wanted: str) -> Any:
    """Return the condition that a person did it: by account, so that a changed name still finds the older entries."""
    pattern = like_pattern(wanted)
    named = or_(
        func.lower(Account.name).like(pattern, escape="\\"), func.lower(Account.username).like(pattern, escape="\\")
    )
    theirs = col(AuditEntry.actor_id).in_(select(Account.id).where(named))
    if wanted.strip().lower() in (SYSTEM.name, gettext("system").lower()):
        return or_(theirs, col(AuditEntry.actor_id).is_(None))
    return theirs


def _read(session: Session, actor: Actor, rows: Iterable[AuditEntry]) -> list[Entry]:
    """Return entries in words: tables, fields, choices and the rows that others point to by name.

    Phone numbers are masked for whoever may not see them; that one was changed is told all the same.
    """
    rows = list(rows)
    by_entity: dict[str, list[AuditEntry]] = defaultdict(list)
    for row in rows:
        by_entity[row.entity].append(row)
    named = {
        entity: labels_of(session, specs.values(), [_flat(state) for row in found for state in (row.before, row.after)])
        for entity, found in by_entity.items()
        if (specs := _specs(entity))
    }
    titles = _titles(session, by_entity)
    tables, deeds = entities(), verbs()
    return [
        Entry(
            id=row.id or 0,
            at=row.at,
            actor_name=gettext("system") if row.actor_id is None else row.actor_name,
            action=deeds.get(row.action.rpartition(".")[2], row.action),
            entity=tables.get(row.entity, row.entity),
            entity_id=row.entity_id,
            title=titles.get((row.entity, row.entity_id), ""),
            changes=_changes(actor, row, named.get(row.entity, {})),
            ip=row.ip,
            request_id=row.request_id,
        )
        for row in rows
    ]


def _titles(session: Session, by_entity: Mapping[str, list[AuditEntry]]) -> dict[tuple[str, str], str]:
    """Return the names of the rows entries are about: one query for each table that people refer to by name."""
    found = {}
    for entity in by_entity.keys() & TARGETS.keys():
        ids = {int(row.entity_id) for row in by_entity[entity] if row.entity_id.isdigit()}
        found.update({(entity, str(row_id)): name for row_id, name in names(session, entity, ids).items()})
    return found


def column_label(entity: str, key: str) -> str:
    """Return what people call a column of a table, in the present language."""
    spec = _specs(entity).get(key)
    return gettext(spec.label) if spec else detail(key)


def _changes(actor: Actor, row: AuditEntry, named: Mapping[str, Mapping[int, str]]) -> tuple[Change, ...]:
    before, after = _flat(row.before), _flat(row.after)
    specs = _specs(row.entity)
    found = []
    for key in dict.fromkeys((*before, *after)):
        if key in INNER:
            continue
        spec = specs.get(key)
        label = column_label(row.entity, key)
        shown = [_shown(spec, state.get(key), named.get(key, {})) for state in (before, after)]
        if after.get(key) == SECRET:
            found.append(Change(label, "", gettext("(changed)")))
        elif shown[0] != shown[1]:
            told = [readable_document(actor, state.get(key)) for state in (before, after)]
            found.append(Change(label, *(_shown(spec, each, named.get(key, {})) for each in told)))
    return tuple(found)


def _shown(spec: FieldSpec | None, value: Any, named: Mapping[int, str]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if spec is None or value == SECRET:
        return _in_words(value)
    if spec.kind is FieldKind.REFERENCE:
        return named.get(value, f"#{value}")
    shown = exporting.cell_value(spec, value)
    return shown.strftime("%Y-%m-%d %H:%M") if isinstance(shown, datetime) else str(shown)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):
        return gettext(", ").join(f"{detail(key)} {_in_words(each)}" for key, each in value.items() if each)
    if isinstance(value, list):
        return gettext(", ").join(_in_words(each) for each in value)
    return str(value)


def _flat(state: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values with those of its extra fields beside them."""
    extra = state.get("extra")
    return {**{key: said(key, value) for key, value in state.items() if key not in ("extra", "id")}, **(extra or {})}


def _lines(entries: list[Entry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        for change in entry.changes or (Change("", "", ""),):
            yield {**asdict(entry), **asdict(change)}


@cache
def _specs(entity: str) -> dict[str, FieldSpec]:
    """Return the declared fields of a table by key, and those that point to a named row; none for what is no table."""
    found: dict[str, FieldSpec] = {}
    for model in Row.__subclasses__():
        if getattr(model, "__tablename__", "") == entity:
            found = {**_pointers(entity), **{spec.key: spec for spec in specs_of(model)}}
    return found


def _pointers(entity: str) -> dict[str, FieldSpec]:
    """Return the columns of a table that point to rows people know by name."""
    pointed = {
        column.name: key.column.table.name
        for column in Row.metadata.tables[entity].columns
        for key in column.foreign_keys
    }
    return {
        name: FieldSpec(key=name, label=detail_label(name), kind=FieldKind.REFERENCE, reference=target)
        for name, target in pointed.items()
        if target in TARGETS
    }
