"""Proves every night that the tables of figures equal the full count of the rows, and heals them where they do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core import logs
from core.db import transaction
from models.tally import IssueTally, TallyDue, TargetTally, VisitTally
from services.actor import SYSTEM
from services.tallies import counting, keeping

_log = logs.get(__name__)


@dataclass(frozen=True)
class Check:
    """What a check found: how many cells there are, and how many of them were wrong."""

    cells: int
    wrong: int


def check() -> Check:
    """Compare every cell with the full count and count everything anew if one is wrong.

    What is noted is settled first. The comparison then sees one moment of the database while nobody settles; cells that
    changes have touched since are left out, and readers read on meanwhile.
    """
    keeping.run({})
    with keeping.alone(), transaction(actor=SYSTEM, action=keeping.TOPIC) as session:
        session.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        found = compare(session)
    if found.wrong:
        _log.error("tallies_wrong", cells=found.cells, wrong=found.wrong)
        keeping.rebuild()
    return found


def compare(session: Session) -> Check:
    """Compare the tables of figures with the rows as the session's transaction sees both, a part at a time."""
    noted = session.exec(select(TallyDue)).all()
    touched = {_key(each) for each in noted}
    moved = any(each.kind == keeping.EVERYTHING for each in noted)
    cells = wrong = 0
    for table, counted, kept in _parts(session):
        if moved and table is IssueTally:
            continue
        found, stand = _rows(session, counted), _rows(session, select_columns(*_columns(table)).where(kept))
        cells += len(_cells(table, found | stand))
        wrong += sum(_key(table(**each)) not in touched for each in _cells(table, found ^ stand))
    return Check(cells, wrong)


def _parts(session: Session) -> Iterator[tuple[type[Any], Any, ColumnElement[bool]]]:
    """Yield parts of the tables of figures: the table, the statement that counts the part, the rows that stand in it.

    What stands for a month or campaign of which there is nothing is a part too: it is wrong.
    """
    for month in {
        *keeping.months(session),
        *session.execute(select_columns(col(IssueTally.month)).distinct()).scalars(),
    }:
        yield IssueTally, counting.issues(month=month), col(IssueTally.month) == month
    areas: dict[int, list[int]] = {}
    for campaign_id, area_id in keeping.all_cells(session):
        areas.setdefault(campaign_id, []).append(area_id)
    for table, counted in ((TargetTally, counting.targets), (VisitTally, counting.visits)):
        standing = session.execute(select_columns(col(table.campaign_id)).distinct()).scalars()
        for campaign_id in {*areas, *standing}:
            yield table, counted(campaign_id, areas.get(campaign_id, [])), col(table.campaign_id) == campaign_id


def _columns(table: type[Any]) -> list[Any]:
    return [getattr(table, name) for name in table.model_fields]


def _rows(session: Session, statement: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(statement)}


def _cells(table: type[Any], rows: set[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return the cells rows belong to: one that counts otherwise appears in both forms and is one cell."""
    names = [each.name for each in table.__table__.primary_key]
    return [dict(zip(names, key, strict=True)) for key in {row[: len(names)] for row in rows}]


def _key(cell: Any) -> tuple[Any, ...]:
    """Return what notes name a cell by; a note names the cells it touches the same way."""
    if isinstance(cell, IssueTally) or getattr(cell, "kind", "") == "issue":
        return cell.month, cell.category, cell.department_id
    return cell.campaign_id, cell.area_id
