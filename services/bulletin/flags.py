"""What looks like work for the statistics rather than for enterprises: named with its rows, to be looked at by people.

A flag is a question, not a verdict; each has a threshold of the settings. Its rows get a mark, so that it opens them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlmodel import Session, col

from core import clock, months
from models import geo
from models.bulletin import Bulletin, BulletinIssue, BulletinItem
from models.campaign import VisitMode
from models.stats import wilson
from models.worktime import Calendar
from services.bulletin import catalogue, schedule
from services.bulletin.catalogue import FIGURES, FLAG
from services.bulletin.printed import Flag, FlagKind, Rules

_LAST_DAYS = 2
_HOUR = timedelta(hours=1)
_SHORTEST_TEXT = 8
"""Characters below which equal texts say nothing: "已解决"."""
_Found = tuple[FlagKind, str, Sequence[BulletinIssue] | Sequence[BulletinItem], int]


def raise_flags(session: Session, bulletin: Bulletin, rules: Rules, calendar: Calendar) -> tuple[Flag, ...]:
    """Find what should be looked at, mark its rows and return it."""
    closed = _rows(session, bulletin, catalogue.CLOSED)
    found = [
        *_bunched(bulletin, closed, rules, calendar),
        *_uncalled(closed),
        *_copied(session, bulletin, rules),
        *_quick(session, bulletin, rules),
        *_bursts(session, bulletin, rules),
    ]
    return tuple(_raised(session, number, *each) for number, each in enumerate(found, start=1))


def _raised(  # noqa: PLR0917 - a finding, taken apart
    session: Session, number: int, kind: FlagKind, unit: str, rows: Sequence[BulletinIssue] | Sequence[BulletinItem],
    of: int,
) -> Flag:  # fmt: skip
    mark, table = f"{FLAG}{number}", type(rows[0])
    ids = [row.id for row in rows]
    session.execute(
        update(table).where(col(table.id).in_(ids)).values(marks=func.array_append(table.marks, mark)),
        execution_options={"synchronize_session": False},
    )
    return Flag(kind=kind, mark=mark, unit=unit, count=len(rows), of=of)


def _bunched(
    bulletin: Bulletin, closed: Sequence[BulletinIssue], rules: Rules, calendar: Calendar
) -> Iterator[_Found]:  # fmt: skip
    """Find units that closed much in the last two working days: above the threshold and not by chance."""
    day, working = schedule.last_working_days(bulletin.month, _LAST_DAYS, calendar)
    expected = _LAST_DAYS / max(working, _LAST_DAYS)
    for unit, rows in _by_unit(closed):
        last = [row for row in rows if row.closed_at and row.closed_at >= months.begin(day)]
        share = wilson(len(last), len(rows))
        enough = len(rows) >= rules.minimum_sample and share.value >= rules.bunched_percent / 100
        if enough and share.low > expected:
            yield FlagKind.BUNCHED, unit, last, len(rows)


def _uncalled(closed: Sequence[BulletinIssue]) -> Iterator[_Found]:
    for unit, rows in _by_unit(closed):
        if silent := [row for row in rows if catalogue.UNCALLED in row.marks]:
            yield FlagKind.UNCALLED, unit, silent, len(rows)


def _copied(session: Session, bulletin: Bulletin, rules: Rules) -> Iterator[_Found]:
    """Find texts that one person wrote to several enterprises within the month."""
    begin = months.begin(bulletin.month)
    found = session.scalars(
        _select(bulletin).where((col(BulletinIssue.resolved_at) >= begin) | (col(BulletinIssue.answered_at) >= begin))
    ).all()
    told: dict[tuple[str, int, str], list[BulletinIssue]] = defaultdict(list)
    for row in found:
        for field, text, same, at, person in (
            ("solution", row.solution, row.solution_hash, row.resolved_at, row.resolved_by_id),
            ("answer", row.answer, row.answer_hash, row.answered_at, row.answered_by_id),
        ):
            if person and at and at >= begin and len(re.sub(r"\W+", "", text)) >= _SHORTEST_TEXT:
                told[field, person, same].append(row)
    for (_field, _person, _same), rows in sorted(told.items(), key=lambda each: each[1][0].id):
        if len({row.enterprise_id for row in rows}) >= rules.copied_times:
            yield FlagKind.COPIED, rows[0].department or rows[0].team, rows, 0


def _quick(session: Session, bulletin: Bulletin, rules: Rules) -> Iterator[_Found]:
    within = timedelta(minutes=rules.quick_minutes)
    soon = (
        col(BulletinIssue.asked_at) >= months.begin(bulletin.month),
        col(BulletinIssue.asked_at) - col(BulletinIssue.answered_at) < within,
        col(BulletinIssue.asked_at) >= BulletinIssue.answered_at,
    )
    for unit, rows in _by_unit(session.scalars(_select(bulletin).where(*soon)).all()):
        yield FlagKind.QUICK, unit, list(rows), 0


def _bursts(session: Session, bulletin: Bulletin, rules: Rules) -> Iterator[_Found]:
    """Find people who recorded many visits on site within an hour, at enterprises far apart."""
    found = session.scalars(
        select(BulletinItem)
        .where(*FIGURES["visits"].conditions(bulletin, 1), col(BulletinItem.mode) == VisitMode.ON_SITE.value)
        .where(col(BulletinItem.done_at).is_not(None), col(BulletinItem.longitude).is_not(None))
        .where(col(BulletinItem.latitude).is_not(None))
        .order_by(col(BulletinItem.person_id), col(BulletinItem.done_at), col(BulletinItem.id))
    )
    for _person, of_person in groupby(found, key=lambda row: row.person_id):
        visits = list(of_person)
        if burst := longest_burst(visits, rules.burst_visits, rules.burst_km):
            yield FlagKind.BURST, burst[0].team, burst, len(visits)


def longest_burst(visits: Sequence[BulletinItem], least: int, km: float) -> Sequence[BulletinItem]:
    """Return the most visits of one person within an hour that lie so far apart; none where there are fewer than asked.

    Args:
        visits: in the order in which they were recorded, each with its moment and place.
        least: how many make a burst.
        km: how far the two farthest must lie apart.
    """
    best: Sequence[BulletinItem] = []
    start = 0
    for end, visit in enumerate(visits):
        while _moment(visit) - _moment(visits[start]) > _HOUR:
            start += 1
        within = visits[start : end + 1]
        if len(within) >= least and len(within) > len(best) and _extent_km(within) >= km:
            best = within
    return best


def _moment(visit: BulletinItem) -> datetime:
    return visit.done_at or clock.now()


def _extent_km(visits: Sequence[BulletinItem]) -> float:
    places = [place for visit in visits if (place := geo.point(visit.longitude, visit.latitude))]
    return max(geo.distance_km(one, other) for one in places for other in places)


def _select(bulletin: Bulletin) -> Select[Any]:
    return select(BulletinIssue).where(col(BulletinIssue.bulletin_id) == bulletin.pk).order_by(col(BulletinIssue.id))


def _rows(session: Session, bulletin: Bulletin, mark: str) -> Sequence[BulletinIssue]:
    key = next(key for key, figure in FIGURES.items() if figure.mark == mark)
    statement = select(BulletinIssue).where(*FIGURES[key].conditions(bulletin, 1))
    return session.scalars(statement.order_by(col(BulletinIssue.id))).all()


def _by_unit(rows: Iterable[BulletinIssue]) -> list[tuple[str, list[BulletinIssue]]]:
    """Return rows by lead department, or by the team where no department handled them, in the order of names."""
    found: dict[str, list[BulletinIssue]] = defaultdict(list)
    for row in rows:
        found[row.department or row.team].append(row)
    return sorted(found.items())
