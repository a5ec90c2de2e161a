"""The figures of the delivery page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock
from core.errors import NotAllowedError
from models.account import Role
from models.channel import ChannelKind
from models.reminder import DeliveryState, ReminderState
from services.delivery_log import numbers
from services.delivery_log.numbers import ChannelCount, Outcome
from services.delivery_log.query import Period, Stand
from tests import factories, log_world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    """No test sees the figures of another."""
    numbers.forget()
    yield
    numbers.forget()


def test_every_state_is_counted_once_and_planned_is_split() -> None:
    worker = factories.account(Role.GRID_WORKER)
    for state in ReminderState:
        log_world.reminder(worker, state)
    log_world.reminder(worker, due_at=clock.now() + timedelta(hours=1))

    found = numbers.numbers(factories.actor(Role.ADMINISTRATOR), Period.TODAY)

    assert found.stands == dict.fromkeys(Stand, 1)
    assert sum(each.counts.total() for each in found.buckets) == len(Stand)
    assert found.channels[0] == ChannelCount(None, sent=4)


@pytest.mark.parametrize(("period", "buckets"), [(Period.TODAY, 24), (Period.WEEK, 7), (Period.MONTH, 30)])
def test_a_period_has_a_bucket_for_each_hour_or_day(period: Period, buckets: int) -> None:
    row = log_world.reminder(factories.account(Role.GRID_WORKER), ReminderState.READ)

    found = numbers.numbers(factories.actor(Role.ADMINISTRATOR), period)

    assert len(found.buckets) == buckets
    full = [each for each in found.buckets if each.counts]
    assert [each.counts for each in full] == [{Outcome.READ: 1}]
    length = timedelta(hours=1) if period is Period.TODAY else timedelta(days=1)
    assert full[0].start <= row.due_at < full[0].start + length


def test_rules_are_ordered_by_how_much_they_send_and_channels_tell_where_deliveries_stand() -> None:
    worker = factories.account(Role.GRID_WORKER)
    often, seldom = log_world.rule("Often"), log_world.rule("Seldom")
    for rule in (often, often, seldom):
        log_world.reminder(worker, ReminderState.DELIVERED, rule_id=rule.pk)
    log_world.delivery(worker, DeliveryState.SENT)
    log_world.delivery(worker, DeliveryState.SENT, kept_only=True)
    log_world.delivery(worker, DeliveryState.FAILED, ChannelKind.WECOM)
    log_world.delivery(worker, DeliveryState.PLANNED, ChannelKind.WECOM)

    found = numbers.numbers(factories.actor(Role.ADMINISTRATOR), Period.TODAY)

    assert [(each.name, each.counts.total()) for each in found.rules] == [("Often", 2), ("Seldom", 1)]
    assert found.channels[1:] == [
        ChannelCount(ChannelKind.MAIL, sent=1, kept=1),
        ChannelCount(ChannelKind.WECOM, waiting=1, failed=1),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_figures_kept_for_an_administrator_are_refused_to_everybody_else(role: Role) -> None:
    numbers.numbers(factories.actor(Role.ADMINISTRATOR), Period.TODAY)

    with pytest.raises(NotAllowedError):
        numbers.numbers(factories.actor(role), Period.TODAY)


def test_a_period_without_an_end_is_not_counted() -> None:
    with pytest.raises(ValueError, match="no end"):
        numbers.numbers(factories.actor(Role.ADMINISTRATOR), Period.ANY)
