"""Which fields an entity has today: its table's columns and an administrator's extra fields, with their choices."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, col, select

from core.i18n import locale
from models.configuration import ChoiceItem, Extensible, ExtraField
from models.entity import specs_of
from models.fields import FieldKind, FieldSpec, Option
from services.entities.declaration import Entity


def fields(session: Session, entity: Entity) -> list[FieldSpec]:
    """Return an entity's fields in the order forms show them; choices are filled in.

    Args:
        session: the use case's session.
        entity: the declaration.
    """
    own = [spec for spec in specs_of(entity.model) if spec.key not in entity.within]
    extra = extra_fields(session, entity.extensible) if entity.extensible else []
    return [with_choices(session, spec, entity) for spec in own] + extra


def extra_fields(session: Session, entity: Extensible) -> list[FieldSpec]:
    """Return the extra fields administrators gave an entity, in their order; choices are filled in."""
    rows = session.exec(
        select(ExtraField)
        .where(ExtraField.entity == entity, col(ExtraField.active))
        .order_by(col(ExtraField.position), col(ExtraField.id))
    )
    return [with_choices(session, row.spec()) for row in rows]


def options_of(session: Session, list_key: str) -> tuple[Option, ...]:
    """Return the values of a choice list with their text in the present language.

    In a list that is a tree, a value follows the one it lies below and names it: "Land / Planning". Values that can no
    longer be chosen are there too, not `active`, so that rows which have them still show their text.
    """
    rows = session.exec(
        select(ChoiceItem).where(ChoiceItem.list_key == list_key).order_by(col(ChoiceItem.position), col(ChoiceItem.id))
    )
    below: dict[str, list[ChoiceItem]] = defaultdict(list)
    for row in rows:
        below[row.parent_value].append(row)
    return tuple(_branch(below, Option(value="-", label="-"), ""))


def leaves(options: Sequence[Option]) -> list[Option]:
    """Return the values of `options_of` that nothing lies below: a branch stands right before its values."""
    following = [*options[1:], None]
    return [
        option
        for option, after in zip(options, following, strict=True)
        if after is None or not after.label.startswith(f"{option.label} / ")
    ]


def with_choices(session: Session, spec: FieldSpec, entity: Entity | None = None) -> FieldSpec:
    """Return a field with the values that can be chosen today."""
    source = entity.choices.get(spec.key) if entity else None
    if source is not None:
        return spec.model_copy(update={"options": source(session)})
    if not spec.choice_list:
        return spec
    kind = spec.kind if spec.kind is FieldKind.CHOICES else FieldKind.CHOICE
    return spec.model_copy(update={"options": options_of(session, spec.choice_list), "kind": kind})


def _branch(below: Mapping[str, list[ChoiceItem]], parent: Option, parent_value: str) -> Iterator[Option]:
    english = locale() == "en"
    for row in below.get(parent_value, ()):
        text = (english and row.label_en) or row.label
        label = f"{parent.label} / {text}" if parent_value else text
        option = Option(value=row.value, label=label[-200:], active=row.active and parent.active)
        yield option
        yield from _branch(below, option, row.value)
