"""Saving and deleting rows of an entity."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.errors import ConflictError, InvalidError, NotAllowedError
from core.i18n import N_, gettext
from models.base import Row
from models.entity import choices_of
from models.fields import FieldSpec, clean_value, clean_values
from services import meanwhile
from services.actor import Actor
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.queries import load, values_of
from services.use_case import use_case

IN_USE = N_("This entry is still in use. Make it inactive instead.")


def save(
    actor: Actor,
    entity: Entity,
    raw: Mapping[str, Any],
    row_id: int | None = None,
    *,
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Make a row, or change one.

    Args:
        actor: who asks.
        entity: the declaration.
        raw: field key → value as entered; a field that is left out keeps its value.
        row_id: the row to change; `None` makes a new one.
        seen: the row's values when the person began to change it, as `fetch` returns them: fields they left alone keep
            what others gave them meanwhile; `None` stores `raw` whatever happened.

    Returns:
        The row's id.

    Raises:
        InvalidError: a value is not acceptable, or another row has it that must be the only one.
        NotFoundError: there is no such row or the actor may not change it.
        OvertakenError: somebody else changed a field since `seen` that `raw` changes too.
    """
    with use_case(actor, entity.edit) as session:
        row = entity.model() if row_id is None else load(session, actor, entity, row_id, edit=True, lock=True)
        specs = [spec for spec in fields(session, entity) if spec.editable]
        if seen is not None and row_id is not None:
            raw = _merged(row, specs, raw, seen)
        values = _checked(row, specs, raw)
        assign(row, values, specs)
        store(session, actor, entity, row)
        return row.pk


def delete(actor: Actor, entity: Entity, row_id: int) -> dict[str, Any]:
    """Delete a row of an entity that allows it.

    Returns:
        The values the row had, which `save` would make again.

    Raises:
        NotAllowedError: rows of this entity are not deleted.
        ConflictError: other rows still point to it.
        NotFoundError: there is no such row or the actor may not change it.
    """
    if not entity.deletable:
        raise NotAllowedError
    with use_case(actor, entity.edit) as session:
        row = load(session, actor, entity, row_id, edit=True, lock=True)
        before = values_of(row, fields(session, entity))
        if entity.deleting is not None:
            entity.deleting(session, actor, row)
        session.delete(row)
        try:
            session.flush()
        except IntegrityError:
            raise ConflictError(IN_USE) from None
        return before


def _merged(row: Row, specs: list[FieldSpec], raw: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, with what is stored now in the fields the person left as they found them."""
    asked = [spec for spec in specs if spec.key in raw]
    present = values_of(row, asked)
    began, given, now = (_stored_form(asked, each) for each in (seen, raw, present))
    own = meanwhile.own_changes(began, given, now, {spec.key: spec.label for spec in asked})
    return {**raw, **{spec.key: present[spec.key] for spec in asked if spec.key not in own}}


def _stored_form(specs: list[FieldSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are stored, what no field takes as it is: so a phone as it is dialled is the same."""
    tidy: dict[str, Any] = {}
    for spec in specs:
        if spec.key in values:
            try:
                tidy[spec.key] = clean_value(spec, values[spec.key])
            except ValueError:
                tidy[spec.key] = values[spec.key]
    return tidy


def _checked(row: Row, specs: list[FieldSpec], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checked values of the fields asked; what is asked but unchanged was acceptable when it was given."""
    present = values_of(row, specs) if row.id is not None else {}
    asked = [spec for spec in specs if row.id is None or spec.key in raw]
    changed = [spec for spec in asked if spec.key not in present or not _same(present[spec.key], raw.get(spec.key))]
    unchanged = {spec.key: present[spec.key] for spec in specs if spec not in changed}
    values, problems = clean_values(changed, raw, unchanged)
    if problems:
        raise InvalidError(problems)
    now = {**unchanged, **values}
    hidden = {spec.key: None for spec in asked if not spec.is_asked(now)}
    return {**values, **hidden}


def _same(present: Any, given: Any) -> bool:
    return bool(present == given) and present not in (None, "", [])


def assign(row: Row, values: Mapping[str, Any], specs: list[FieldSpec]) -> None:
    """Write checked values into a row; extra fields go into its `extra` document."""
    extra = dict(getattr(row, "extra", {}))
    for spec in specs:
        if spec.key not in values:
            continue
        value = values[spec.key]
        if spec.extra and value is None:
            extra.pop(spec.key, None)
        elif spec.extra:
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
    for key, value in entity.within.items():
        setattr(row, key, value)
    try:
        if entity.prepare is not None:
            with session.no_autoflush:  # so that it can still see what changed
                entity.prepare(session, actor, row)
        session.add(row)
        session.flush()
    except IntegrityError as problem:
        raise explained(problem, entity) from None


def _stored(model: type[Row], spec: FieldSpec, value: Any) -> Any:
    if value is None:
        return _nothing(model, spec)
    choices = choices_of(model, spec.key)
    return choices(value) if choices else value  # type: ignore[call-arg]  # a member by its value


def _nothing(model: type[Row], spec: FieldSpec) -> Any:
    """Return what a column holds where nothing was given: NULL if it may, else its default or an empty text."""
    column = model.__table__.c[spec.key]  # type: ignore[attr-defined]  # SQLAlchemy sets it
    if column.nullable:
        return None
    default = model.model_fields[spec.key].get_default(call_default_factory=True)
    return "" if default is PydanticUndefined else default


def explained(problem: IntegrityError, entity: Entity) -> InvalidError:
    """Return what a refusal of the database means to people."""
    constraint = getattr(getattr(problem.orig, "diag", None), "constraint_name", None) or ""
    for key in entity.model.model_fields:
        if constraint == f"uq_{entity.model.__tablename__}_{key}":
            return InvalidError({key: gettext("Another entry has this value already.")})
    return InvalidError({"": gettext("Another entry has these values already, or the values do not fit together.")})
