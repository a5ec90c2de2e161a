"""Proves every night that the tables of figures equal the full count of the rows, and heals them where they do not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import text as sql
from sqlmodel import Session, select

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

    What is noted and not settled yet is settled first; the comparison sees one moment of the database.
    """
    with transaction(actor=SYSTEM, action=keeping.TOPIC) as session:
        session.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        if session.exec(select(TallyDue.id).limit(1)).first() is not None:
            keeping.settle(session)
        found = compare(session)
    if found.wrong:
        _log.error("tallies_wrong", cells=found.cells, wrong=found.wrong)
        keeping.rebuild()
    return found


def compare(session: Session) -> Check:
    """Compare the tables of figures with the rows as the session's transaction sees both."""
    cells = wrong = 0
    for table, counted in _counted(session):
        kept = {
            tuple(row)
            for row in session.execute(select_columns(*(getattr(table, name) for name in table.model_fields)))
        }
        cells += len(counted | kept)
        wrong += len(_keys(table, counted ^ kept))
    return Check(cells, wrong)


def _counted(session: Session) -> list[tuple[type[Any], set[tuple[Any, ...]]]]:
    by_campaign: dict[int, list[int]] = {}
    for campaign_id, area_id in keeping.all_cells(session):
        by_campaign.setdefault(campaign_id, []).append(area_id)
    found: list[tuple[type[Any], set[tuple[Any, ...]]]] = [(IssueTally, _rows(session, counting.issues()))]
    for table, statement in ((TargetTally, counting.targets), (VisitTally, counting.visits)):
        rows = (_rows(session, statement(campaign_id, areas)) for campaign_id, areas in by_campaign.items())
        found.append((table, set().union(*rows)))
    return found


def _rows(session: Session, statement: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(statement)}


def _keys(table: type[Any], rows: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return the cells rows belong to: one that counts otherwise appears in both forms and is one cell."""
    size = len(table.__table__.primary_key)
    return {row[:size] for row in rows}
