"""The statements that count the cells of the tables of figures from the rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlmodel import col

from core import clock
from core.arrays import table_of
from models.area import Area
from models.enterprise import Enterprise
from models.issue import Issue
from models.tally import NO_DAY, NOBODY
from models.visit import RECORD_STATES, Visit
from services.campaigns.standing import Standing, standings
from services.tallies.measures import CONDITIONS, Measure

IssueKey = tuple[date, str, int]
"""The month, category and department whose cells are counted."""
_AT_ALL_TIERS = func.unnest(cast(func.string_to_array(func.rtrim(Area.path, "."), "."), ARRAY(Integer)))


def month_of(moment: Any) -> Any:
    """Return the first day of a moment's month in the programme's time zone, as SQL."""
    return cast(func.date_trunc("month", moment, clock.zone().key), Date)


def within(month: Any) -> ColumnElement[bool]:
    """Return the condition that an issue was registered in a month, so that the index of that moment answers it.

    Args:
        month: its first day, as a day or as SQL.
    """
    first = cast(month, DateTime)
    begins, ends = (func.timezone(clock.zone().key, each) for each in (first, first + func.make_interval(0, 1)))
    return and_(col(Issue.created_at) >= begins, col(Issue.created_at) < ends)


def issues(keys: Sequence[IssueKey] | None = None, month: date | None = None) -> Select[Any]:
    """Return the statement that counts `issue_tally`.

    Args:
        keys: which cells; `None` means all.
        month: the one whose cells are meant, by its first day; `None` means all. A million issues counted in one go
            would take gigabytes of the database's memory.
    """
    department = func.coalesce(Issue.department_id, NOBODY)
    cell = (
        month_of(Issue.created_at).label("month"),
        col(Issue.category),
        department.label("department_id"),
        func.coalesce(Visit.campaign_id, NOBODY).label("campaign_id"),
        col(Issue.kind),
        col(Issue.state),
    )
    counts = (func.count().filter(CONDITIONS[each]).label(each.value) for each in Measure)
    own = select(col(Issue.area_id), *cell, *counts).outerjoin(Visit, col(Visit.id) == Issue.visit_id)
    if keys is not None:
        given = table_of(keys, month=Date(), category=String(), department_id=Integer())
        same = (col(Issue.category) == given.c.category) & (department == given.c.department_id)
        own = own.join(given, same & within(given.c.month))
    if month is not None:
        own = own.where(within(month))
    grouped = own.group_by(col(Issue.area_id), *cell).subquery("own")
    names = ("month", "category", "department_id", "campaign_id", "kind", "state")
    above = _AT_ALL_TIERS.label("area_id")
    spread = (
        select(above, *(grouped.c[name] for name in (*names, *Measure)))
        .join(Area, col(Area.id) == grouped.c.area_id)
        .subquery("spread")
    )
    key = (spread.c.area_id, *(spread.c[name] for name in names))
    return select(*key, *(func.sum(spread.c[each.value]) for each in Measure)).group_by(*key)


def targets(campaign_id: int, areas: Sequence[int]) -> Select[Any]:
    """Return the statement that counts the `target_tally` of a campaign's enterprises in some areas themselves."""
    inside = select(col(Enterprise.id)).where(col(Enterprise.area_id).in_(areas))
    found = standings((col(Visit.campaign_id) == campaign_id) & col(Visit.enterprise_id).in_(inside))
    standing = case((found.c.standing == Standing.OVERDUE.value, literal(Standing.OPEN.value)), else_=found.c.standing)
    planned = found.c.standing.in_([Standing.OPEN.value, Standing.OVERDUE.value, Standing.RETURNED.value])
    recorded = cast(func.timezone(clock.zone().key, found.c.recorded_at), Date)
    key: list[Any] = [
        found.c.campaign_id,
        col(Enterprise.area_id),
        func.coalesce(found.c.team_id, NOBODY).label("team_id"),
        standing.label("standing"),
        func.coalesce(case((planned, found.c.planned_on), else_=recorded), NO_DAY).label("day"),
    ]
    return (
        select(*key, func.count())
        .select_from(found)
        .join(Enterprise, col(Enterprise.id) == found.c.enterprise_id)
        .where(found.c.campaign_id == campaign_id, col(Enterprise.area_id).in_(areas))
        .group_by(*key)
    )


def visits(campaign_id: int, areas: Sequence[int]) -> Select[Any]:
    """Return the statement that counts the `visit_tally` of a campaign's visits in some areas themselves."""
    key = (
        month_of(Visit.recorded_at).label("month"), col(Visit.campaign_id), col(Visit.area_id), col(Visit.team_id),
        col(Visit.mode), col(Visit.outcome),
    )  # fmt: skip
    recorded = (col(Visit.state).in_(RECORD_STATES), col(Visit.mode).is_not(None), col(Visit.outcome).is_not(None))
    return (
        select(*key, func.count())
        .where(col(Visit.campaign_id) == campaign_id, col(Visit.area_id).in_(areas), *recorded)
        .group_by(*key)
    )
