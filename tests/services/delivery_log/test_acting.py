"""Retrying, dropping and cancelling: some, all that match, and other work."""

import pytest

from core.errors import NotAllowedError
from models.account import Role
from models.audit import AuditEntry
from models.channel import ChannelKind
from models.outbox import OutboxMessage
from models.reminder import Delivery, DeliveryState, Reminder, ReminderState
from services import outbox
from services.delivery_log import acting, deliveries, parked
from services.delivery_log.acting import Deed
from services.delivery_log.deliveries import SendingQuery
from services.delivery_log.query import Query
from tests import factories, log_world

pytestmark = pytest.mark.usefixtures("database", "queue", "frozen_clock")


def _notes(entity: str) -> list[tuple[str, str, object]]:
    return [
        (each.action, each.entity_id, each.after.get("count"))
        for each in factories.rows(AuditEntry)
        if each.entity == entity
    ]


def _states() -> list[ReminderState]:
    return [row.state for row in factories.rows(Reminder)]


@pytest.mark.parametrize(
    ("deed", "done", "became"),
    [
        (Deed.RETRY, 1, {ReminderState.FAILED: ReminderState.PLANNED}),
        (Deed.DROP, 1, {ReminderState.FAILED: ReminderState.CANCELLED}),
        (
            Deed.CANCEL,
            3,
            dict.fromkeys((ReminderState.PLANNED, ReminderState.HELD, ReminderState.CLAIMED), ReminderState.CANCELLED),
        ),
    ],
)
def test_each_deed_changes_what_it_fits_and_nothing_else(
    deed: Deed, done: int, became: dict[ReminderState, ReminderState]
) -> None:
    worker, admin = factories.account(Role.GRID_WORKER), factories.actor(Role.ADMINISTRATOR)
    ids = [log_world.reminder(worker, state).pk for state in ReminderState]
    assert acting.fitting(admin, deed, Query()) == done

    assert acting.do(admin, deed, ids) == done

    assert _states() == [became.get(state, state) for state in ReminderState]
    assert [(action, number) for action, _one, number in _notes("reminder")] == [(f"reminder.{deed.value}", done)]


def test_all_that_match_are_retried_and_the_log_tells_the_filters() -> None:
    worker, other = factories.account(Role.GRID_WORKER, "王芳"), factories.account(Role.GRID_WORKER, "李强")
    for to in (worker, worker, other):
        log_world.reminder(to, ReminderState.FAILED)

    assert acting.do_matching(factories.actor(Role.ADMINISTRATOR), Deed.RETRY, Query(person="王芳")) == 2

    assert _states() == [ReminderState.PLANNED, ReminderState.PLANNED, ReminderState.FAILED]
    (entry,) = [each for each in factories.rows(AuditEntry) if each.entity == "reminder"]
    assert entry.after == {"count": 2, "filters": {"person": "王芳", "period": "week"}}


def test_where_nothing_fits_nothing_is_noted() -> None:
    row = log_world.reminder(factories.account(Role.GRID_WORKER), ReminderState.READ)

    assert acting.do(factories.actor(Role.ADMINISTRATOR), Deed.CANCEL, [row.pk]) == 0

    assert _notes("reminder") == []


def test_deliveries_are_found_with_the_servers_answer_and_retried_or_dropped() -> None:
    worker, admin = factories.account(Role.GRID_WORKER, "王芳"), factories.actor(Role.ADMINISTRATOR)
    refused = log_world.delivery(worker, DeliveryState.FAILED, note="550 no such mailbox", attempts=1)
    log_world.delivery(worker, DeliveryState.SENT)
    waiting = log_world.delivery(worker, DeliveryState.PLANNED, ChannelKind.WECOM)

    (line,) = deliveries.find(admin, SendingQuery(state=DeliveryState.FAILED)).lines
    assert (line.id, line.recipient, line.answer) == (refused.pk, "王芳", "550 no such mailbox")
    assert [each.id for each in deliveries.find(admin, SendingQuery(to="no such")).lines] == [refused.pk]
    assert deliveries.count(admin, SendingQuery(to="王芳")) == 3
    assert deliveries.one(admin, refused.pk) == line

    assert acting.do_sending(admin, Deed.RETRY, [refused.pk]) == 1
    query = SendingQuery(channel=ChannelKind.WECOM)
    assert acting.sending_fitting(admin, Deed.DROP, query) == 1
    assert acting.do_sending_matching(admin, Deed.DROP, query) == 1

    by_id = {row.pk: row.state for row in factories.rows(Delivery)}
    assert by_id[refused.pk] is DeliveryState.PLANNED
    assert by_id[waiting.pk] is DeliveryState.CANCELLED
    assert _notes("delivery") == [("delivery.retried", str(refused.pk), 1), ("delivery.dropped", str(waiting.pk), 1)]


def test_deliveries_are_paged_by_their_ids() -> None:
    worker, admin = factories.account(Role.GRID_WORKER), factories.actor(Role.ADMINISTRATOR)
    ids = [log_world.delivery(worker, DeliveryState.SENT).pk for _number in range(3)]

    first = deliveries.find(admin, SendingQuery(), size=2)
    second = deliveries.find(admin, SendingQuery(), after=first.after, size=2)

    assert [line.id for line in (*first.lines, *second.lines)] == sorted(ids, reverse=True)
    assert second.after is None


def test_other_work_that_was_given_up_is_owed_again_or_dropped() -> None:
    admin = factories.actor(Role.ADMINISTRATOR)
    again, gone = log_world.parked(), log_world.parked("unknown.topic")
    assert {each.topic: each.error for each in parked.find(admin).work} == {
        "导入检查": "ValueError: no sheet",
        "unknown.topic": "ValueError: no sheet",
    }

    assert parked.do(admin, Deed.RETRY, [again.pk]) == 1
    assert parked.do(admin, Deed.DROP, [gone.pk, again.pk]) == 1

    assert parked.find(admin).total == 0
    assert {again.pk, gone.pk} & {each.id for each in outbox.claim(10)} == {again.pk}
    attempts = {row.pk: row.attempts for row in factories.rows(OutboxMessage)}
    assert (attempts[again.pk], attempts[gone.pk]) == (0, 10)
    assert _notes("outbox_message") == [
        ("outbox_message.retried", str(again.pk), 1),
        ("outbox_message.dropped", str(gone.pk), 1),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may_do_any_of_it(role: Role) -> None:
    outsider = factories.actor(role)
    worker = factories.account(Role.GRID_WORKER)
    row = log_world.reminder(worker, ReminderState.FAILED)
    sending = log_world.delivery(worker, DeliveryState.FAILED)
    work = log_world.parked()

    for ask in (
        lambda: acting.do(outsider, Deed.RETRY, [row.pk]),
        lambda: acting.do_matching(outsider, Deed.DROP, Query()),
        lambda: acting.fitting(outsider, Deed.DROP, Query()),
        lambda: acting.do_sending(outsider, Deed.RETRY, [sending.pk]),
        lambda: acting.do_sending_matching(outsider, Deed.RETRY, SendingQuery()),
        lambda: acting.sending_fitting(outsider, Deed.RETRY, SendingQuery()),
        lambda: deliveries.find(outsider, SendingQuery()),
        lambda: deliveries.one(outsider, sending.pk),
        lambda: parked.find(outsider),
        lambda: parked.do(outsider, Deed.RETRY, [work.pk]),
    ):
        with pytest.raises(NotAllowedError):
            ask()
    assert _states() == [ReminderState.FAILED]
