"""Sending in the background, and pausing, resuming and cancelling it in every state."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock
from core.db import transaction
from core.errors import ConflictError, NotAllowedError, NotFoundError
from models.account import Role
from models.addressees import EnterpriseChoice, StaffChoice
from models.audit import AuditEntry
from models.channel import ChannelKind
from models.enterprise import Contact
from models.reminder import (
    BatchState,
    Delivery,
    DeliveryState,
    Message,
    NoticeBatch,
    Occasion,
    Relation,
    Reminder,
    ReminderState,
    Subject,
)
from services.actor import SYSTEM, Actor
from services.delivery import choosing, claiming, deciding, telling
from services.enterprises import contacts
from services.enterprises.merging import merge
from services.inbox import by_link, links
from services.notices import drafting, reading, received, sending, writing
from services.notices.received import Shown
from tests import factories
from tests.services.notices.conftest import WORDS, Zone, owed

Deed = Callable[[Actor, int], None]


def _rows(batch_id: int) -> list[Reminder]:
    return factories.rows(Reminder, lambda row: (row.subject, row.subject_id) == (Subject.NOTICE, batch_id))


def _states(batch_id: int) -> list[ReminderState]:
    return [row.state for row in _rows(batch_id)]


def _batch(batch_id: int) -> NoticeBatch:
    return factories.rows(NoticeBatch, lambda row: row.pk == batch_id)[0]


def _work(topic: str = sending.SEND) -> None:
    """Do the latest owed work of a topic, as a worker does."""
    {sending.SEND: writing.write, sending.FINISH: writing.finish}[topic](owed(topic)[-1].payload)


def _tell(*rows: Reminder, state: ReminderState = ReminderState.DELIVERED) -> None:
    """Record what became of some recipients, as the workers do."""
    now = clock.now()
    with transaction(actor=SYSTEM) as session:
        told = update(Reminder).where(Reminder.id.in_([row.pk for row in rows]))  # type: ignore[union-attr]
        session.execute(told.values(state=state, sent_at=now, delivered_at=now))


def _sent(zone: Zone) -> int:
    batch_id = zone.draft()
    sending.start(zone.coordinator, batch_id)
    _work()
    return batch_id


def test_starting_counts_and_owes_the_work_and_nothing_is_written_in_the_page(zone: Zone) -> None:
    batch_id = zone.draft()

    sending.start(zone.coordinator, batch_id)

    batch = _batch(batch_id)
    assert (batch.state, batch.planned, batch.unreachable) == (BatchState.SENDING, 3, 2)
    assert batch.started_at == clock.now()
    assert [each.payload for each in owed(sending.SEND)] == [{"batch_id": batch_id}]
    assert _rows(batch_id) == []


@pytest.mark.parametrize("change", ["words", "audience"])
def test_what_was_changed_after_it_was_read_is_not_sent(zone: Zone, change: str) -> None:
    batch_id = zone.draft()
    read = reading.get(zone.coordinator, batch_id).batch
    if change == "words":
        drafting.write(zone.coordinator, batch_id, WORDS | {"title": "更正"})
    else:
        drafting.choose(zone.coordinator, EnterpriseChoice.of("", {"status": ["active"]}), batch_id)

    with pytest.raises(ConflictError, match="重新核对"):
        sending.start(zone.coordinator, batch_id, seen=read)

    assert _batch(batch_id).state is BatchState.DRAFT
    assert owed(sending.SEND) == []
    sending.start(zone.coordinator, batch_id, seen=reading.get(zone.coordinator, batch_id).batch)


def test_the_work_writes_a_row_for_each_who_can_be_reached_with_the_words_they_read(zone: Zone) -> None:
    batch_id = _sent(zone)

    rows = _rows(batch_id)
    assert len(rows) == 3
    first = rows[0]
    assert (first.occasion, first.relation, first.rule_id) == (Occasion.NOTICE, Relation.ADDRESSEE, None)
    assert (first.recipient_id, first.recipient_key) == (None, f"c{first.contact_id}")
    assert first.title == f"{zone.reachable[0].name}:许可证即将到期"
    assert "联系人" in first.body
    assert first.urgent
    assert first.due_at == clock.now()


def test_what_is_not_urgent_waits_for_the_next_hour_reminders_go_out(zone: Zone) -> None:
    batch_id = zone.draft(urgent=False)

    sending.start(zone.coordinator, batch_id)
    _work()

    assert {row.due_at for row in _rows(batch_id)} == {clock.now().replace(hour=14, minute=0)}


def test_staff_get_it_in_their_inbox(zone: Zone) -> None:
    worker = factories.account(Role.GRID_WORKER)
    batch_id = drafting.choose(zone.coordinator, StaffChoice(roles=(Role.GRID_WORKER,)))
    drafting.write(zone.coordinator, batch_id, WORDS | {"title": "培训通知", "body": "{{ person }},您好"})

    sending.start(zone.coordinator, batch_id)
    _work()

    (row,) = _rows(batch_id)
    assert (row.recipient_id, row.contact_id, row.recipient_key) == (worker.pk, None, f"a{worker.pk}")
    assert row.body == f"{worker.name},您好"


def test_a_repeated_chunk_adds_nothing(zone: Zone) -> None:
    batch_id = _sent(zone)

    _work()
    writing.write({"batch_id": batch_id})

    assert len(_rows(batch_id)) == 3


def test_a_large_audience_is_written_chunk_by_chunk(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2)
    batch_id = zone.draft()

    sending.start(zone.coordinator, batch_id)
    counts = []
    while len(owed(sending.SEND)) > len(counts):
        _work()
        counts.append(len(_rows(batch_id)))

    assert counts == [2, 3, 3]
    assert len(owed(sending.FINISH)) == 1


def test_one_to_whom_it_cannot_be_said_fails_alone(zone: Zone) -> None:
    zone.enterprise("a@short.example.com", name="短")
    batch_id = zone.draft(title="{% if enterprise == '短' %}{{ enterprise[5] }}{% endif %}通知")

    sending.start(zone.coordinator, batch_id)
    _work()

    assert sorted(_states(batch_id)) == [ReminderState.FAILED, *[ReminderState.PLANNED] * 3]
    assert all(row.note for row in _rows(batch_id) if row.state is ReminderState.FAILED)


def test_a_batch_is_sent_once_nobody_waits_for_it_any_more(zone: Zone) -> None:
    batch_id = _sent(zone)
    rows = _rows(batch_id)

    _tell(*rows[:2])
    _work(sending.FINISH)
    assert _batch(batch_id).state is BatchState.SENDING
    assert owed(sending.FINISH)[-1].due_at > clock.now()
    _tell(rows[2], state=ReminderState.FAILED)
    clock.advance(timedelta(minutes=1))
    _work(sending.FINISH)

    batch = _batch(batch_id)
    assert (batch.state, batch.ended_at) == (BatchState.SENT, clock.now())


def test_the_last_chunk_corrects_how_many_get_it_if_the_audience_has_changed(zone: Zone) -> None:
    batch_id = zone.draft()
    sending.start(zone.coordinator, batch_id)
    zone.enterprise("late@qiye.example.com")

    _work()

    assert _batch(batch_id).planned == 4


def test_pausing_holds_back_who_waits_and_stops_the_writing(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2)
    batch_id = _sent(zone)
    _tell(_rows(batch_id)[0])

    sending.pause(zone.coordinator, batch_id)
    _work()

    assert _batch(batch_id).state is BatchState.PAUSED
    assert _states(batch_id) == [ReminderState.DELIVERED, ReminderState.HELD]


def test_resuming_goes_on_where_it_stopped(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2)
    batch_id = _sent(zone)
    sending.pause(zone.coordinator, batch_id)
    clock.advance(timedelta(hours=1))

    sending.resume(zone.coordinator, batch_id)

    assert _states(batch_id) == [ReminderState.PLANNED] * 2
    assert {row.due_at for row in _rows(batch_id)} == {clock.now()}
    assert _batch(batch_id).written_up_to == zone.reachable[1].pk
    _work()
    assert len(_rows(batch_id)) == 3


def test_resuming_leaves_out_nobody_when_an_enterprise_was_merged_into_a_later_one(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 1)
    first, second, third = zone.reachable
    batch_id = _sent(zone)
    sending.pause(zone.coordinator, batch_id)
    merge(zone.coordinator, third.pk, first.pk)

    sending.resume(zone.coordinator, batch_id)

    assert _batch(batch_id).written_up_to == first.pk
    _work()
    told = {row.contact_id for row in _rows(batch_id)}
    assert {row.pk for row in factories.rows(Contact, lambda row: row.enterprise_id == second.pk)} <= told


def test_a_notice_paused_and_resumed_before_it_was_begun_tells_each_enterprise_once(zone: Zone) -> None:
    """Given work that is owed twice, when a main contact changes in between, then the enterprise is told once."""
    enterprise = zone.reachable[0]
    batch_id = zone.draft()
    sending.start(zone.coordinator, batch_id)
    sending.pause(zone.coordinator, batch_id)
    sending.resume(zone.coordinator, batch_id)
    first, second = owed(sending.SEND)

    writing.write(first.payload)
    contacts.save(zone.coordinator, enterprise.pk, {"name": "新", "email": "new@example.cn", "is_primary": True})
    writing.write(second.payload)

    of_it = {row.pk for row in factories.rows(Contact, lambda row: row.enterprise_id == enterprise.pk)}
    assert len([row for row in _rows(batch_id) if row.contact_id in of_it]) == 1


def test_going_through_an_audience_is_no_deed_to_be_logged(zone: Zone) -> None:
    batch_id = _sent(zone)

    assert _batch(batch_id).written_up_to > zone.reachable[-1].pk, "who cannot be reached was looked at too"
    logged = factories.rows(AuditEntry, lambda row: "written_up_to" in row.before)
    assert logged == []


def test_resuming_a_notice_to_staff_goes_on_where_it_stopped(zone: Zone) -> None:
    worker = factories.account(Role.GRID_WORKER)
    batch_id = drafting.choose(zone.coordinator, StaffChoice(roles=(Role.GRID_WORKER,)))
    drafting.write(zone.coordinator, batch_id, WORDS | {"title": "培训通知", "body": "请参加"})
    sending.start(zone.coordinator, batch_id)
    _work()
    sending.pause(zone.coordinator, batch_id)

    sending.resume(zone.coordinator, batch_id)

    assert _batch(batch_id).written_up_to == worker.pk


def test_cancelling_takes_back_who_waits_and_leaves_who_has_it(zone: Zone) -> None:
    batch_id = _sent(zone)
    rows = _rows(batch_id)
    _tell(rows[0])
    _tell(rows[1], state=ReminderState.CLAIMED)

    sending.cancel(zone.coordinator, batch_id)
    _work()

    assert _states(batch_id) == [ReminderState.DELIVERED, ReminderState.CANCELLED, ReminderState.CANCELLED]
    last = _rows(batch_id)[2]
    assert (last.note, last.cancelled_at) == (sending.CANCELLED, clock.now())
    assert (_batch(batch_id).state, _batch(batch_id).ended_at) == (BatchState.CANCELLED, clock.now())


def test_what_failed_of_a_cancelled_batch_does_not_go_out_by_a_retry(zone: Zone) -> None:
    """Given who could not be told and whose mail was refused, when all that failed is retried, then neither gets it."""
    batch_id = _sent(zone)
    rows = _rows(batch_id)
    message = factories.stored(Message(contact_id=rows[1].contact_id, title="…", body="…"))
    refused = factories.stored(
        Delivery(message_id=message.pk, kind=ChannelKind.MAIL, address="a@b.example", state=DeliveryState.FAILED)
    )
    _tell(rows[0], rows[1], state=ReminderState.FAILED)
    _tell(rows[2])
    with transaction(actor=SYSTEM) as session:
        session.execute(update(Reminder).where(Reminder.id == rows[1].pk).values(message_id=message.pk))  # type: ignore[arg-type]

    sending.cancel(zone.coordinator, batch_id)
    with transaction(actor=SYSTEM) as session:
        told = deciding.retry(session, [row.pk for row in rows])
        sent = deciding.retry_deliveries(session, [refused.pk])

    assert (told, sent) == (0, 0)
    assert _states(batch_id) == [ReminderState.CANCELLED, ReminderState.CANCELLED, ReminderState.DELIVERED]
    assert _rows(batch_id)[0].note == sending.CANCELLED


@pytest.mark.parametrize("deed", [sending.pause, sending.cancel])
def test_what_a_worker_has_claimed_and_not_told_does_not_go_out(zone: Zone, deed: Deed) -> None:
    """Given recipients whom a worker is about to tell, when the batch is stopped, then neither it nor another does."""
    batch_id = _sent(zone)
    claimed = choosing.claim_reminders()
    assert set(_states(batch_id)) == {ReminderState.CLAIMED}

    deed(zone.coordinator, batch_id)
    for batch in claimed:
        telling.tell(batch)
    claiming.rescue(claiming.REMINDERS)

    assert choosing.claim_reminders() == []
    assert factories.rows(Message) == []


def test_a_paused_batch_and_a_draft_can_be_cancelled_too(zone: Zone) -> None:
    paused, draft = _sent(zone), zone.draft()
    sending.pause(zone.coordinator, paused)

    sending.cancel(zone.coordinator, paused)
    sending.cancel(zone.coordinator, draft)

    assert set(_states(paused)) == {ReminderState.CANCELLED}
    assert _batch(draft).state is BatchState.CANCELLED


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (BatchState.DRAFT, {sending.start, sending.cancel}),
        (BatchState.SENDING, {sending.pause, sending.cancel}),
        (BatchState.PAUSED, {sending.resume, sending.cancel}),
        (BatchState.SENT, set()),
        (BatchState.CANCELLED, set()),
    ],
)
def test_each_state_allows_its_own_steps_and_refuses_all_others(
    zone: Zone, state: BatchState, possible: set[Deed]
) -> None:
    for deed in (sending.start, sending.pause, sending.resume, sending.cancel):
        batch_id = zone.draft()
        with transaction(actor=SYSTEM) as session:
            session.get_one(NoticeBatch, batch_id).state = state
        if deed in possible:
            deed(zone.coordinator, batch_id)
            continue
        with pytest.raises(ConflictError):
            deed(zone.coordinator, batch_id)
        assert _batch(batch_id).state is state


def test_nothing_goes_out_without_words_or_to_nobody(zone: Zone) -> None:
    wordless = drafting.choose(zone.coordinator, EnterpriseChoice())
    nobody = zone.draft(EnterpriseChoice.of("没有这样的企业", {}))

    for batch_id in (wordless, nobody):
        with pytest.raises(ConflictError):
            sending.start(zone.coordinator, batch_id)
    assert owed(sending.SEND) == []


@pytest.mark.parametrize("who", ["manager", "lead", "officer"])
@pytest.mark.parametrize("deed", [sending.start, sending.pause, sending.resume, sending.cancel])
def test_nobody_else_sends_or_stops(zone: Zone, who: str, deed: Deed) -> None:
    batch_id = zone.draft()

    with pytest.raises(NotAllowedError):
        deed(getattr(zone, who), batch_id)
    assert _batch(batch_id).state is BatchState.DRAFT


def test_a_batch_that_is_not_there_is_not_found(zone: Zone) -> None:
    with pytest.raises(NotFoundError):
        sending.start(zone.coordinator, 999_999)
    writing.write({"batch_id": 999_999})
    writing.finish({"batch_id": 999_999})


def test_counts_tell_reached_and_read(zone: Zone) -> None:
    batch_id = _sent(zone)
    rows = _rows(batch_id)
    _tell(rows[0])
    _tell(rows[1], state=ReminderState.READ)

    standing = reading.get(zone.coordinator, batch_id)

    assert (standing.total, standing.told) == (3, 2)
    assert (standing.counts.reached, standing.counts.read, standing.counts.open) == (2, 1, 1)


def test_a_notice_that_is_read_before_its_sending_is_recorded_has_a_day_all_the_same(zone: Zone) -> None:
    """Given a contact quicker than the record of what was sent, then the list of notices received by day has it."""
    _sent(zone)
    for batch in choosing.claim_reminders():
        telling.tell(batch)
    message = factories.rows(Message)[0]

    by_link.note_read(links.message_path(message.pk).rpartition("/")[2])

    today = received.Wanted(received=(clock.today(), clock.today()))
    assert received.counts(zone.coordinator, today)[Shown.READ] == 1
    [row] = received.received(zone.coordinator, today)
    assert row.delivered_at == clock.now()
