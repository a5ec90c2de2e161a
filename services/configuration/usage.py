"""Whether something an administrator set up is in use by rows."""

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from models.base import Row
from models.configuration import Extensible, ExtraField
from models.enterprise import Enterprise
from models.entity import specs_of
from models.fields import FieldKind
from models.issue import Issue
from models.visit import Visit

EXTENDED: dict[Extensible, type[Any]] = {
    Extensible.ENTERPRISE: Enterprise,
    Extensible.VISIT: Visit,
    Extensible.ISSUE: Issue,
}


def rows_with_field(session: Session, entity: Extensible, key: str) -> int:
    """Return how many rows have a value in an extra field."""
    model = EXTENDED[entity]
    return session.exec(select(func.count()).select_from(model).where(model.extra.has_key(key))).one()


def rows_with_choice(session: Session, field: ExtraField, value: str) -> int:
    """Return how many rows have one choice, alone or among others, in an extra field."""
    model = EXTENDED[field.entity]
    inside = [value] if field.kind == FieldKind.CHOICES else value
    return _count(session, model, model.extra.contains({field.key: inside}))


def rows_with_value(session: Session, list_key: str, value: str) -> int:
    """Return how many rows have a value of a choice list, in a column or in an extra field."""
    columns = [
        (model, getattr(model, spec.key), spec.kind)
        for model in EXTENDED.values()
        for spec in specs_of(model)
        if spec.choice_list == list_key
    ]
    found = sum(_count(session, model, column == value) for model, column, _kind in columns)
    for field in session.exec(select(ExtraField).where(ExtraField.choice_list == list_key)):
        found += rows_with_choice(session, field, value)
    return found


def fields_with_list(session: Session, list_key: str) -> list[str]:
    """Return the names of the fields that take their values from a choice list."""
    built_in = [spec.label for model in EXTENDED.values() for spec in specs_of(model) if spec.choice_list == list_key]
    extra = session.exec(select(ExtraField.label).where(ExtraField.choice_list == list_key)).all()
    return [*built_in, *extra]


def fields_asked_after(session: Session, list_key: str) -> list[tuple[ExtraField, str]]:
    """Return the extra fields asked after a value of a choice list, each with the key of the field that has it."""
    rows = session.exec(select(ExtraField)).all()
    using = {(row.entity, row.key) for row in rows if row.choice_list == list_key}
    for entity, model in EXTENDED.items():
        using |= {(entity, spec.key) for spec in specs_of(model) if spec.choice_list == list_key}
    return [(row, row.asked_after) for row in rows if (row.entity, row.asked_after) in using]


def _count(session: Session, model: type[Row], condition: Any) -> int:
    return session.exec(select(func.count()).select_from(model).where(condition)).one()
