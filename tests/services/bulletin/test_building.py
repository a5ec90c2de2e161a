"""When bulletins are built, issued and withdrawn, by whom, and what ends with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import select

from core import clock, months
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.bulletin import Bulletin, BulletinIssue, BulletinState
from models.outbox import OutboxMessage
from models.reminder import Audience, BatchState, NoticeBatch, Occasion, Reminder, ReminderState, Subject
from services.actor import SYSTEM
from services.bulletin import building, configuring, issuing, reading, schedule
from services.delivery import deciding
from services.notices import sending, writing
from services.reminders import planning
from services.reminders.sources import SOURCES
from tests import factories as given
from tests.services.bulletin.conftest import NOVEMBER, World


def _owed() -> list[dict[str, str]]:
    return [row.payload for row in given.rows(OutboxMessage, lambda row: row.topic == building.TOPIC)]


def _states() -> list[tuple[date, BulletinState]]:
    return [(row.month, row.state) for row in given.rows(Bulletin)]


def test_it_is_owed_from_the_third_working_day_on_and_only_once(world: World) -> None:
    assert world
    with world.at(4, month=12):
        assert not building.plan(), "the second working day of December"
    with world.at(5, 1, month=12):
        assert building.plan()
        assert not building.plan()
    assert _owed() == [{"month": "2023-11-01"}]

    building.run(_owed()[0])
    building.run(_owed()[0])

    assert _states() == [(NOVEMBER, BulletinState.DRAFT)]
    clock.advance(timedelta(days=3))
    assert not building.plan()


def test_a_look_at_the_running_month_does_not_stop_its_bulletin(world: World) -> None:
    world.issue(3)
    with world.at(20):
        looked = world.built()
    issuing.remark(world.issues.actor("coordinator"), looked.bulletin.pk, "请抓紧办理。", "")
    world.issue(28)

    with world.at(5, month=12):
        assert building.plan()
        building.run(_owed()[0])
        clock.advance(timedelta(days=3))
        assert not building.plan(), "it is whole now"

    built = reading.get(world.issues.actor("coordinator"), looked.bulletin.pk)
    assert (looked.printed.count("registered"), built.printed.count("registered")) == (1, 2)
    assert (built.bulletin.until, built.bulletin.remark) == (months.end(NOVEMBER), "请抓紧办理。")


def test_what_is_done_the_first_time_by_two_at_once_is_done_once(world: World) -> None:
    with transaction(actor=SYSTEM) as session:
        session.delete(schedule.settings_of(session))
    actor, now = world.issues.actor("coordinator"), clock.now()
    settings = configuring.in_force(actor)
    deeds = (
        lambda: building.build(actor, NOVEMBER),
        lambda: building.run({"month": NOVEMBER.isoformat()}),
        lambda: configuring.change(actor, settings | {"organ": "甲"}),
        lambda: configuring.change(actor, settings | {"organ": "甲"}),
    )

    def one(deed: Callable[[], object]) -> None:
        with clock.fixed(now):
            deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(one, deeds))

    assert _states() == [(NOVEMBER, BulletinState.DRAFT)]
    assert configuring.in_force(actor)["organ"] == "甲"


def test_a_draft_is_built_anew_with_its_remark_kept(world: World) -> None:
    first = world.built()
    actor = world.issues.actor("coordinator")
    issuing.remark(actor, first.bulletin.pk, "请抓紧办理。", "Please act.")
    world.issue(28)

    again = world.built()

    assert (again.bulletin.pk, again.bulletin.remark) == (first.bulletin.pk, "请抓紧办理。")
    assert (first.printed.count("registered"), again.printed.count("registered")) == (0, 1)
    assert len(given.rows(BulletinIssue)) == 1


def test_an_issued_one_stays_until_it_is_withdrawn(world: World) -> None:
    actor = world.issues.actor("coordinator")
    shown = world.built()
    issuing.issue(actor, shown.bulletin.pk)

    for attempt in (
        lambda: building.build(actor, NOVEMBER),
        lambda: issuing.issue(actor, shown.bulletin.pk),
        lambda: issuing.remark(actor, shown.bulletin.pk, "…", ""),
    ):
        with pytest.raises(ConflictError):
            attempt()
    with pytest.raises(InvalidError):
        issuing.withdraw(actor, shown.bulletin.pk, " ")
    issuing.withdraw(actor, shown.bulletin.pk, "数据有误")

    assert world.built().bulletin.pk != shown.bulletin.pk
    assert _states() == [(NOVEMBER, BulletinState.WITHDRAWN), (NOVEMBER, BulletinState.DRAFT)]
    assert reading.of_month(actor, 202311).bulletin.state is BulletinState.DRAFT


def test_figures_nobody_has_read_are_not_issued(world: World) -> None:
    """Given a draft read, when somebody builds it anew, then it is read again before it is issued."""
    actor = world.issues.actor("coordinator")
    read = world.built().bulletin
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        again = world.built().bulletin

        with pytest.raises(ConflictError, match="重新核对"):
            issuing.issue(actor, read.pk, seen=read.frozen_at)

        assert _states() == [(NOVEMBER, BulletinState.DRAFT)]
        issuing.issue(actor, read.pk, seen=again.frozen_at)


def test_a_month_that_goes_on_is_looked_at_but_not_issued(world: World) -> None:
    actor = world.issues.actor("coordinator")
    shown = world.built(date(2023, 12, 6))

    assert shown.bulletin.until == clock.now()
    with pytest.raises(ConflictError, match="未到月末"):
        issuing.issue(actor, shown.bulletin.pk)
    with pytest.raises(InvalidError, match="还没有开始"):
        building.build(actor, date(2024, 1, 1))


def test_its_reminders_end_when_it_is_issued_and_come_back_when_it_is_withdrawn(world: World) -> None:
    actor = world.issues.actor("coordinator")
    shown = world.built()

    def standing() -> list[int]:
        with transaction(actor=SYSTEM) as session:
            return [each.subject_id for each in SOURCES[Subject.BULLETIN].standings(session, [202311, 202312])]

    assert standing() == [202311, 202312]
    issuing.issue(actor, shown.bulletin.pk)
    assert standing() == [202312]
    issuing.withdraw(actor, shown.bulletin.pk, "数据有误")
    assert standing() == [202311, 202312]


def test_the_day_it_is_due_follows_the_settings(world: World) -> None:
    actor = world.issues.actor("coordinator")
    present = configuring.in_force(actor)

    configuring.change(actor, present | {"build_day": 1, "issue_day": 2})

    assert configuring.days(actor, NOVEMBER) == (date(2023, 12, 1), date(2023, 12, 4))
    with transaction(actor=SYSTEM) as session:
        planning.reconcile(session, Subject.BULLETIN, [202312])
        (standing,) = SOURCES[Subject.BULLETIN].standings(session, [202312])
    assert standing.moment.astimezone(clock.zone()).date() == date(2024, 1, 3)
    for wrong, field in (({"build_day": 9}, "issue_day"), ({"shame_percent": 90}, "shame_percent")):
        with pytest.raises(InvalidError) as refused:
            configuring.change(actor, configuring.in_force(actor) | wrong)
        assert set(refused.value.problems) == {field}


def test_its_readers_get_one_notice_with_the_way_to_it(world: World) -> None:
    actor = world.issues.actor("coordinator")
    issuing.issue(actor, world.built().bulletin.pk, tell=True)

    (batch,) = given.rows(NoticeBatch)
    assert (batch.audience, batch.state) == (Audience.STAFF, BatchState.SENDING)
    assert batch.filters == {"roles": ["manager", "team_lead", "department_officer"]}
    assert batch.planned == 7
    assert f"/bulletin-bulletin?bulletin={given.rows(Bulletin)[0].pk}" in batch.body


def _told_states() -> set[ReminderState]:
    return {row.state for row in given.rows(Reminder, lambda row: row.occasion is Occasion.NOTICE)}


def test_nobody_is_told_of_one_that_was_withdrawn_before_they_were(world: World) -> None:
    """Given a bulletin issued after hours, when it is withdrawn before morning, then its readers hear nothing of it."""
    actor, bulletin_id = world.issues.actor("coordinator"), world.built().bulletin.pk
    issuing.issue(actor, bulletin_id)
    writing.write(given.rows(OutboxMessage, lambda row: row.topic == sending.SEND)[0].payload)
    assert _told_states() == {ReminderState.PLANNED}

    issuing.withdraw(actor, bulletin_id, "数字有误")

    assert _told_states() == {ReminderState.CANCELLED}
    assert [batch.state for batch in given.rows(NoticeBatch)] == [BatchState.CANCELLED]


def test_who_could_not_be_told_of_one_is_not_told_by_a_retry_after_it_was_withdrawn(world: World) -> None:
    """Given a notice that has gone out but to one, when its bulletin is withdrawn, then a retry tells nobody of it."""
    actor, bulletin_id = world.issues.actor("coordinator"), world.built().bulletin.pk
    issuing.issue(actor, bulletin_id)
    writing.write(given.rows(OutboxMessage, lambda row: row.topic == sending.SEND)[0].payload)
    failed, *others = given.rows(Reminder, lambda row: row.occasion is Occasion.NOTICE)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Reminder, failed.pk).state = ReminderState.FAILED
        for each in others:
            session.get_one(Reminder, each.pk).state = ReminderState.DELIVERED
        session.exec(select(NoticeBatch)).one().state = BatchState.SENT

    issuing.withdraw(actor, bulletin_id, "数字有误")
    with transaction(actor=SYSTEM) as session:
        assert deciding.retry(session, [failed.pk]) == 0

    assert _told_states() == {ReminderState.DELIVERED, ReminderState.CANCELLED}
    assert [batch.state for batch in given.rows(NoticeBatch)] == [BatchState.SENT]


def test_it_can_be_issued_without_telling_anybody(world: World) -> None:
    issuing.issue(world.issues.actor("coordinator"), world.built().bulletin.pk, tell=False)

    assert given.rows(NoticeBatch) == []


@pytest.mark.parametrize("who", ["manager", "lead_a", "officer_x"])
def test_readers_see_issued_ones_only_and_change_none(world: World, who: str) -> None:
    actor, shown = world.issues.actor(who), world.built()

    assert reading.bulletins(actor) == []
    with pytest.raises(NotFoundError):
        reading.get(actor, shown.bulletin.pk)
    issuing.issue(world.issues.actor("coordinator"), shown.bulletin.pk)
    assert [each.bulletin.month for each in reading.bulletins(actor)] == [NOVEMBER]
    for attempt in (
        lambda: building.build(actor, NOVEMBER),
        lambda: issuing.withdraw(actor, shown.bulletin.pk, "…"),
        lambda: configuring.in_force(actor),
    ):
        with pytest.raises(NotAllowedError):
            attempt()


def test_grid_workers_and_administrators_read_none(world: World) -> None:
    for who in ("worker_a", "admin"):
        with pytest.raises(NotAllowedError):
            reading.bulletins(world.issues.actor(who))


def test_the_audit_log_tells_who_built_issued_and_withdrew(world: World) -> None:
    from models.audit import AuditEntry

    issuing.issue(world.issues.actor("coordinator"), world.built().bulletin.pk, tell=False)

    with transaction(actor=SYSTEM) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.entity == "bulletin")).all()
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("bulletin.created", "coordinator"), ("bulletin.changed", "coordinator"),
    ]  # fmt: skip
