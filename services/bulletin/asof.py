"""Rows as they stood at a moment of the past: what their log says was changed since is taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, and_, case, cast, column, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.sql import visitors
from sqlmodel import col

from models.audit import AuditEntry
from models.base import Row, metadata
from models.issue import ENDED_STATES, Issue
from models.issue_log import IssueClock, IssueEvent

_ISSUE = metadata.tables["issue"]


class Past:
    """The issues that lived in a period, as they stood at its end.

    Args:
        since: the moment from which an issue was registered or closed, unless it is open.
        until: the moment they are seen at.
    """

    def __init__(self, since: datetime, until: datetime) -> None:
        self._until = until
        undone = _undone(until)
        self.row = _taken_back(_ISSUE, undone.c.undo)
        self.source = _ISSUE.outerjoin(undone, undone.c.issue_id == _ISSUE.c.id).join(self.row, literal(True))
        lately = or_(
            col(Issue.created_at) >= since,
            col(Issue.state).not_in(ENDED_STATES),
            col(Issue.closed_at) >= since,
            undone.c.issue_id.is_not(None),
        )
        self.where = and_(col(Issue.created_at) < until, lately)
        self.late = self._late(undone.c.issue_id)

    def of(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return a condition on `Issue` as one on its past row."""

        def replaced(element: Any, **_more: Any) -> Any:
            if not isinstance(element, Column) or element.table.name != _ISSUE.name:
                return None
            return self.late if element.name == "late" else self.row.c[element.name]

        return visitors.replacement_traverse(condition, {}, replaced)

    def _late(self, touched: Any) -> ColumnElement[bool]:
        """Return whether who led it then had been late by then; the log does not tell it, its clocks do."""
        late = (
            select(literal(True))
            .where(col(IssueClock.issue_id) == _ISSUE.c.id, col(IssueClock.late_at) < self._until)
            .where(col(IssueClock.department_id) == self.row.c.department_id)
        )
        return case((touched.is_(None), _ISSUE.c.late), else_=late.exists())


def rows_then(model: type[Row], until: datetime) -> tuple[Any, Any]:
    """Return the rows of an audited table as they stood at a moment: where they come from, and their columns.

    What the audit log says was changed since is taken back. What was deleted since is not among them, and what was
    entered since is. Of which enterprise a row is must be read from the table itself: the one it was of then may have
    been merged into another and be no more.
    """
    table = metadata.tables[str(model.__tablename__)]
    changed = (col(AuditEntry.entity) == table.name, col(AuditEntry.action) == f"{table.name}.changed")
    pair = func.jsonb_each(AuditEntry.before).table_valued("key", column("value", JSONB)).lateral("pair")
    undone = (
        select(col(AuditEntry.entity_id), _first(pair, AuditEntry.id).label("undo"))
        .join(pair, literal(True))
        .where(*changed, col(AuditEntry.at) >= until)
        .group_by(col(AuditEntry.entity_id))
        .subquery("undone")
    )
    row = _taken_back(table, undone.c.undo)
    source = table.outerjoin(undone, undone.c.entity_id == cast(table.c.id, String)).join(row, literal(True))
    return source, row.c


def _taken_back(table: Table, undo: Any) -> Any:
    """Return a row of a table with the values of an object in place of its own."""
    record = func.jsonb_populate_record(table.table_valued(), func.coalesce(undo, literal({}, JSONB)))
    columns = [column(each.name, each.type) for each in table.columns]
    return record.table_valued(*columns, name="past").lateral()


def _first(pair: Any, order: Any) -> Any:
    """Return the object of what each key was first: of equal keys the last stands in it, so the earliest comes last."""
    return func.jsonb_object_agg(pair.c.key, aggregate_order_by(pair.c.value, col(order).desc()))


def _undone(until: datetime) -> Any:
    """Return, for each issue that something happened to since, what each changed column was before the first change."""
    pair = func.jsonb_each(IssueEvent.before).table_valued("key", column("value", JSONB)).lateral("pair")
    return (
        select(col(IssueEvent.issue_id), _first(pair, IssueEvent.seq).label("undo"))
        .join(Issue, col(Issue.id) == IssueEvent.issue_id)
        .join(pair, literal(True))
        .where(col(Issue.updated_at) >= until, col(IssueEvent.at) >= until)
        .group_by(col(IssueEvent.issue_id))
        .subquery("undone")
    )
