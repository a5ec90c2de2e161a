"""What a measure has changed: how often its kind of issue came before and after the day it took effect.

Two Poisson rates, of issues for each enterprise and month, compared by their ratio and its exact 95 % interval
(`models.stats.rate_ratio`, with its sources). Issues of the kind are the members of the class and those the ledger
offers it by category and words (`services.classes.kind`), but for declined ones. Before begins at most a year before
the day, and not before the ledger did nor before it was looked through; after ends at most a year after the day, and
before the day of the last look: what came since has not been compared yet, and would be missing on that side only. The
enterprises are those on file today in both periods, so that a later import of enterprises does not look like a change.
Nothing is concluded from fewer than `LEAST_ISSUES` in both periods together, or from a period shorter than
`LEAST_DAYS`.

A decline is no proof: fewer visits hear fewer needs. Beside it therefore stands what became of all other issues, the
declined left out as well: whole months of them are read from the tables of figures, the days beside them counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Integer, column, func, values
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock, months
from core.i18n import N_
from models.area import Area
from models.base import LabelledEnum, Moment
from models.enterprise import Enterprise, EnterpriseStatus
from models.issue import Issue, IssueState
from models.issue_class import COUNTED_STANDINGS, IssueClass, IssueClassMember
from models.stats import Interval, rate_ratio
from models.tally import IssueTally
from services import access
from services.actor import Actor
from services.classes.kind import YEAR
from services.permissions import Action
from services.tallies import keeping
from services.use_case import use_case

LEAST_ISSUES = 10
LEAST_DAYS = 30
_MONTH = 365.25 / 12
"""Days of a month on average."""
COUNTS = col(Issue.state) != IssueState.DECLINED
"""What counts, of the kind as of all others: what was declined is no need that the programme took up."""


class Verdict(LabelledEnum):
    """What can be said of a measure."""

    FELL = "fell", N_("Fewer issues than before")
    ROSE = "rose", N_("More issues than before")
    UNCLEAR = "unclear", N_("No clear difference")
    TOO_FEW = "too_few", N_("Too few issues to tell yet")


@dataclass(frozen=True)
class Period:
    """Issues of a period and over what they were counted.

    Args:
        since: its first day.
        until: the day after its last.
        issues: how many of the kind were registered in it.
        enterprises: how many could have raised one.
    """

    since: date
    until: date
    issues: int
    enterprises: int

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.until - self.since).days

    @property
    def exposure(self) -> float:
        """Over how many enterprise-months it counts."""
        return self.enterprises * self.days / _MONTH

    @property
    def rate(self) -> float:
        """Issues a month for each thousand enterprises; 0 of a period without a day."""
        return 1000 * self.issues / self.exposure if self.days > 0 else 0.0


@dataclass(frozen=True)
class Effect:
    """A kind of issue before and after a measure.

    Args:
        verdict: what can be said.
        before: until the day it took effect.
        after: from that day on.
        ratio: rate after divided by rate before with its 95 % interval; `None` where too few issues tell.
    """

    verdict: Verdict
    before: Period
    after: Period
    ratio: Interval | None = None


@dataclass(frozen=True)
class Measured:
    """An effect and what became of all other issues in the same periods."""

    effect: Effect
    others: Effect


def measured(actor: Actor, class_id: int) -> Measured | None:
    """Return the effect of a class's measure; `None` while it is not in force.

    Raises:
        NotFoundError: there is no such class.
    """
    keeping.catch_up()
    with use_case(actor, Action.CLASS_VIEW) as session:
        row = access.load(session, actor, Action.CLASS_VIEW, IssueClass, class_id)
        own = effects(session, [row]).get(class_id)
        return None if own is None else Measured(own, _others(session, own))


def effects(session: Session, rows: Iterable[IssueClass]) -> dict[int, Effect]:
    """Return class → effect of its measure, of those in force; part of another's use case."""
    in_force = [row for row in rows if row.in_force_on is not None]
    if not in_force:
        return {}
    first, known = _first_day(session), enterprises(session)
    spans = {row.pk: _span(row, first) for row in in_force}
    counts = _counts(session, spans)
    found = {}
    for class_id, (since, day, until) in spans.items():
        before, after = counts.get(class_id, (0, 0))
        found[class_id] = judged(Period(since, day, before, known), Period(day, until, after, known))
    return found


def judged(before: Period, after: Period) -> Effect:
    """Return what two periods say."""
    if before.issues + after.issues < LEAST_ISSUES or min(before.days, after.days) < LEAST_DAYS:
        return Effect(Verdict.TOO_FEW, before, after)
    ratio = rate_ratio(before.issues, before.exposure, after.issues, after.exposure)
    verdict = Verdict.FELL if ratio.high < 1 else Verdict.ROSE if ratio.low > 1 else Verdict.UNCLEAR
    return Effect(verdict, before, after, ratio)


def enterprises(session: Session) -> int:
    """Return how many enterprises operate today, at least one."""
    operating = select(func.count()).select_from(Enterprise).where(Enterprise.status == EnterpriseStatus.ACTIVE)
    return max(session.exec(operating).one(), 1)


_Span = tuple[date, date, date]
"""The first day counted, the day of the measure, the day after the last."""


def _first_day(session: Session) -> date:
    """Return the day the ledger began."""
    first = session.exec(select(func.min(Issue.created_at))).one() or clock.now()
    return first.astimezone(clock.zone()).date()


def _span(row: IssueClass, first: date) -> _Span:
    zone, day = clock.zone(), row.in_force_on or clock.today()
    since = max(day - YEAR, row.looked_from.astimezone(zone).date(), first)
    until = min(day + YEAR, row.looked_at.astimezone(zone).date())
    return min(since, day), day, max(until, day)


def _counts(session: Session, spans: dict[int, _Span]) -> dict[int, tuple[int, int]]:
    """Return class → how many issues of its kind were registered before and after its day, in one statement."""
    span = values(
        column("class_id", Integer), column("since", Moment), column("day", Moment), column("until", Moment),
        name="span",
    ).data([(class_id, *map(clock.midnight, days)) for class_id, days in spans.items()])  # fmt: skip
    at = col(Issue.created_at)
    statement = (
        select_columns(
            span.c.class_id, func.count().filter(at < span.c.day), func.count().filter(at >= span.c.day)
        )
        .join(IssueClassMember, col(IssueClassMember.class_id) == span.c.class_id)
        .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
        .where(col(IssueClassMember.standing).in_(COUNTED_STANDINGS), COUNTS)
        .where(at >= span.c.since, at < span.c.until)
        .group_by(span.c.class_id)
    )  # fmt: skip
    return {class_id: (before, after) for class_id, before, after in session.execute(statement)}


def _others(session: Session, own: Effect) -> Effect:
    """Compare all issues but those of the kind in the same periods."""
    return judged(_but(session, own.before), _but(session, own.after))


def _but(session: Session, own: Period) -> Period:
    return replace(own, issues=_registered(session, own.since, own.until) - own.issues)


def _registered(session: Session, since: date, until: date) -> int:
    """Return how many issues that count were registered from one day until before another."""
    first, last = _month_from(since), months.first_of(until)
    if first >= last:
        return _rows(session, since, until)
    return _rows(session, since, first) + _months(session, first, last) + _rows(session, last, until)


def _month_from(day: date) -> date:
    """Return the first day of a month that is not before a day."""
    return day if day.day == 1 else months.after(day)


def _months(session: Session, first: date, last: date) -> int:
    roots = select(Area.id).where(col(Area.parent_id).is_(None))
    statement = select(func.coalesce(func.sum(IssueTally.answerable), 0)).where(
        col(IssueTally.area_id).in_(roots), col(IssueTally.month) >= first, col(IssueTally.month) < last
    )
    return int(session.exec(statement).one())


def _rows(session: Session, since: date, until: date) -> int:
    at, first, last = col(Issue.created_at), clock.midnight(since), clock.midnight(until)
    counted = select(func.count()).select_from(Issue).where(COUNTS, at >= first, at < last)
    return session.exec(counted).one()
