"""What presses now, whatever period is asked for: what is overdue and with whom, how long needs have been open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, literal
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from core import clock, months
from models.enterprise import Enterprise
from models.issue import ENDED_STATES, Issue
from models.visit import Promise
from services.issues.holders import Holder
from services.issues.remaining import overdue
from services.issues.todo import CAP
from services.progress_overview.question import Setting
from services.tallies.reading import inside
from services.tallies.scope import Asked, categories

AGES = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))
"""Days since a need was raised: from, to."""


@dataclass(frozen=True)
class Age:
    """Open needs raised so many days ago.

    Args:
        youngest: the fewest days.
        oldest: the most days; `None`: any number.
        count: how many of them are open.
        overdue: how many of these are overdue.
    """

    youngest: int
    oldest: int | None
    count: int
    overdue: int

    @property
    def since(self) -> date | None:
        """The first day they were raised on."""
        return None if self.oldest is None else clock.today() - timedelta(days=self.oldest)

    @property
    def until(self) -> date:
        """The last day they were raised on."""
        return clock.today() - timedelta(days=self.youngest)


def conditions(session: Session, setting: Setting) -> list[ColumnElement[bool]]:
    """Return the conditions that issues lie where they were asked for and are of that category."""
    found: list[ColumnElement[bool]] = []
    if setting.narrowed is not None:
        found.append(inside(Issue.area_id, setting.narrowed))
    if setting.asked.category:
        found.append(col(Issue.category).in_(categories(session, setting.asked.category)))
    return found


def ages(session: Session, setting: Setting) -> list[Age]:
    """Return how long the open needs have been open."""
    bucket = case(
        *(
            (col(Issue.created_at) >= clock.midnight(clock.today() - timedelta(days=oldest)), place)
            for place, (_young, oldest) in enumerate(AGES)
            if oldest
        ),
        else_=len(AGES) - 1,
    ).label("bucket")
    found = (
        choose(bucket, func.count(), func.count().filter(overdue(clock.now())))
        .where(col(Issue.state).not_in(ENDED_STATES), *conditions(session, setting))
        .group_by(bucket)
    )
    counts = {place: (count, late) for place, count, late in session.execute(found)}
    return [Age(*days, *counts.get(place, (0, 0))) for place, days in enumerate(AGES)]


def promises_overdue(session: Session, setting: Setting) -> int:
    """Return how many promises are past their day and not kept, up to `CAP`."""
    late = select(literal(1)).where(col(Promise.kept_at).is_(None), col(Promise.due_on) < clock.today())
    if setting.narrowed is not None:
        late = late.join_from(Promise, Enterprise, col(Enterprise.id) == Promise.enterprise_id)
        late = late.where(inside(Enterprise.area_id, setting.narrowed))
    return session.exec(select(func.count()).select_from(late.limit(CAP).subquery())).one()


def overdue_of(session: Session, setting: Setting, asked: Asked) -> int:
    """Return how many of the needs raised in some months are overdue now."""
    raised: list[ColumnElement[bool]] = []
    if asked.since:
        raised.append(col(Issue.created_at) >= months.begin(asked.since))
    if asked.until:
        raised.append(col(Issue.created_at) < months.end(asked.until))
    found = select(func.count()).select_from(Issue).where(overdue(clock.now()), *raised, *conditions(session, setting))
    return session.exec(found).one()


def total(found: Sequence[Holder]) -> int:
    """Return how many issues are overdue in all."""
    return sum(each.count for each in found)
