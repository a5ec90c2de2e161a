"""Figures of a bulletin, counted from its frozen rows by the conditions that open them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from core import clock
from models.account import Account, Department, Role
from models.bulletin import Bulletin, BulletinIssue, BulletinItem
from models.team import Team, TeamMember
from services.bulletin.catalogue import FIGURES, Figure
from services.bulletin.printed import Part, Unit, UnitKind

NOBODY = 0
"""Stands for no department."""
_OF_UNIT = (*(key for key in FIGURES if key.startswith("window_")), "open", "overdue", "overdue_with", "visits")


def counts(session: Session, bulletin: Bulletin, window_months: int, keys: Iterable[str]) -> dict[str, int]:
    """Return key → number of figures."""
    found: dict[str, int] = {}
    for table, figures in _by_table(keys).items():
        columns = _columns(figures, bulletin, window_months)
        row = session.execute(select(*columns).where(col(table.bulletin_id) == bulletin.pk)).one()
        found |= dict(zip((figure.key for figure in figures), row, strict=True))
    return found


def parts(session: Session, bulletin: Bulletin, window_months: int, figure: Figure, column: str) -> dict[Any, int]:
    """Return how the rows of a figure divide by one of their columns: value → number."""
    key = getattr(figure.table, column)
    found = select(key, func.count()).where(*figure.conditions(bulletin, window_months)).group_by(key)
    return {row[0]: row[1] for row in session.execute(found)}


def named(found: dict[Any, int], names: dict[Any, str]) -> tuple[Part, ...]:
    """Return a division by names, the most first."""
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return tuple(Part(key=str(key or ""), name=names.get(key, ""), count=number) for key, number in ordered)


def units(session: Session, bulletin: Bulletin, window_months: int, kind: UnitKind) -> list[Unit]:
    """Return every active unit of a kind, and others that have rows, with members and counts."""
    by_unit: dict[int, dict[str, int]] = {}
    for table, figures in _by_table(_OF_UNIT).items():
        key = col(table.department_id if kind is UnitKind.DEPARTMENT else table.team_id)
        columns = _columns(figures, bulletin, window_months)
        found = select(key, *columns).where(col(table.bulletin_id) == bulletin.pk, key.is_not(None)).group_by(key)
        for unit_id, *numbers in session.execute(found):
            of_unit = zip((figure.key for figure in figures), numbers, strict=True)
            by_unit.setdefault(unit_id, {}).update(of_unit)
    model = Department if kind is UnitKind.DEPARTMENT else Team
    rows = select(col(model.id), col(model.name)).where(or_(col(model.active), col(model.id).in_(by_unit)))
    members = _members(session, bulletin, kind)
    return [
        Unit(id=row_id, name=name, members=members.get(row_id, 0), counts=by_unit.get(row_id, {}))
        for row_id, name in session.execute(rows.order_by(col(model.id)))
    ]


def _by_table(keys: Iterable[str]) -> dict[type[BulletinIssue] | type[BulletinItem], list[Figure]]:
    found: dict[type[BulletinIssue] | type[BulletinItem], list[Figure]] = {}
    for key in keys:
        found.setdefault(FIGURES[key].table, []).append(FIGURES[key])
    return found


def _columns(figures: Sequence[Figure], bulletin: Bulletin, window_months: int) -> list[Any]:
    return [func.count().filter(and_(*figure.conditions(bulletin, window_months))) for figure in figures]


def _members(session: Session, bulletin: Bulletin, kind: UnitKind) -> dict[int, int]:
    """Return how many work in each unit: members on the last day, or officers now, of whom no history is kept."""
    if kind is UnitKind.DEPARTMENT:
        officers = (col(Account.role) == Role.DEPARTMENT_OFFICER, col(Account.active))
        found = select(col(Account.department_id), func.count()).where(*officers).group_by(col(Account.department_id))
        return {unit_id: number for unit_id, number in session.execute(found) if unit_id}
    day = (bulletin.until - timedelta(microseconds=1)).astimezone(clock.zone()).date()
    there = (col(TeamMember.joined_on) <= day, or_(col(TeamMember.left_on).is_(None), col(TeamMember.left_on) > day))
    of_teams = select(col(TeamMember.team_id), func.count()).where(*there).group_by(col(TeamMember.team_id))
    return {row[0]: row[1] for row in session.execute(of_teams)}
