"""Lists of an entity: search, filters, order and pages, of what the actor may see."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import text
from models.area import Area
from models.base import Row
from models.fields import FieldKind, FieldSpec
from services import access
from services.actor import Actor
from services.entities.declaration import Entity
from services.entities.fields import fields
from services.entities.references import labels_of
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
    """

    search: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
    order: str = ""
    page: int = 1
    page_size: int = 50


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


def find(actor: Actor, entity: Entity, query: Query) -> Found:
    """Return one page of an entity's rows that `actor` may see.

    Raises:
        NotAllowedError: the role may not see this entity.
    """
    with use_case(actor, entity.view) as session:
        specs = fields(session, entity)
        statement = matching(actor, entity, query, specs)
        total = session.exec(select(func.count()).select_from(statement.subquery())).one()
        ordered = _ordered(statement, entity, query, specs)
        rows = session.exec(ordered.limit(query.page_size).offset((query.page - 1) * query.page_size)).all()
        values = [values_of(row, specs) for row in rows]
        return Found(values, labels_of(session, specs, values), total, specs)


def fetch(actor: Actor, entity: Entity, row_id: int) -> dict[str, Any]:
    """Return one row's values by field key.

    Raises:
        NotFoundError: there is no such row or the actor may not see it.
    """
    with use_case(actor, entity.view) as session:
        row = access.load(session, actor, entity.view, entity.model, row_id)
        return values_of(row, fields(session, entity))


def matching(actor: Actor, entity: Entity, query: Query, specs: list[FieldSpec]) -> SelectOfScalar[Any]:
    """Return the statement of all rows a query leaves, in no order: for lists, counts and exports."""
    statement = access.visible(actor, entity.view, entity.model)
    if query.search.strip():
        statement = statement.where(searched(entity.model, query.search, specs))
    by_key = {spec.key: spec for spec in specs}
    for key, wanted in query.filters.items():
        if key in by_key and wanted not in (None, "", [], (), (None, None)):
            statement = statement.where(_filter(entity.model, by_key[key], wanted))
    return statement


def searched(model: type[Row], search: str, specs: list[FieldSpec]) -> ColumnElement[bool]:
    """Return the condition that a row contains `search`: by the index where the table keeps `search_text`."""
    pattern = text.like_pattern(search)
    if "search_text" in model.model_fields:
        form = model.search_text  # type: ignore[attr-defined]  # asked for on the line above
        grams = cast(text.grams(search), ARRAY(Text))
        return func.qianqi_grams(form).op("@>")(grams) & col(form).like(pattern, escape="\\")
    columns = [getattr(model, spec.key) for spec in specs if spec.searchable and not spec.extra]
    return or_(*(func.lower(column).like(pattern, escape="\\") for column in columns))


def values_of(row: Row, specs: list[FieldSpec]) -> dict[str, Any]:
    """Return a row's values by field key, extra fields included, with its `id`."""
    extra = getattr(row, "extra", {})
    values = {spec.key: extra.get(spec.key) if spec.extra else getattr(row, spec.key) for spec in specs}
    return {"id": row.pk, **values}


def _filter(model: type[Row], spec: FieldSpec, wanted: Any) -> ColumnElement[bool]:
    column = _column(model, spec)
    if spec.reference == "area":
        chosen = wanted if isinstance(wanted, list) else [wanted]
        roots = select(Area.path).where(col(Area.id).in_(chosen)).subquery()
        below = select(Area.id).join(roots, col(Area.path).like(roots.c.path + "%"))
        return col(column).in_(below)
    if isinstance(wanted, tuple):
        return _between(column, *wanted)
    chosen = wanted if isinstance(wanted, list) else [wanted]
    if spec.extra:
        return or_(*(model.extra.contains({spec.key: value}) for value in chosen))  # type: ignore[attr-defined]  # an extensible table has `extra`
    if spec.kind is FieldKind.CHOICES:
        return column.overlap(cast(chosen, ARRAY(String)))  # type: ignore[no-any-return]
    return col(column).in_(chosen)


def _between(column: Any, low: Any, high: Any) -> ColumnElement[bool]:
    above = true() if low is None else col(column) >= low
    below = true() if high is None else col(column) <= high
    return and_(above, below)


def _column(model: type[Row], spec: FieldSpec) -> Any:
    if not spec.extra:
        return getattr(model, spec.key)
    document = model.extra[spec.key]  # type: ignore[attr-defined]  # an extensible table has `extra`
    numeric = spec.kind in (FieldKind.INTEGER, FieldKind.NUMBER)
    return document.as_float() if numeric else document.as_string()


def _ordered(
    statement: SelectOfScalar[Any], entity: Entity, query: Query, specs: list[FieldSpec]
) -> SelectOfScalar[Any]:
    wanted = query.order or entity.order
    key = wanted.removeprefix("-")
    spec = next((spec for spec in specs if spec.key == key), None)
    column = _column(entity.model, spec) if spec else entity.model.id
    ordered = col(column).desc() if wanted.startswith("-") else col(column).asc()
    return statement.order_by(ordered.nulls_last(), col(entity.model.id).desc())
