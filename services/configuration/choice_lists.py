"""Choice lists and their values: industries, issue categories, and whatever an administrator adds."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import inspect
from sqlmodel import Session, col, select

from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext, locale
from models.configuration import ChoiceItem, ChoiceList
from models.fields import Option
from services.actor import Actor
from services.configuration.keys import KEY, key_from
from services.configuration.usage import fields_asked_after, fields_with_list, rows_with_value
from services.entities import Entity
from services.permissions import Action


def choice_items(list_key: str) -> Entity:
    """Return the list of the values of one choice list."""
    parents = {"parent_value": partial(_parents, list_key)}
    return replace(_CHOICE_ITEMS, within={"list_key": list_key}, choices=parents)


def _prepare_list(session: Session, _actor: Actor, row: ChoiceList) -> None:
    taken = set(session.exec(select(ChoiceList.key)).all())
    row.key = row.key or key_from(row.name, taken)
    if not KEY.match(row.key):
        raise InvalidError({"key": gettext("A key is made of small letters, digits and “_” and begins with a letter.")})
    before = inspect(row).attrs.key.history.deleted
    if row.id is not None and before and before[0] in taken and _in_use(session, before[0]):
        raise InvalidError({"key": gettext("The list has values or is used by a field; its key can no longer change.")})


def _in_use(session: Session, key: str) -> bool:
    has_values = session.exec(select(ChoiceItem.id).where(ChoiceItem.list_key == key).limit(1)).first() is not None
    return has_values or bool(fields_with_list(session, key))


def _deleting_list(session: Session, _actor: Actor, row: ChoiceList) -> None:
    using = fields_with_list(session, row.key)
    if using:
        names = gettext(", ").join(gettext(name) for name in using)
        raise ConflictError(N_("These fields take their values from the list: {fields}."), fields=names)
    if _in_use(session, row.key):
        raise ConflictError(N_("The list still has values. Delete them first."))


def _prepare_item(session: Session, _actor: Actor, row: ChoiceItem) -> None:
    others = session.exec(
        select(ChoiceItem).where(ChoiceItem.list_key == row.list_key, col(ChoiceItem.id).is_distinct_from(row.id))
    ).all()
    row.value = row.value or key_from(row.label, {other.value for other in others})
    before = inspect(row).attrs.value.history.deleted
    if row.id is not None and before:
        if rows_with_value(session, row.list_key, before[0]):
            raise InvalidError({"value": gettext("Entries have this value; only its texts can still be changed.")})
        _take_along(session, row, before[0], others)
    if row.parent_value and row.value in _upwards(row.parent_value, {o.value: o.parent_value for o in others}):
        raise InvalidError({"parent_value": gettext("A value cannot lie below itself.")})


def _take_along(session: Session, row: ChoiceItem, before: str, others: Sequence[ChoiceItem]) -> None:
    """Let the values below one and the fields asked after it name it by what is stored for it from now on."""
    for other in others:
        if other.parent_value == before:
            other.parent_value = row.value
    for field, asked in fields_asked_after(session, row.list_key):
        old, new = f"{asked}={before}", f"{asked}={row.value}"
        field.shown_if = [new if answer == old else answer for answer in field.shown_if]


def _upwards(value: str, parents: dict[str, str]) -> set[str]:
    """Return a value and all it lies below."""
    seen: set[str] = set()
    while value and value not in seen:
        seen.add(value)
        value = parents.get(value, "")
    return seen


def _deleting_item(session: Session, _actor: Actor, row: ChoiceItem) -> None:
    if rows_with_value(session, row.list_key, row.value):
        raise ConflictError(
            N_("Entries have this value. Make it inactive: they keep it, and it is not offered any more.")
        )
    below = select(ChoiceItem.id).where(ChoiceItem.list_key == row.list_key, ChoiceItem.parent_value == row.value)
    if session.exec(below.limit(1)).first() is not None:
        raise ConflictError(N_("Other values lie below this one. Move or delete them first."))


def _parents(list_key: str, session: Session) -> tuple[Option, ...]:
    rows = session.exec(
        select(ChoiceItem).where(ChoiceItem.list_key == list_key).order_by(col(ChoiceItem.position), col(ChoiceItem.id))
    )
    english = locale() == "en"
    return tuple(
        Option(value=row.value, label=(english and row.label_en) or row.label, active=row.active) for row in rows
    )


CHOICE_LISTS = Entity(
    key="choice_list",
    model=ChoiceList,
    label=N_("Choice list"),
    labels=N_("Choice lists"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("key",),
    order="name",
    prepare=_prepare_list,
    deletable=True,
    deleting=_deleting_list,
)
_CHOICE_ITEMS = Entity(
    key="choice_item",
    model=ChoiceItem,
    label=N_("Choice"),
    labels=N_("Choices"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("value",),
    title="label",
    order="position",
    prepare=_prepare_item,
    deletable=True,
    deleting=_deleting_item,
)
