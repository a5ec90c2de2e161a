"""What a measure has changed: how often its kind of issue came before and after the day it took effect.

Two Poisson rates, of issues for each enterprise and month, compared by their ratio and its exact 95 % interval
(`models.stats.rate_ratio`, with its sources). Issues of the kind are the members of the class and those the ledger
offers it by category and words (`services.classes.kind`). Before begins at most a year before the day, and not before
the ledger did nor before it was looked through; after ends today, at most a year after. The enterprises are those on
file today in both periods, so that a later import of enterprises does not look like a change. Nothing is concluded
from fewer than `LEAST_ISSUES` in both periods together, or from a period shorter than `LEAST_DAYS`.

A decline is no proof: fewer visits hear fewer needs. Beside it therefore stands what became of all other issues.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_
from models.base import LabelledEnum
from models.enterprise import Enterprise, EnterpriseStatus
from models.issue import Issue
from models.issue_class import COUNTED_STANDINGS, IssueClass, IssueClassMember
from models.stats import Interval, rate_ratio
from services import access
from services.actor import Actor
from services.classes.kind import YEAR
from services.permissions import Action
from services.use_case import use_case

LEAST_ISSUES = 10
LEAST_DAYS = 30
_MONTH = 365.25 / 12
"""Days of a month on average."""


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
    with use_case(actor, Action.CLASS_VIEW) as session:
        row = access.load(session, actor, Action.CLASS_VIEW, IssueClass, class_id)
        own = of(session, row)
        return None if own is None else Measured(own, _others(session, own))


def of(session: Session, row: IssueClass) -> Effect | None:
    """Return the effect of a class's measure as part of another's use case; `None` while it is not in force."""
    if row.in_force_on is None:
        return None
    since, until = _bounds(session, row, row.in_force_on)
    kept = (
        select(IssueClassMember.issue_id)
        .where(IssueClassMember.class_id == row.id, col(IssueClassMember.standing).in_(COUNTED_STANDINGS))
        .scalar_subquery()
    )
    day, known = row.in_force_on, enterprises(session)
    before, after = _counts(session, since, day, until, col(Issue.id).in_(kept))
    return judged(Period(since, day, before, known), Period(day, until, after, known))


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


def midnight(day: date) -> datetime:
    """Return when a day begins here."""
    return datetime.combine(day, time(), clock.zone())


def _bounds(session: Session, row: IssueClass, day: date) -> tuple[date, date]:
    """Return the first day that is counted and the day after the last, at least the day of the measure each."""
    zone = clock.zone()
    first = session.exec(select(func.min(Issue.created_at))).one() or clock.now()
    since = max(day - YEAR, row.looked_from.astimezone(zone).date(), first.astimezone(zone).date())
    until = min(day + YEAR, clock.today() + timedelta(days=1))
    return min(since, day), max(until, day)


def _counts(session: Session, since: date, day: date, until: date, *conditions: object) -> tuple[int, int]:
    at = col(Issue.created_at)
    counted = [
        func.count().filter(at < midnight(day)), func.count().filter(at >= midnight(day))
    ]  # fmt: skip
    statement = select(*counted).select_from(Issue).where(at >= midnight(since), at < midnight(until))
    before, after = session.execute(statement.where(*conditions)).one()  # type: ignore[arg-type]  # conditions
    return before, after


def _others(session: Session, own: Effect) -> Effect:
    """Compare all issues but those of the kind in the same periods."""
    first, second = own.before, own.after
    before, after = _counts(session, first.since, second.since, second.until)
    return judged(
        replace(first, issues=before - first.issues), replace(second, issues=after - second.issues)
    )  # fmt: skip
