"""The figures of the delivery page: where the reminders of a period stand, over time, by rule and by channel.

All come from one walk along the index of due moments, within a period that has both ends; one process asks the
database again only after a few seconds, whoever looks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, literal
from sqlmodel import Session, col, func, select

from core import clock
from core.brief import Brief
from core.i18n import N_
from models.base import LabelledEnum
from models.channel import ChannelKind
from models.reminder import Delivery, DeliveryState, Occasion, Reminder, ReminderRule, ReminderState
from services.actor import Actor
from services.delivery_log.query import Period, Stand, bounds
from services.permissions import Action
from services.use_case import use_case

_KEPT = timedelta(seconds=10)


class Outcome(LabelledEnum):
    """What came of a reminder, as the chart groups it."""

    ACTED_ON = "acted_on", N_("Acted on")
    READ = "read", N_("Read")
    DELIVERED = "delivered", N_("Delivered, not read")
    WAITING = "waiting", N_("Not yet sent")
    FAILED = "failed", N_("Sending failed")
    CANCELLED = "cancelled", N_("Cancelled")


OUTCOMES = {
    Stand.PLANNED: Outcome.WAITING,
    Stand.DUE: Outcome.WAITING,
    Stand.HELD: Outcome.WAITING,
    Stand.CLAIMED: Outcome.WAITING,
    Stand.SENT: Outcome.DELIVERED,
    Stand.DELIVERED: Outcome.DELIVERED,
    Stand.READ: Outcome.READ,
    Stand.ACTED_ON: Outcome.ACTED_ON,
    Stand.FAILED: Outcome.FAILED,
    Stand.CANCELLED: Outcome.CANCELLED,
}


@dataclass(frozen=True)
class Bucket:
    """An hour or a day, and what came of the reminders due in it."""

    start: datetime
    counts: Counter[Outcome]


@dataclass(frozen=True)
class RuleCount:
    """A rule, or an occasion that needs none (its name is empty), and what came of its reminders."""

    rule_id: int | None
    name: str
    occasion: Occasion
    counts: Counter[Outcome]


@dataclass(frozen=True)
class ChannelCount:
    """A channel and where its deliveries stand; `kind` is `None` for the inbox."""

    kind: ChannelKind | None
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    kept: int = 0
    """Only put into the viewer of sent mail, because no mail server is set."""


@dataclass(frozen=True)
class Numbers:
    """The figures of one period."""

    stands: Counter[Stand]
    buckets: list[Bucket]
    rules: list[RuleCount]
    channels: list[ChannelCount]


@dataclass
class _Tally:
    stands: Counter[Stand] = field(default_factory=Counter)
    buckets: dict[datetime, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    rules: dict[tuple[int | None, Occasion], Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    inbox: int = 0


_kept: Brief[Period, Numbers] = Brief(_KEPT)


def numbers(actor: Actor, period: Period) -> Numbers:
    """Return the figures of a period.

    Args:
        actor: who asks.
        period: one of `query.COUNTED`.

    Raises:
        NotAllowedError: the role may not see the delivery log.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        return _kept.get(period, lambda: _count(session, period))


def forget() -> None:
    """Count anew next time: for whoever has just changed something, and between tests."""
    _kept.clear()


def _count(session: Session, period: Period) -> Numbers:
    first, end = bounds(period)
    if first is None or end is None:
        raise ValueError(f"{period} has no end")
    tally = _tally(session, period, first, end)
    step = timedelta(hours=1) if period is Period.TODAY else timedelta(days=1)
    starts = [first + step * number for number in range(int((end - first) / step))]
    return Numbers(
        stands=tally.stands,
        buckets=[Bucket(start, tally.buckets.get(start, Counter())) for start in starts],
        rules=_by_rule(session, tally),
        channels=[ChannelCount(None, sent=tally.inbox), *_by_channel(session, first, end)],
    )


def _tally(session: Session, period: Period, first: datetime, end: datetime) -> _Tally:
    unit = "hour" if period is Period.TODAY else "day"
    start = func.date_trunc(unit, Reminder.due_at, str(clock.zone()))
    past = case((col(Reminder.due_at) <= clock.now(), literal(True)), else_=literal(False))
    keys = (start, past, Reminder.state, Reminder.rule_id, Reminder.occasion, col(Reminder.recipient_id).is_not(None))
    asked = select(*keys, func.count()).where(  # type: ignore[call-overload]  # SQLModel types four columns at most
        col(Reminder.due_at) >= first, col(Reminder.due_at) < end
    )
    tally = _Tally()
    for moment, is_past, state, rule_id, occasion, to_account, number in session.execute(asked.group_by(*keys)):
        stand = Stand.DUE if is_past and state is ReminderState.PLANNED else Stand.of(state.value)
        outcome = OUTCOMES[stand]
        tally.stands[stand] += number
        tally.buckets[moment.astimezone(clock.zone())][outcome] += number
        tally.rules[rule_id, occasion][outcome] += number
        if to_account and outcome in (Outcome.DELIVERED, Outcome.READ, Outcome.ACTED_ON):
            tally.inbox += number
    return tally


def _by_rule(session: Session, tally: _Tally) -> list[RuleCount]:
    ids = {rule_id for rule_id, _occasion in tally.rules}
    rows = session.exec(select(ReminderRule.id, ReminderRule.name).where(col(ReminderRule.id).in_(ids))).all()
    named = dict(rows)
    found = [
        RuleCount(rule_id, named.get(rule_id, ""), occasion, counts)
        for (rule_id, occasion), counts in tally.rules.items()
    ]
    return sorted(found, key=lambda each: (-each.counts.total(), each.name))


def _by_channel(session: Session, first: datetime, end: datetime) -> Iterable[ChannelCount]:
    asked = (
        select(Delivery.kind, Delivery.state, Delivery.kept_only, func.count())
        .where(col(Delivery.due_at) >= first, col(Delivery.due_at) < end)
        .group_by(col(Delivery.kind), col(Delivery.state), col(Delivery.kept_only))
    )
    found: dict[ChannelKind, Counter[str]] = defaultdict(Counter)
    for kind, state, kept_only, number in session.execute(asked):
        found[kind][_column(state, kept_only=kept_only)] += number
    return [ChannelCount(kind, **_known(found[kind])) for kind in ChannelKind if kind in found]


def _column(state: DeliveryState, *, kept_only: bool) -> str:
    if state in (DeliveryState.PLANNED, DeliveryState.CLAIMED):
        return "waiting"
    if state is DeliveryState.SENT:
        return "kept" if kept_only else "sent"
    return state.value


def _known(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("waiting", "sent", "failed", "kept")}
