"""What the list of visits can be asked for beside the fields of a visit."""

from dataclasses import replace

from core.i18n import N_
from models.fields import FieldKind, FieldSpec, Option
from services.entities import Query
from services.two_way.lacking import VisitLacks, visit

LACKING = FieldSpec(
    key="lacking",
    label=N_("Lacks"),
    kind=FieldKind.CHOICE,
    options=tuple(Option(value=each.value, label=each.label) for each in VisitLacks),
    filterable=True,
)


def narrow(query: Query) -> Query:
    """Return a query of visits that asks for what its filter `lacking` means."""
    chosen = query.filters.get(LACKING.key)
    if not chosen:
        return query
    filters = {key: value for key, value in query.filters.items() if key != LACKING.key}
    lacks = visit([VisitLacks.of(value) for value in chosen])
    return replace(query, filters=filters, where=(*query.where, lacks))
