"""Lists of an entity: search, filters, order and pages, of what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import clock, text
from core.errors import NotFoundError
from core.i18n import gettext
from models.area import Area
from models.base import Row
from models.fields import FieldKind, FieldSpec
from services import access
from services.access import among
from services.actor import Actor
from services.entities import references
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.ordering import column_of, ordered
from services.entities.references import choices, labels_of, names_in_sight
from services.phones import readable
from services.use_case import use_case


@dataclass(frozen=True)
class Query:
    """What a list is asked for.

    Args:
        search: any part of the searchable fields.
        filters: field key → one value, a list of values (any of them), or a pair of dates or numbers (from, to),
            either of which may be `None`. An area means the area and everything below it.
        order: field key, `-` before it for descending; empty means the entity's own.
        page: counted from 1.
        page_size: rows on a page.
        where: further conditions of the service that asks, for what no field can say.
    """

    search: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
    order: str = ""
    page: int = 1
    page_size: int = 50
    where: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True)
class Found:
    """A page of a list.

    Args:
        rows: field key → value of each row, with `id`; a reference's value is its id.
        labels: reference field key → id → the text that names it.
        total: how many rows the search and filters leave.
        specs: the entity's fields.
    """

    rows: list[dict[str, Any]]
    labels: dict[str, dict[int, str]]
    total: int
    specs: list[FieldSpec]


@dataclass(frozen=True)
class Described:
    """What an entity is today.

    Args:
        specs: its fields, with the values that can be chosen.
        references: reference field key → id → name of the rows the actor may choose.
    """

    specs: list[FieldSpec]
    references: dict[str, dict[int, str]]


def find(actor: Actor, entity: Entity, query: Query) -> Found:
    """Return one page of an entity's rows that `actor` may see; phone numbers as far as they may see them.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    with use_case(actor, entity.view) as session:
        specs = fields(session, entity)
        statement = matching(actor, entity, query, specs)
        total = session.exec(select(func.count()).select_from(statement.subquery())).one()
        page = ordered(statement, entity, query.order, specs).limit(query.page_size)
        rows = session.exec(page.offset((query.page - 1) * query.page_size)).all()
        values = [readable(actor, specs, values_of(row, specs)) for row in rows]
        return Found(values, labels_of(session, specs, values), total, specs)


def fetch(actor: Actor, entity: Entity, row_id: int) -> dict[str, Any]:
    """Return one row's values by field key, with its `id` and when it was last changed (`updated_at`).

    Phone numbers are masked for whoever may not see them.

    Raises:
        NotFoundError: there is no such row or the actor may not see it.
    """
    with use_case(actor, entity.view) as session:
        row = load(session, actor, entity, row_id)
        specs = fields(session, entity)
        return {**readable(actor, specs, values_of(row, specs)), "updated_at": row.updated_at}


def describe(actor: Actor, entity: Entity) -> Described:
    """Return an entity's fields and what its reference fields can name: what filters and forms need.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    with use_case(actor, entity.view) as session:
        specs = fields(session, entity)
        named = {spec.key: choices(session, actor, spec.reference) for spec in specs if spec.reference}
        return Described(specs, named)


def name_asked(actor: Actor, entity: Entity, described: Described, asked: Mapping[str, Sequence[int]]) -> Described:
    """Return what filters can name, with the rows that are asked for though nobody chooses them any more.

    A department that was made inactive still has its issues: a filter that could not name it would not be set, and the
    list would show the issues of all.

    Args:
        actor: who asks.
        entity: whose list it is.
        described: its fields and what their filters can name.
        asked: reference field key → the ids asked for.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    known = described.references
    missing = {key: [each for each in ids if each not in known.get(key, {})] for key, ids in asked.items()}
    if not any(missing.values()):
        return described
    with use_case(actor, entity.view) as session:
        more = {
            spec.key: names_in_sight(session, actor, spec.reference, missing[spec.key])
            for spec in described.specs
            if spec.reference and missing.get(spec.key)
        }
    named = {key: {**known.get(key, {}), **found} for key, found in more.items()}
    return replace(described, references={**known, **named})


def name_held(actor: Actor, entity: Entity, described: Described, row: Mapping[str, Any]) -> Described:
    """Return what a form can name, with what its row refers to though nobody may choose it any more.

    A form that could not name it would begin empty there, and saving would take it from the row.

    Args:
        actor: who asks.
        entity: whose form it is.
        described: its fields and what can be chosen in them.
        row: the values the form begins with, by field key.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    held = {spec.key: row[spec.key] for spec in described.specs if spec.reference and row.get(spec.key) is not None}
    named = name_asked(actor, entity, described, {key: [row_id] for key, row_id in held.items()})
    unseen = {
        key: {row_id: gettext("Not in your sight ({number})").format(number=row_id)} | named.references.get(key, {})
        for key, row_id in held.items()
    }
    return replace(named, references={**named.references, **unseen})


def unlisted(described: Described) -> list[FieldSpec]:
    """Return the reference fields that more rows may be chosen for than are offered."""
    return [spec for spec in described.specs if len(described.references.get(spec.key, ())) == references.MOST]


def look_for(actor: Actor, entity: Entity, described: Described, asked: Mapping[str, str]) -> Described:
    """Return what a form can name, in some reference fields only what a text finds.

    Args:
        actor: who asks.
        entity: whose form it is.
        described: its fields and what can be chosen in them.
        asked: reference field key → part of a text that names the row.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    with use_case(actor, entity.view) as session:
        found = {
            spec.key: choices(session, actor, spec.reference, search=asked[spec.key])
            for spec in described.specs
            if spec.key in asked
        }
    return replace(described, references={**described.references, **found})


def load(session: Session, actor: Actor, entity: Entity, row_id: int, *, edit: bool = False, lock: bool = False) -> Row:
    """Return one row of the entity's list that the actor may see, or with `edit` change.

    Raises:
        NotFoundError: there is no such row, it is not in this list, or the actor may not see or change it.
    """
    action = entity.edit if edit else entity.view
    row = access.load(session, actor, action, entity.model, row_id, lock=lock)
    if any(getattr(row, key) != value for key, value in entity.within.items()):
        raise NotFoundError
    return row


def matching(actor: Actor, entity: Entity, query: Query, specs: list[FieldSpec]) -> SelectOfScalar[Any]:
    """Return the statement of all rows a query leaves, in no order: for lists, counts and exports."""
    statement = access.visible(actor, entity.view, entity.model).filter_by(**entity.within).where(*query.where)
    if query.search.strip():
        statement = statement.where(searched(entity.model, query.search, specs))
    by_key = {spec.key: spec for spec in specs}
    for key, wanted in query.filters.items():
        if key in by_key and wanted not in (None, "", [], (), (None, None)):
            statement = statement.where(filtered(entity.model, by_key[key], wanted))
    return statement


def searched(model: type[Row], search: str, specs: list[FieldSpec]) -> ColumnElement[bool]:
    """Return the condition that a row contains `search`: by the index where the table keeps `search_text`."""
    pattern = text.like_pattern(search)
    if "search_text" in model.model_fields:
        form = model.search_text  # type: ignore[attr-defined]  # asked for on the line above
        return has_pieces(form, search) & col(form).like(pattern, escape="\\")
    columns = [getattr(model, spec.key) for spec in specs if spec.searchable and not spec.extra]
    return or_(false(), *(func.lower(column).like(pattern, escape="\\") for column in columns))


def has_pieces(form: Any, search: str) -> ColumnElement[bool]:
    """Return the condition that a table's `search_text` has every piece of a text: what its index answers."""
    return func.qianqi_grams(form).op("@>")(cast(text.grams(search), ARRAY(Text)))


def values_of(row: Row, specs: list[FieldSpec]) -> dict[str, Any]:
    """Return a row's values by field key, extra fields included, with its `id`."""
    extra = getattr(row, "extra", {})
    values = {spec.key: extra.get(spec.key) if spec.extra else getattr(row, spec.key) for spec in specs}
    return {"id": row.pk, **values}


def filtered(model: type[Row], spec: FieldSpec, wanted: Any) -> ColumnElement[bool]:
    """Return the condition that a field has what a filter of a `Query` asks for."""
    if isinstance(wanted, tuple):
        return _between(model, spec, *wanted)
    chosen = wanted if isinstance(wanted, list) else [wanted]
    if spec.reference == "area":
        roots = select(Area.path).where(col(Area.id).in_(chosen)).subquery()
        below = select(Area.id).join(roots, col(Area.path).like(roots.c.path + "%"))
        return among(column_of(model, spec), below)
    if spec.extra:
        return or_(*(_in_document(model, spec, value) for value in chosen))
    if spec.kind is FieldKind.CHOICES:
        return getattr(model, spec.key).overlap(cast(chosen, ARRAY(String)))  # type: ignore[no-any-return]
    return col(getattr(model, spec.key)).in_(chosen)


def _in_document(model: type[Row], spec: FieldSpec, value: Any) -> ColumnElement[bool]:
    document = model.extra  # type: ignore[attr-defined]  # an extensible table has `extra`
    if value is False:  # never answered counts as "no", as a column's default would
        return ~document.contains({spec.key: True})  # type: ignore[no-any-return]
    inside = [value] if spec.kind is FieldKind.CHOICES else value
    return document.contains({spec.key: inside})  # type: ignore[no-any-return]


def _between(model: type[Row], spec: FieldSpec, low: Any, high: Any) -> ColumnElement[bool]:
    column = column_of(model, spec)
    above = true() if low is None else column >= _bound(spec, low)
    if high is None:
        return and_(above)
    if spec.kind is FieldKind.MOMENT and not isinstance(high, datetime):  # the whole last day
        return and_(above, column < _bound(spec, high + timedelta(days=1)))
    return and_(above, column <= _bound(spec, high))


def _bound(spec: FieldSpec, value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime) and spec.kind is FieldKind.MOMENT:
        value = clock.midnight(value)
    if spec.extra and isinstance(value, date):
        return value.isoformat()
    return value
