"""Phone numbers among the values of a row, as far as somebody may read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from core import text
from models.fields import FieldKind, FieldSpec
from services.actor import Actor
from services.permissions import Action, allows


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
