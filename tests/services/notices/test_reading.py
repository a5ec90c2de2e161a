"""How batches and their recipients are told to those who may see them."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from core import clock
from core.db import transaction
from core.errors import NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.audit import AuditEntry
from models.reminder import BatchState, Reminder, ReminderState
from services.actor import SYSTEM
from services.enterprises import contacts, merging
from services.enterprises.history import MomentKind
from services.enterprises.profile import profile
from services.notices import handing_out, reading, received, sending, writing
from services.notices.audience import Obstacle
from tests import factories
from tests.services.notices.conftest import Zone
from tests.statements import statements


@pytest.fixture
def batch_id(zone: Zone) -> int:
    """A batch of three recipients, of whom one has it, one has read it and one still waits."""
    made = zone.draft()
    sending.start(zone.coordinator, made)
    writing.write({"batch_id": made})
    with transaction(actor=SYSTEM) as session:
        rows = session.exec(select(Reminder).order_by(col(Reminder.id))).all()
        for row, state in zip(rows[:2], (ReminderState.DELIVERED, ReminderState.READ), strict=True):
            row.state, row.sent_at, row.delivered_at = state, clock.now(), clock.now()
            row.read_at = clock.now() if state is ReminderState.READ else None
    return made


def test_a_manager_sees_what_went_out_but_no_drafts(zone: Zone, batch_id: int) -> None:
    draft = zone.draft()

    assert [each.batch.pk for each in reading.find(zone.manager).rows] == [batch_id]
    assert {each.batch.pk for each in reading.find(zone.coordinator).rows} == {batch_id, draft}
    assert reading.get(zone.manager, batch_id).writer == zone.coordinator.name
    with pytest.raises(NotFoundError):
        reading.get(zone.manager, draft)


def test_batches_are_found_by_words_and_states_page_by_page(zone: Zone, batch_id: int) -> None:
    drafts = [zone.draft(title=f"第{number}号", matter="年报") for number in range(3)]

    def found(**asked: object) -> list[int]:
        return [each.batch.pk for each in reading.find(zone.coordinator, **asked).rows]  # type: ignore[arg-type]

    assert found(search="第1号") == [drafts[1]]
    assert found(search="年报") == drafts[::-1]
    assert found(search="TZ-2023-0001") == [batch_id]
    assert found(states=[BatchState.SENDING]) == [batch_id]
    assert found(page=2, page_size=3) == [batch_id]
    assert reading.find(zone.coordinator, page_size=2).total == 4


def test_a_list_of_batches_takes_as_many_queries_however_long_it_is(zone: Zone, batch_id: int) -> None:
    def cost() -> int:
        with statements() as sent:
            reading.find(zone.coordinator)
        return len(sent)

    assert batch_id
    before = cost()
    for _number in range(5):
        zone.draft()

    assert cost() == before


def test_each_recipient_is_told_with_state_and_times(zone: Zone, batch_id: int) -> None:
    rows, total = reading.recipients(zone.manager, batch_id)

    assert total == 3
    assert [row.enterprise for row in rows] == [each.name for each in zone.reachable]
    assert [row.state for row in rows] == [ReminderState.DELIVERED, ReminderState.READ, ReminderState.PLANNED]
    assert (rows[1].told_at, rows[1].read_at) == (clock.now(), clock.now())


def test_recipients_are_found_by_state_and_name(zone: Zone, batch_id: int) -> None:
    waiting, count = reading.recipients(zone.manager, batch_id, states=[ReminderState.PLANNED])
    named, _total = reading.recipients(zone.manager, batch_id, search=zone.reachable[0].name)

    assert ([row.enterprise for row in waiting], count) == ([zone.reachable[2].name], 1)
    assert [row.enterprise for row in named] == [zone.reachable[0].name]
    assert reading.recipients(zone.manager, batch_id, page=2, page_size=2)[0][0].enterprise == zone.reachable[2].name


@pytest.mark.parametrize("merged", [False, True])
def test_what_an_enterprise_was_told_stays_its_own_when_the_contact_is_deleted(
    zone: Zone, batch_id: int, merged: bool
) -> None:
    """Given a notice an enterprise has read, when its contact goes, then it stands in its history and figures still."""
    told = zone.reachable[1]
    row = next(each for each in factories.rows(Reminder) if each.enterprise_id == told.pk)
    contacts.remove(zone.coordinator, row.contact_id or 0)
    kept = zone.enterprise(name="接收公司") if merged else told
    if merged:
        merging.merge(zone.coordinator, kept.pk, told.pk)

    rows, _total = reading.recipients(zone.manager, batch_id, states=[ReminderState.READ])
    shown = received.received(zone.manager, received.Wanted(enterprise_id=kept.pk))
    profiled = profile(zone.coordinator, kept.pk)

    assert [(each.enterprise, each.enterprise_id, each.person) for each in rows] == [(kept.name, kept.pk, "")]
    assert [(each.enterprise, each.person) for each in shown] == [(kept.name, "")]
    assert [each.title for each in profiled.moments if each.kind is MomentKind.NOTICE] == [row.title]
    assert profiled.balance.notices == 1


def test_who_could_not_be_reached_stays_in_sight(zone: Zone, batch_id: int) -> None:
    left = reading.unreached(zone.manager, batch_id)

    assert [each.obstacle for each in left] == [Obstacle.NO_CONTACT, Obstacle.NO_EMAIL]


def test_all_batches_taken_together(zone: Zone, batch_id: int) -> None:
    zone.draft(matter="另一件事")

    sums = reading.sums(zone.manager)

    assert batch_id
    assert (sums.batches, sums.matters, sums.counts.total, sums.counts.reached, sums.counts.read) == (1, 1, 3, 2, 1)


def test_the_file_holds_every_recipient_and_those_not_reached(zone: Zone, batch_id: int) -> None:
    with in_locale("en"):
        content = handing_out.workbook(zone.manager, batch_id)

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    titles, *rows = book.get_sheet_by_index(0).to_python()
    assert book.sheet_names == ["TZ-2023-0001"]
    assert titles == ["Enterprise", "Recipient", "State", "Sent at", "Read at", "Note"]
    assert [row[2] for row in rows] == [
        "Delivered",
        "Read",
        "Waiting to be sent",
        "Cannot be reached",
        "Cannot be reached",
    ]
    exported = factories.rows(AuditEntry, lambda row: row.action == "notice_batch.exported")
    assert [entry.after for entry in exported] == [{"rows": 5}]


def test_the_profile_of_an_enterprise_tells_which_notices_it_got(zone: Zone, batch_id: int) -> None:
    seen = profile(zone.lead, zone.reachable[1].pk)

    (notice,) = [moment for moment in seen.moments if moment.kind is MomentKind.NOTICE]
    assert batch_id
    assert notice.title == f"{zone.reachable[1].name}:许可证即将到期"
    assert seen.balance.notices == 1
    assert profile(zone.lead, zone.reachable[2].pk).balance.notices == 0


@pytest.mark.parametrize("who", ["lead", "officer"])
def test_nobody_else_sees_batches(zone: Zone, batch_id: int, who: str) -> None:
    outsider = getattr(zone, who)

    for deed in (
        lambda: reading.find(outsider),
        lambda: reading.sums(outsider),
        lambda: reading.get(outsider, batch_id),
        lambda: reading.recipients(outsider, batch_id),
        lambda: reading.unreached(outsider, batch_id),
        lambda: handing_out.workbook(outsider, batch_id),
    ):
        with pytest.raises(NotAllowedError):
            deed()
