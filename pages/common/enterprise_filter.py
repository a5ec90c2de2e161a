"""The filter of a list by the enterprises its address names; they are too many to choose from."""

from dataclasses import replace

from core.i18n import N_
from models.fields import FieldKind, FieldSpec
from pages.common.asked import numbers
from services.actor import Actor
from services.enterprises import naming
from services.entities import Described

_KEY = "enterprise_id"
_FILTER = FieldSpec(
    key=_KEY, label=N_("Enterprise"), kind=FieldKind.REFERENCE, reference="enterprise", filterable=True
)  # fmt: skip


def enterprise_filter(actor: Actor, described: Described) -> tuple[Described, list[FieldSpec]]:
    """Return a list's fields with the names of the enterprises the address asks for, and the filter that holds them.

    Args:
        actor: who looks.
        described: the fields of a list whose rows have an `enterprise_id`.

    Returns:
        The fields, and the filter; none where no enterprise is asked for.
    """
    asked = numbers(_KEY)
    if not asked:
        return described, []
    names = naming.names(actor, asked)
    return replace(described, references={**described.references, _KEY: names}), [_FILTER]
