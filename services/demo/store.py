"""Puts many rows into the database at once.

Thousands of rows row by row would take a minute and write an audit entry each; the demonstration is one entry.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, text, update
from sqlmodel import Session

from models.base import Row, Table, metadata

R = TypeVar("R", bound=Row)


class Store:
    """Gives rows their ids and inserts them in bulk.

    Args:
        session: the transaction everything is part of.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def identify(self, rows: Sequence[R]) -> None:
        """Give rows ids of their table's sequence, so that others can point to them before they are stored."""
        if not rows:
            return
        sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        found = self._session.execute(sequence, {"name": str(rows[0].__tablename__), "count": len(rows)})
        for row, row_id in zip(rows, found.scalars(), strict=True):
            row.id = row_id

    def insert(self, rows: Sequence[Table]) -> None:
        """Insert rows of one table that have their ids."""
        if rows:
            self._session.execute(insert(type(rows[0])), [row.model_dump(exclude={"search_text"}) for row in rows])

    def put(self, rows: Sequence[R]) -> None:
        """Identify and insert rows of one table."""
        self.identify(rows)
        self.insert(rows)

    def change(self, model: type[Row], rows: Sequence[dict[str, Any]]) -> None:
        """Change columns of rows of one table, the same columns in each; `id` says in which row."""
        if not rows:
            return
        table = metadata.tables[str(model.__tablename__)]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        statement = update(table).where(table.c.id == bindparam("row")).values(values)
        given = [{"row" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
        self._session.connection().execute(statement, given)
