"""The orders of the ledger and the cursors that say where in one a page begins.

Each order is a row of expressions that all ascend or all descend and tell rows apart, so that "what comes after" is
one comparison of rows, which the index of the same expressions answers without reading what lies before.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal_column, tuple_
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from core.i18n import N_
from models.base import LabelledEnum, Moment
from models.issue import Issue


class Order(LabelledEnum):
    """In which order the ledger is listed."""

    DUE = "due", N_("Due first")
    URGENCY = "urgency", N_("Most urgent first")
    NEWEST = "newest", N_("Newest first")
    OLDEST = "oldest", N_("Oldest first")
    NUMBER = "number", N_("By entry number")
    NUMBER_DOWN = "number_down", N_("By entry number, last first")


@dataclass(frozen=True)
class _Key:
    """A part of an order.

    Args:
        column: what is compared; written as the index has it.
        type: its type.
        value: what stands for it in a cursor.
        check: returns what a cursor says if it can be that; raises `ValueError` if not.
    """

    column: Any
    type: Any
    value: Callable[[Issue], str]
    check: Callable[[Any], str]


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: those after it, or before it, are asked for.

    Args:
        values: the order's keys of the row beside the place.
        backwards: whether the rows before it are meant.
    """

    values: tuple[str, ...]
    backwards: bool = False

    def __str__(self) -> str:
        """Return the cursor as an address holds it."""
        packed = json.dumps([self.backwards, *self.values], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(given: str, order: Order) -> Cursor | None:
    """Return the cursor an address holds, or `None` for the first page, also where it was tampered with."""
    try:
        packed = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        backwards, *values = json.loads(packed)
        checked = [key.check(value) for key, value in zip(_KEYS[order], values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return Cursor(tuple(checked), bool(backwards))


def cursor_at(row: Issue, order: Order, *, backwards: bool) -> str:
    """Return the cursor beside a row."""
    return str(Cursor(tuple(key.value(row) for key in _KEYS[order]), backwards))


def ordered(statement: SelectOfScalar[Issue], order: Order, *, backwards: bool = False) -> SelectOfScalar[Issue]:
    """Return a statement in an order, or in its reverse."""
    down = (order in _DESCENDING) != backwards
    columns = [key.column for key in _KEYS[order]]
    return statement.order_by(*(column.desc() if down else column.asc() for column in columns))


def beyond(cursor: Cursor, order: Order) -> ColumnElement[bool]:
    """Return the condition that rows lie beyond a cursor, in its direction."""
    keys = _KEYS[order]
    here = tuple_(*(key.column for key in keys))
    there = tuple_(*(cast(value, key.type) for key, value in zip(keys, cursor.values, strict=True)))
    down = (order in _DESCENDING) != cursor.backwards
    return here < there if down else here > there


def _moment(value: str) -> str:
    # In UTC: the database does not know each offset that Python does.
    return value if value == _NEVER else datetime.fromisoformat(value).astimezone(UTC).isoformat()


def _runs_out(row: Issue) -> str:
    return row.due_at.isoformat() if row.due_at and row.paused_since is None else _NEVER


def _integer(value: str) -> str:
    number = int(value)
    if abs(number) > _GREATEST:
        raise ValueError(value)
    return str(number)


def _number(value: object) -> str:
    """Return what can be an entry number: a text that the database can hold."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    return value.encode().decode()


_GREATEST = 2**31 - 1
_NEVER = "infinity"
_RANKED = "emergency urgent normal"
# Constants stand in these two as they do in the index; a parameter would keep the planner from seeing that they match.
_RUNNING = case((col(Issue.paused_since).is_(None), col(Issue.due_at)))
DUE_KEY = func.coalesce(_RUNNING, literal_column("'infinity'::timestamptz"), type_=Moment)
_URGENCY_KEY = func.strpos(literal_column(f"'{_RANKED}'"), Issue.urgency, type_=Integer)
_ID = _Key(col(Issue.id), Integer, lambda row: str(row.pk), _integer)
_DUE = _Key(DUE_KEY, Moment, _runs_out, _moment)
_URGENCY = _Key(_URGENCY_KEY, Integer, lambda row: str(_RANKED.index(row.urgency) + 1), _integer)
_CREATED = _Key(col(Issue.created_at), Moment, lambda row: row.created_at.isoformat(), _moment)
_NUMBER = _Key(col(Issue.number), String, lambda row: row.number, _number)
_KEYS: dict[Order, tuple[_Key, ...]] = {
    Order.DUE: (_DUE, _ID),
    Order.URGENCY: (_URGENCY, _DUE, _ID),
    Order.NEWEST: (_CREATED, _ID),
    Order.OLDEST: (_CREATED, _ID),
    Order.NUMBER: (_NUMBER,),
    Order.NUMBER_DOWN: (_NUMBER,),
}
_DESCENDING = frozenset({Order.NEWEST, Order.NUMBER_DOWN})
