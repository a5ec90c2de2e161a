"""Which fields an entity has today: its table's columns and an administrator's extra fields, with their choices."""

from sqlmodel import Session, col, select

from core.i18n import locale
from models.configuration import ChoiceItem, Extensible, ExtraField
from models.entity import specs_of
from models.fields import FieldKind, FieldSpec, Option
from services.entities.declaration import Entity


def fields(session: Session, entity: Entity) -> list[FieldSpec]:
    """Return an entity's fields in the order forms show them; choice lists are filled in.

    Args:
        session: the use case's session.
        entity: the declaration.
    """
    specs = specs_of(entity.model) + (extra_fields(session, entity.extensible) if entity.extensible else [])
    return [_with_choices(session, spec) for spec in specs]


def extra_fields(session: Session, entity: Extensible) -> list[FieldSpec]:
    """Return the extra fields administrators gave an entity, in their order."""
    rows = session.exec(
        select(ExtraField)
        .where(ExtraField.entity == entity, col(ExtraField.active))
        .order_by(col(ExtraField.position), col(ExtraField.id))
    )
    return [FieldSpec.model_validate({**row.spec, "key": row.key, "extra": True}) for row in rows]


def options_of(session: Session, list_key: str) -> tuple[Option, ...]:
    """Return the values of a choice list that can be chosen today, with their text in the present language."""
    rows = session.exec(
        select(ChoiceItem)
        .where(ChoiceItem.list_key == list_key, col(ChoiceItem.active))
        .order_by(col(ChoiceItem.position), col(ChoiceItem.id))
    )
    english = locale() == "en"
    return tuple(Option(value=row.value, label=(english and row.label_en) or row.label) for row in rows)


def _with_choices(session: Session, spec: FieldSpec) -> FieldSpec:
    if not spec.choice_list:
        return spec
    kind = spec.kind if spec.kind is FieldKind.CHOICES else FieldKind.CHOICE
    return spec.model_copy(update={"options": options_of(session, spec.choice_list), "kind": kind})
