"""Phone numbers among the values of a row, as far as somebody may read them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core import text
from models.fields import FieldKind, FieldSpec
from services.actor import Actor
from services.permissions import Action, allows

_STORED = re.compile(r"\+\d{7,15}|1[3-9]\d{9}")
"""A number as fields of kind `PHONE` store it, or a mobile one as it is written where nobody checked it."""


def readable(actor: Actor, specs: Iterable[FieldSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the actor may read them: without the right to see phone numbers these are masked.

    Whoever hands out values of fields, be they columns, extra fields or answers, passes them through here.

    Args:
        actor: who reads them.
        specs: their fields.
        values: field key → value.
    """
    if allows(actor, Action.PHONE_VIEW):
        return dict(values)
    phones = [spec.key for spec in specs if spec.kind is FieldKind.PHONE and values.get(spec.key)]
    return {**values, **{key: text.masked_phone(str(values[key])) for key in phones}}


def readable_document(actor: Actor, value: Any) -> Any:
    """Return a value whose fields nobody knows any more as the actor may read it: numbers as they are stored, masked.

    Args:
        actor: who reads it.
        value: text, number or nothing, or lists and documents of these.
    """
    if allows(actor, Action.PHONE_VIEW):
        return value
    if isinstance(value, Mapping):
        return {key: readable_document(actor, each) for key, each in value.items()}
    if isinstance(value, list):
        return [readable_document(actor, each) for each in value]
    return text.masked_phone(value) if isinstance(value, str) and _STORED.fullmatch(value) else value
