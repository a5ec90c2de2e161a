"""What a piece of a test sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Record the statements sent within the block."""
    sent: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", record)
    try:
        yield sent
    finally:
        event.remove(db.engine(), "before_cursor_execute", record)
