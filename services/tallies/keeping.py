"""Keeps the tables of figures: the cells that changes have touched are counted anew from the rows.

A change notes its cells in its own transaction; a cell is never changed by a difference, so that a note too many does
no harm and a wrong cell heals with the next change or check.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core import logs
from core.db import transaction
from models.campaign import CampaignTarget
from models.enterprise import Enterprise
from models.issue import Issue
from models.outbox import OutboxMessage
from models.tally import IssueTally, TallyDue, TargetTally, VisitTally
from models.visit import Visit
from services import outbox
from services.actor import SYSTEM
from services.tallies import counting

TOPIC = "tallies.settle"
_LOCK = 7_166_179  # any number that nothing else locks
_FEW = 500
"""Notes a reader settles before it reads; more are left to the worker, and the reader sees the figures before them."""
EVERYTHING = "areas"
"""Kind of the note that an area was moved: all issues are counted anew, which is the worker's."""
_KEYS_AT_ONCE, _AREAS_AT_ONCE = 400, 100
_log = logs.get(__name__)


def catch_up() -> None:
    """Settle what has been noted lately, unless it is much or somebody else is at it: for whoever reads figures."""
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        waiting = session.exec(select(TallyDue.kind).limit(_FEW + 1)).all()
        if 0 < len(waiting) <= _FEW and EVERYTHING not in waiting and _locked(session):
            settle(session)


def plan() -> bool:
    """Owe a settling if something is noted and none is owed yet; returns whether it is owed now."""
    owed = select(OutboxMessage.id).where(
        OutboxMessage.topic == TOPIC, col(OutboxMessage.done_at).is_(None), col(OutboxMessage.failed_at).is_(None)
    )
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        if (
            session.exec(select(TallyDue.id).limit(1)).first() is None
            or session.exec(owed.limit(1)).first() is not None
        ):
            return False
        outbox.put(session, TOPIC, {})
    return True


def run(_payload: dict[str, Any]) -> None:
    """Settle everything noted: the worker's part."""
    with alone() as session:
        settle(session)


@contextmanager
def alone() -> Iterator[Session]:
    """Open a transaction during which nobody else settles."""
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        session.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield session


def settle(session: Session) -> int:
    """Count every noted cell anew, as part of the caller's transaction; returns how many notes there were.

    Notes are taken away before the rows are read: what commits in between is counted, and its own note stays.
    """
    noted = session.execute(
        delete(TallyDue).returning(
            col(TallyDue.kind), col(TallyDue.month), col(TallyDue.category), col(TallyDue.department_id),
            col(TallyDue.campaign_id), col(TallyDue.area_id),
        )
    ).all()  # fmt: skip
    if any(row.kind == EVERYTHING for row in noted):
        _recount_issues(session)
    else:
        keys = sorted({(row.month, row.category, row.department_id) for row in noted if row.kind == "issue"})
        for batch in _batches(keys, _KEYS_AT_ONCE):
            _count_issues(session, batch)
    cells = sorted({(row.campaign_id, row.area_id) for row in noted if row.kind == "campaign"})
    _count_campaigns(session, cells)
    return len(noted)


def rebuild() -> None:
    """Count everything anew: after a restore, or where the nightly check found a difference."""
    with alone() as session:
        session.execute(delete(TallyDue))
        _recount_issues(session)
        session.execute(delete(TargetTally))
        session.execute(delete(VisitTally))
        _count_campaigns(session, all_cells(session))


def months(session: Session) -> list[date]:
    """Return every month in which issues were registered, by its first day."""
    return sorted(session.execute(select_columns(counting.month_of(Issue.created_at)).distinct()).scalars())


def all_cells(session: Session) -> list[tuple[int, int]]:
    """Return every pair of campaign and area that has targets or visits."""
    aimed = select(CampaignTarget.campaign_id, Enterprise.area_id).join(
        Enterprise, col(Enterprise.id) == CampaignTarget.enterprise_id
    )
    visited = select(Visit.campaign_id, Visit.area_id)
    return sorted({(campaign_id, area_id) for campaign_id, area_id in session.execute(aimed.union(visited))})


def _recount_issues(session: Session) -> None:
    session.execute(delete(IssueTally))
    for month in months(session):
        _insert(session, IssueTally, counting.issues(month=month))


def _count_issues(session: Session, keys: Sequence[counting.IssueKey]) -> None:
    key = tuple_(col(IssueTally.month), col(IssueTally.category), col(IssueTally.department_id))
    session.execute(delete(IssueTally).where(key.in_(keys)))
    _insert(session, IssueTally, counting.issues(keys))


def _count_campaigns(session: Session, cells: Iterable[tuple[int, int]]) -> None:
    by_campaign: dict[int, list[int]] = {}
    for campaign_id, area_id in cells:
        by_campaign.setdefault(campaign_id, []).append(area_id)
    for campaign_id, areas in by_campaign.items():
        for batch in _batches(areas, _AREAS_AT_ONCE):
            for table, counted in ((TargetTally, counting.targets), (VisitTally, counting.visits)):
                cell = (col(table.campaign_id) == campaign_id, col(table.area_id).in_(batch))
                session.execute(delete(table).where(*cell))
                _insert(session, table, counted(campaign_id, batch))


def _insert(session: Session, table: type[Any], counted: Any) -> None:
    session.execute(insert(table).from_select(list(table.model_fields), counted, include_defaults=False))


def _locked(session: Session) -> bool:
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar_one())


def _batches(found: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (found[start : start + size] for start in range(0, len(found), size))
