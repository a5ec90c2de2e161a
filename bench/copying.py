"""Rows by the million: COPY of a table whose columns mostly have the default of its model."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql

from models.base import Table, metadata

NONE = r"\N"
"""What stands for NULL in a row."""
_CHUNK = 10_000
_INDEXES = """
SELECT pg_get_indexdef(indexrelid), indexrelid::regclass::text FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def copy(
    connection: psycopg.Connection[Any], model: type[Table], columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> int:
    """Add rows to a table and return how many.

    Args:
        connection: to its database; an `id` given here moves the sequence on.
        model: the table.
        columns: those in which rows differ; all others get the model's default.
        rows: of each the columns' values, as `value` makes them of what is no plain text.
    """
    table = str(model.__tablename__)
    rest = _defaults(model, columns)
    tail = "".join(f"\t{text}" for text in rest.values()) + "\n"
    names = sql.SQL(", ").join(map(sql.Identifier, (*columns, *rest)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    count, source = 0, iter(rows)
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        while chunk := list(islice(source, _CHUNK)):
            target.write("".join(["\t".join(row) + tail for row in chunk]))
            count += len(chunk)
    if "id" in columns:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table}").format(
                name=sql.Literal(table), table=sql.Identifier(table)
            )
        )
    return count


def value(given: object) -> str:
    """Return a value as COPY reads it."""
    if given is None:
        return NONE
    if isinstance(given, bool):
        return "t" if given else "f"
    if isinstance(given, Enum):
        return str(given.value)
    if isinstance(given, list | dict):
        return json.dumps(given)
    return str(given)


def moment(seconds: float) -> str:
    """Return a moment, given as seconds since 1970, as COPY reads it."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


@contextmanager
def without_indexes(connection: psycopg.Connection[Any], *models: type[Table]) -> Iterator[None]:
    """Drop the indexes of some tables and make them anew after the block: in one go it takes a tenth of the time."""
    tables = [str(model.__tablename__) for model in models]
    indexes = connection.execute(_INDEXES, [tables]).fetchall()
    for _definition, name in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for definition, _name in indexes:
        connection.execute(definition)


def _defaults(model: type[Table], columns: Sequence[str]) -> dict[str, str]:
    """Return column → default of the columns of a table that rows do not name."""
    table = metadata.tables[str(model.__tablename__)]
    names = [column.name for column in table.columns if column.computed is None and column.name not in columns]
    fields = model.model_fields
    return {name: value(fields[name].get_default(call_default_factory=True)) for name in names if name != "id"}
