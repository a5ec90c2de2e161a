"""Extra fields: an administrator gives enterprises, visits and issues fields of their own, without code."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.configuration import ChoiceList, Extensible, ExtraField, choice_lines
from models.entity import specs_of
from models.fields import KIND_LABELS, FieldKind, FieldSpec, Option, clean_values
from services.actor import Actor
from services.configuration.bound import asked_after, before, bound
from services.configuration.keys import KEY, key_from
from services.configuration.usage import EXTENDED, rows_with_field
from services.entities import Entity, fields
from services.entities.fields import extra_fields, leaves, with_choices
from services.permissions import Action
from services.use_case import use_case

_KINDS = [kind for kind in FieldKind if kind not in (FieldKind.REFERENCE, FieldKind.ATTACHMENT)]
_VALUE, _TEXT = 64, 200
_CHOSEN = (FieldKind.CHOICE, FieldKind.CHOICES)


def extra_fields_of(entity: Extensible) -> Entity:
    """Return the list of the extra fields of one entity."""
    return replace(
        _EXTRA_FIELDS, within={"entity": entity}, choices={**_CHOICES, "shown_if": partial(_answers, entity)}
    )


def previewed(actor: Actor, entity: Extensible, entered: Mapping[str, Any]) -> FieldSpec | None:
    """Return the field that what is entered so far would make; `None` while too little is entered."""
    with use_case(actor, Action.CONFIGURE) as session:
        specs = fields(session, extra_fields_of(entity))
        values, problems = clean_values(specs, entered)
        if problems.keys() & {"label", "kind"}:
            return None
        given = {key: value for key, value in values.items() if value is not None}
        try:
            return with_choices(session, ExtraField(**{**given, "entity": entity, "key": "preview"}).spec())
        except ValidationError:
            return None


def _prepare(session: Session, _actor: Actor, row: ExtraField) -> None:
    _give_key(session, row)
    problems = {
        **bound(session, row), **_key_problem(row), **_choice_problem(row), **_bounds_problem(row),
        **_condition_problem(session, row),
    }  # fmt: skip
    if problems:
        raise InvalidError(problems)


def _give_key(session: Session, row: ExtraField) -> None:
    if row.key:
        return
    taken = set(session.exec(select(ExtraField.key).where(ExtraField.entity == row.entity)).all())
    row.key = key_from(row.label, taken | _built_in(row.entity))


def _key_problem(row: ExtraField) -> dict[str, str]:
    if not KEY.match(row.key):
        return {"key": gettext("A key is made of small letters, digits and “_” and begins with a letter.")}
    if row.key in _built_in(row.entity):
        return {"key": gettext("A built-in field has this key already.")}
    return {}


def _choice_problem(row: ExtraField) -> dict[str, str]:
    if row.kind not in _CHOSEN or row.choice_list:
        return {}
    lines = choice_lines(row.options)
    values, texts = [line[0] for line in lines], [text for line in lines for text in line[1:]]
    checks = (
        (not values, N_("Enter the choices, one a line, or take them from a list.")),
        (not all(values), N_("A line begins with the value to store: value | text | English text")),
        (any(len(value) > _VALUE for value in values), N_("A choice is at most 64 characters long.")),
        (any(len(text) > _TEXT for text in texts), N_("The text of a choice is at most 200 characters long.")),
        (len(set(values)) < len(values), N_("A choice stands there twice.")),
    )
    wrong = next((message for is_wrong, message in checks if is_wrong), None)
    return {"options": gettext(wrong)} if wrong else {}


def _bounds_problem(row: ExtraField) -> dict[str, str]:
    if row.minimum is None or row.maximum is None or row.minimum <= row.maximum:
        return {}
    return {"maximum": gettext("The largest value must not be below the smallest.")}


def _condition_problem(session: Session, row: ExtraField) -> dict[str, str]:
    asked = {answer.partition("=")[0] for answer in row.shown_if}
    if len(asked) > 1:
        return {"shown_if": gettext("The answers must all belong to the same field.")}
    if not asked or asked <= _built_in(row.entity):
        return {}
    other = session.exec(
        select(ExtraField).where(ExtraField.entity == row.entity, col(ExtraField.key).in_(asked))
    ).one_or_none()
    if other is None or not before(other, row):
        return {"shown_if": gettext("The other field must stand before this one: give it a lower position.")}
    if row.active and not other.active:
        return {"shown_if": gettext("The field this one is asked after is inactive. Make it active first.")}
    return {}


def _deleting(session: Session, _actor: Actor, row: ExtraField) -> None:
    if rows_with_field(session, row.entity, row.key):
        raise ConflictError(N_("Entries have values in this field. Make it inactive: that hides it and keeps them."))
    if asked_after(session, row.entity, row.key):
        raise ConflictError(N_("Another field is only asked after an answer to this one. Change that field first."))


def _built_in(entity: Extensible) -> set[str]:
    return set(EXTENDED[entity].model_fields)


def _kinds(_session: Session) -> tuple[Option, ...]:
    return tuple(Option(value=kind.value, label=KIND_LABELS[kind]) for kind in _KINDS)


def _lists(session: Session) -> tuple[Option, ...]:
    rows = session.exec(select(ChoiceList).order_by(ChoiceList.name)).all()
    return tuple(Option(value=row.key, label=row.name) for row in rows)


def _answers(entity: Extensible, session: Session) -> tuple[Option, ...]:
    """Return each answer a field can depend on: `scale=large`, shown as "Scale: Large"."""
    own = [spec for spec in specs_of(EXTENDED[entity]) if spec.editable and spec.key in _ASKED.get(entity, {spec.key})]
    fitting = [*(with_choices(session, spec) for spec in own), *extra_fields(session, entity)]
    return tuple(
        Option(
            value=f"{spec.key}={option.value}",
            label=gettext("{field}: {problem}").format(field=gettext(spec.label), problem=gettext(option.label))[:200],
        )
        for spec in fitting
        for option in (leaves(_given(spec)) if (entity, spec.key) == _OF_LEAVES else _given(spec))
    )


def _given(spec: FieldSpec) -> tuple[Option, ...]:
    if spec.kind is FieldKind.BOOLEAN:
        return (Option(value="True", label=N_("Yes")), Option(value="False", label=N_("No")))
    return spec.options if spec.kind in _CHOSEN else ()


_ASKED = {Extensible.VISIT: {"mode"}, Extensible.ISSUE: {"kind", "category", "urgency"}}
"""The built-in choices that the forms of visits and issues ask before extra fields; that of enterprises asks all."""
_OF_LEAVES = (Extensible.ISSUE, "category")
"""The tree whose form offers only what nothing lies below: nobody answers with a branch."""
_CHOICES = {"kind": _kinds, "choice_list": _lists}
_EXTRA_FIELDS = Entity(
    key="extra_field",
    model=ExtraField,
    label=N_("Extra field"),
    labels=N_("Extra fields"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("key",),
    title="label",
    order="position",
    prepare=_prepare,
    deletable=True,
    deleting=_deleting,
)
