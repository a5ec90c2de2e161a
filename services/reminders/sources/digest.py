"""The weekly digest (周报) as a source of reminders: a week is named by its number, such as 202348.

It tells of the week before, for the whole zone; so only those may subscribe who may see the figures of all of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, format_date, format_number, gettext
from models.account import Account
from models.issue import UNRESOLVED_STATES, Issue
from models.reminder import Occasion, Relation, Subject
from models.visit import RECORD_STATES, Outcome, Promise, Visit
from services.issues.remaining import Remaining, condition, moments
from services.permissions import MATRIX, Action, Scope
from services.reminders import weeks
from services.reminders.sources.words import NO_ROW
from services.reminders.standing import Standing, Words
from services.tallies.measures import CONDITIONS, Measure

SUBSCRIBING = tuple(role for role, reach in MATRIX[Action.PROGRESS_VIEW].items() if reach is Scope.ZONE)
"""Roles that may have the digest."""


class Digests:
    """The source: each week stands for its subscribers."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how the digests of these weeks stand; see `Source`."""
        found = select(Account).where(
            col(Account.active), col(Account.weekly_digest), col(Account.role).in_(SUBSCRIBING)
        )
        ordered = found.order_by(col(Account.id))
        rows = session.exec(ordered.with_for_update(read=True) if lock else ordered).all()
        people = {Relation.SUBSCRIBER: tuple(row.pk for row in rows)}
        wanted = sorted(ids) if rows else []
        return [
            Standing(Subject.DIGEST, week, Occasion.WEEKLY_DIGEST, weeks.moment(week), 1, None, people)
            for week in wanted
        ]  # fmt: skip

    def live(self, _session: Session, after: int, limit: int) -> list[int]:
        """Return this week and the next; see `Source`."""
        return [week for week in weeks.weeks() if week > after][:limit]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about the weeks before these; see `Source`."""
        return {week: _words(week, _figures(session, *weeks.days_before(week))) for week in ids}

    def link(self, _subject_id: int) -> str:
        """Return the address of the overview; see `Source`."""
        return "/overview-overview"

    def sample(self) -> Words:
        """Return words of an invented week; see `Source`."""
        names = ("visits", "raised", "resolved", "verified", "waiting", "overdue", "broken")
        return _words(weeks.weeks()[0], dict(zip(names, (86, 21, 18, 15, 32, 4, 2), strict=True)))


def _figures(session: Session, first: date, last: date) -> dict[str, int]:
    """Count what the days from `first` to `last` brought, and what waits now."""
    since, until = clock.midnight(first), clock.midnight(last + timedelta(days=1))

    def within(moment: Any) -> ColumnElement[bool]:
        return (col(moment) >= since) & (col(moment) < until)

    met = col(Visit.state).in_(RECORD_STATES) & (col(Visit.outcome) == Outcome.MET)
    waiting = col(Issue.state).in_(UNRESOLVED_STATES)
    conditions: dict[str, tuple[Any, ColumnElement[bool]]] = {
        "visits": (Visit, within(Visit.recorded_at) & met),
        "raised": (Issue, within(Issue.created_at)),
        "resolved": (Issue, within(Issue.resolved_at)),
        "verified": (Issue, within(Issue.closed_at) & CONDITIONS[Measure.VERIFIED]),
        "waiting": (Issue, waiting),
        "overdue": (Issue, waiting & condition(Remaining.OVERDUE, moments(session))),
        "broken": (Promise, col(Promise.kept_at).is_(None) & (col(Promise.due_on) < clock.today())),
    }
    return {
        name: session.execute(select_columns(func.count()).select_from(model).where(these)).scalar_one()
        for name, (model, these) in conditions.items()
    }


def _words(week: int, figures: dict[str, int]) -> Words:
    first, last = weeks.days_before(week)
    period = f"{format_date(first)} – {format_date(last)}"
    return {
        **NO_ROW,
        "title": period,
        **{name: format_number(count) for name, count in figures.items()},
        "link_text": gettext(N_("Open the overview")),
    }
