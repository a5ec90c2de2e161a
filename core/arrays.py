"""Many rows in one statement: each column of them is handed over as one array."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, column, func, literal
from sqlalchemy.types import TypeEngine


def table_of(rows: Iterable[tuple[Any, ...]], **columns: TypeEngine[Any]) -> TableValuedAlias:
    """Return rows as a table that a statement can select from or join: names and types of its columns are given."""
    lists = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [literal(list(each), ARRAY(kind)) for each, kind in zip(lists, columns.values(), strict=True)]
    named = [column(name, kind) for name, kind in columns.items()]
    return func.unnest(*arrays).table_valued(*named, name="given").render_derived()
