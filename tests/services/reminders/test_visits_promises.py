"""Visits, promises and the bulletin: what is planned for them, moved with them, and ends with them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from time import sleep
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from core import clock
from core.db import engine, transaction
from models.account import Account, Role
from models.reminder import Occasion, Relation, Reminder, ReminderRule, ReminderState, Subject
from models.visit import Promise, Visit
from services.actor import SYSTEM
from services.assignment import assigning
from services.reminders import foreseeing, hours, planning, replanning, rows
from services.reminders.hours import Hours
from services.reminders.sources import SOURCES
from services.visits import promises, review
from tests import factories, visit_world
from tests.visit_world import World

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> World:  # noqa: ARG001 - servers and time
    """A small world on Wednesday, 6 December 2023, 10:00."""
    return visit_world.build()


def planned(subject: Subject, subject_id: int) -> list[tuple[Occasion, str, int | None]]:
    """Return what is planned: occasion, when it goes out, to whom."""
    found = select(Reminder).where(Reminder.subject == subject, Reminder.subject_id == subject_id)
    found = found.where(Reminder.state == ReminderState.PLANNED).order_by(col(Reminder.due_at), col(Reminder.id))
    with transaction(actor=SYSTEM) as session:
        return [
            (row.occasion, f"{row.due_at.astimezone(ZONE):%m-%d %H:%M}", row.recipient_id)
            for row in session.exec(found)
        ]


def test_a_visit_is_told_when_assigned_before_its_day_and_when_overdue(world: World) -> None:
    visit = _any_visit(world, days=5)
    worker = visit.assignee_id

    found = planned(Subject.VISIT, visit.pk)

    assert found[:3] == [
        (Occasion.VISIT_ASSIGNED, "12-06 14:00", worker),
        (Occasion.VISIT_PLANNED, "12-08 09:00", worker),  # 11 December is a Monday
        (Occasion.VISIT_OVERDUE, "12-12 09:00", worker),
    ]
    later = [when for occasion, when, who in found[3:] if occasion is Occasion.VISIT_OVERDUE and who == worker]
    assert later == ["12-14 09:00", "12-19 09:00", "12-22 09:00", "12-27 09:00", "01-02 09:00"]


@pytest.mark.parametrize("gone", [{"active": False}, {"role": Role.DEPARTMENT_OFFICER}])
def test_visits_and_promises_of_whoever_left_are_told_to_their_lead(world: World, gone: dict[str, object]) -> None:
    """Given a worker with a visit and a promise, who leaves or changes roles, then the lead is reminded of both."""
    visit = _any_visit(world, days=5)
    made = factories.stored(
        Promise(
            enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id, text="协调用电",
            due_on=clock.today() + timedelta(days=9),
        )
    )  # fmt: skip
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, visit.assignee_id).sqlmodel_update(gone)
        leads = {world.people[name].pk for name in ("lead_a", "second_lead_a")}

    with transaction(actor=SYSTEM) as session:
        told = [
            standing.people[Relation.ASSIGNEE]
            for subject, row_id in ((Subject.VISIT, visit.pk), (Subject.PROMISE, made.pk))
            for standing in SOURCES[subject].standings(session, [row_id])
        ]
    assert told
    assert all(set(ids) == leads for ids in told)


def test_a_moved_visit_moves_its_reminders_and_a_recorded_one_needs_none(world: World) -> None:
    visit = _any_visit(world, days=5)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Visit, visit.pk).planned_on += timedelta(days=2)
    assert (Occasion.VISIT_PLANNED, "12-12 09:00", visit.assignee_id) in planned(Subject.VISIT, visit.pk)
    assert (Occasion.VISIT_PLANNED, "12-08 09:00", visit.assignee_id) not in planned(Subject.VISIT, visit.pk)

    visit_world.recorded(visit)

    assert planned(Subject.VISIT, visit.pk) == []


def test_a_visit_given_to_somebody_else_reminds_them_and_no_longer_the_first(world: World) -> None:
    visit = _any_visit(world, days=5)
    other = next(
        account.pk for account in world.people.values()
        if account.pk not in {visit.assignee_id, visit.assigned_by_id} and account.role == "grid_worker"
    )  # fmt: skip
    with transaction(actor=SYSTEM) as session:
        session.get_one(Visit, visit.pk).assignee_id = other

    recipients = {who for occasion, _when, who in planned(Subject.VISIT, visit.pk) if occasion != "visit_overdue"}

    assert recipients == {other}


def test_a_visit_taken_back_needs_no_reminder_and_restored_has_them_again(world: World) -> None:
    visit = _any_visit(world, days=5)
    before = planned(Subject.VISIT, visit.pk)

    assigning.take_back(world.actor("lead_a"), [visit.pk])
    assert planned(Subject.VISIT, visit.pk) == []
    assigning.restore(world.actor("lead_a"), [visit.pk])

    assert sorted(planned(Subject.VISIT, visit.pk)) == sorted(before)


def test_a_returned_record_is_told_to_its_visitor(world: World) -> None:
    visit = visit_world.recorded(_any_visit(world))
    review.give_back(world.actor("lead_a"), visit.pk, "缺少小结")

    assert planned(Subject.VISIT, visit.pk) == [(Occasion.VISIT_RETURNED, "12-06 14:00", visit.assignee_id)]


def test_a_promise_is_told_until_it_is_kept(world: World) -> None:
    visit = visit_world.recorded(_any_visit(world))
    name = next(name for name, account in world.people.items() if account.pk == visit.assignee_id)
    promise, other = visit_world.put(
        *(
            Promise(
                enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id, text=text,
                due_on=clock.today() + timedelta(days=2),
            )
            for text in ("了解退税进度", "联系供电公司")
        )
    )  # fmt: skip
    when = [each[1] for each in planned(Subject.PROMISE, promise.pk) if each[2] == visit.assignee_id]
    assert when == ["12-07 09:00", "12-08 09:00", "12-11 09:00"]

    promises.keep(world.actor(name), promise.pk, "已告知")

    assert planned(Subject.PROMISE, promise.pk) == []
    assert [each[1] for each in planned(Subject.PROMISE, other.pk) if each[2] == visit.assignee_id] == when


def test_what_is_planned_follows_other_hours(world: World) -> None:
    """Given 8:30 instead of 9:00 and 14:00, then everything planned goes out at 8:30; nothing is doubled."""
    visit = _any_visit(world, days=5)
    before = planned(Subject.VISIT, visit.pk)
    assert any(when.endswith("09:00") for _occasion, when, _who in before)

    hours.change(factories.actor(Role.ADMINISTRATOR), Hours((time(8, 30),), time(20), time(8), False))
    replanning.run({"subject": Subject.VISIT.value, "after": 0})

    after = planned(Subject.VISIT, visit.pk)
    assert {when[-5:] for _occasion, when, _who in after} == {"08:30"}
    assert len(after) == len(before)


def test_what_is_claimed_while_all_is_planned_anew_is_not_told_twice(world: World) -> None:
    """Given other hours, when a worker claims a reminder that is just being moved, then it stays the worker's."""
    visit = _any_visit(world, days=5)
    hours.change(factories.actor(Role.ADMINISTRATOR), Hours((time(8, 30),), time(20), time(8), False))

    def plan_anew() -> None:
        with transaction(actor=SYSTEM) as session:
            planning.reconcile(session, Subject.VISIT, [visit.pk])

    with ThreadPoolExecutor(1) as pool:
        with transaction(actor=SYSTEM) as session:
            ids = rows.hold(session, Reminder.subject == Subject.VISIT, Reminder.subject_id == visit.pk)
            rows.change(session, ids[:1], state=ReminderState.CLAIMED, claimed_until=clock.now() + timedelta(minutes=5))
            planned_anew = pool.submit(plan_anew)
            _until_somebody_waits()
        planned_anew.result(timeout=20)

    with transaction(actor=SYSTEM) as session:
        assert session.get_one(Reminder, ids[0]).state is ReminderState.CLAIMED


def _until_somebody_waits() -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _attempt in range(200):
        with engine().connect() as connection:
            if connection.exec_driver_sql(waiting).first():
                return
        sleep(0.05)
    raise AssertionError


def test_the_words_of_every_source_are_those_of_its_sample(world: World) -> None:
    visit = _any_visit(world)
    with transaction(actor=SYSTEM) as session:
        for subject, ids in ((Subject.VISIT, [visit.pk]), (Subject.BULLETIN, [202311])):
            words = SOURCES[subject].words(session, ids)
            assert set(words[ids[0]]) == set(SOURCES[subject].sample()), subject


def test_the_bulletin_of_last_month_is_due_on_the_fifth_working_day(world: World) -> None:
    with transaction(actor=SYSTEM) as session:
        months = SOURCES[Subject.BULLETIN].live(session, 0, 10)
        planning.reconcile(session, Subject.BULLETIN, months)

    coordinators = {account.pk for account in world.people.values() if account.role == "coordinator"}
    assert months == [202311, 202312]
    assert {each for each in planned(Subject.BULLETIN, 202312) if each[2] in coordinators} == {
        (Occasion.BULLETIN_DUE, when, who) for who in coordinators for when in ("01-03 09:00", "01-08 09:00")
    }


def test_a_rule_foretells_what_it_would_send(world: World) -> None:
    visits = [_any_visit(world, name, days=days) for days, name in ((1, 0), (2, 1))]
    with transaction(actor=SYSTEM) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.occasion == Occasion.VISIT_PLANNED)).one()
        found = foreseeing.preview(session, rule, clock.now() + timedelta(days=7), 1)

    assert found.total == len(visits) - 1  # that of tomorrow would have gone out this morning
    assert [each.subject_id for each in found.first] == [visits[1].pk]


def _any_visit(world: World, place: int = 0, *, days: int = 0) -> Visit:
    """Store a visit of one of the enterprises by a worker of team A."""
    enterprise = list(world.enterprises)[place]
    worker = next(name for name, account in world.people.items() if account.role == "grid_worker")
    return world.visit(enterprise, worker, days=days)
