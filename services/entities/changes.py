"""Saving and deleting rows of an entity."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.errors import ConflictError, InvalidError, NotAllowedError
from core.i18n import N_, gettext
from models.base import Row
from models.fields import FieldKind, FieldSpec, clean_values
from services import access
from services.actor import Actor
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.use_case import use_case


def save(actor: Actor, entity: Entity, raw: Mapping[str, Any], row_id: int | None = None) -> int:
    """Make a row, or change one.

    Args:
        actor: who asks.
        entity: the declaration.
        raw: field key → value as entered; a field that is left out keeps its value.
        row_id: the row to change; `None` makes a new one.

    Returns:
        The row's id.

    Raises:
        InvalidError: a value is not acceptable, or another row has it that must be the only one.
        NotFoundError: there is no such row or the actor may not change it.
    """
    with use_case(actor, entity.edit) as session:
        specs = [spec for spec in fields(session, entity) if spec.editable]
        if row_id is not None:
            specs = [spec for spec in specs if spec.key in raw]
        values, problems = clean_values(specs, raw)
        if problems:
            raise InvalidError(problems)
        row = _row(session, actor, entity, row_id)
        assign(row, values, specs)
        store(session, actor, entity, row)
        return row.pk


def delete(actor: Actor, entity: Entity, row_id: int) -> None:
    """Delete a row of an entity that allows it.

    Raises:
        NotAllowedError: rows of this entity are not deleted.
        ConflictError: other rows still point to it.
        NotFoundError: there is no such row or the actor may not change it.
    """
    if not entity.deletable:
        raise NotAllowedError
    with use_case(actor, entity.edit) as session:
        session.delete(access.load(session, actor, entity.edit, entity.model, row_id, lock=True))
        try:
            session.flush()
        except IntegrityError:
            raise ConflictError(N_("This entry is still in use. Make it inactive instead.")) from None


def assign(row: Row, values: Mapping[str, Any], specs: list[FieldSpec]) -> None:
    """Write checked values into a row; extra fields go into its `extra` document."""
    extra = dict(getattr(row, "extra", {}))
    for spec in specs:
        if spec.key not in values:
            continue
        value = values[spec.key]
        if spec.extra:
            extra[spec.key] = value.isoformat() if isinstance(value, date | datetime) else value
        else:
            setattr(row, spec.key, _stored(type(row), spec, value))
    if extra != getattr(row, "extra", {}):
        row.extra = extra


def store(session: Session, actor: Actor, entity: Entity, row: Row) -> None:
    """Let the entity prepare a row and write it; part of the caller's use case.

    Raises:
        InvalidError: the entity refuses it, or another row has a value that must be the only one.
    """
    if entity.prepare is not None:
        entity.prepare(session, actor, row)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as problem:
        raise _explained(problem, entity) from None


def _row(session: Session, actor: Actor, entity: Entity, row_id: int | None) -> Row:
    if row_id is None:
        return entity.model()
    return access.load(session, actor, entity.edit, entity.model, row_id, lock=True)


def _stored(model: type[Row], spec: FieldSpec, value: Any) -> Any:
    if value is None and not model.__table__.c[spec.key].nullable:  # type: ignore[attr-defined]  # SQLAlchemy sets it
        default = model.model_fields[spec.key].get_default(call_default_factory=True)
        return "" if spec.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.CHOICE, FieldKind.PHONE) else default
    annotation = model.model_fields[spec.key].annotation
    if spec.options and value is not None and not spec.choice_list and spec.kind is FieldKind.CHOICE:
        enumeration = next(
            (
                t
                for t in (annotation, *getattr(annotation, "__args__", ()))
                if isinstance(t, type) and t is not type(None)
            ),
            str,
        )
        return enumeration(value)
    return value


def _explained(problem: IntegrityError, entity: Entity) -> InvalidError:
    constraint = getattr(getattr(problem.orig, "diag", None), "constraint_name", None) or ""
    for key in entity.model.model_fields:
        if constraint == f"uq_{entity.model.__tablename__}_{key}":
            return InvalidError({key: gettext("Another entry has this value already.")})
    return InvalidError({"": gettext("Another entry has these values already, or the values do not fit together.")})
