"""The order of lists as readers expect it: Chinese by pinyin, choices as they are listed, references by name."""

from typing import Any

from sqlalchemy import case
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.collation import by_reading
from models.base import Row
from models.fields import FieldKind, FieldSpec
from services.entities.declaration import Entity
from services.entities.references import target

_TEXTS = {FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.CHOICE}
_MANY = 200


def ordered(statement: SelectOfScalar[Any], entity: Entity, wanted: str, specs: list[FieldSpec]) -> SelectOfScalar[Any]:
    """Return a statement in the order asked for: a field key, `-` before it for descending; rows without come last."""
    wanted = wanted if wanted.removeprefix("-") in _known(specs) else entity.order
    key = wanted.removeprefix("-")
    spec = next((spec for spec in specs if spec.key == key), None)
    by = _rank(entity.model, spec) if spec else getattr(entity.model, key)
    directed = by.desc() if wanted.startswith("-") else by.asc()
    return statement.order_by(directed.nulls_last(), col(entity.model.id))


def column_of(model: type[Row], spec: FieldSpec) -> Any:
    """Return what a field's values are read from: the column, or the value inside the row's `extra` document."""
    if not spec.extra:
        return getattr(model, spec.key)
    document = model.extra[spec.key]  # type: ignore[attr-defined]  # an extensible table has `extra`
    numeric = spec.kind in (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.RATING)
    return document.as_float() if numeric else document.as_string()


def _known(specs: list[FieldSpec]) -> set[str]:
    return {spec.key for spec in specs} | {"id", "created_at", "updated_at"}


def _rank(model: type[Row], spec: FieldSpec) -> Any:
    column = column_of(model, spec)
    if spec.reference:
        other = target(spec.reference)
        named = select(other.name).where(col(other.id) == column)  # type: ignore[attr-defined]  # every target has a name
        return by_reading(named.correlate(model).scalar_subquery())
    if spec.kind is FieldKind.CHOICE and 0 < len(spec.options) <= _MANY:
        places = {option.value: place for place, option in enumerate(spec.options)}
        return case(places, value=column, else_=len(places))
    return by_reading(column) if spec.kind in _TEXTS else column
