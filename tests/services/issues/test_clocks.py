"""Clocks one beside the other: whose end, whose pause, and which granted days count."""

from datetime import timedelta

import pytest

from core import clock
from core.db import transaction
from models.issue import IssueKind, Urgency
from models.issue import IssueState as S
from models.issue_log import IssueClock
from models.limits import Stage
from models.reminder import Occasion, Reminder, ReminderState, Subject
from services import issues, limits
from services.actor import SYSTEM
from services.issues import reading
from tests import factories
from tests.issue_world import IssueWorld

pytestmark = pytest.mark.usefixtures("frozen_clock")


def _with_task(world: IssueWorld) -> tuple[int, int]:
    """Return an issue that is being handled, and its task of another department."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    return issue_id, world.tasks(issue_id)[0].pk


def _clock_of(task_id: int) -> IssueClock:
    (found,) = factories.rows(IssueClock, lambda each: each.task_id == task_id)
    return found


def test_the_clock_of_a_task_ends_with_it_and_no_other_does(world: IssueWorld) -> None:
    issue_id, task_id = _with_task(world)
    _other, still = _with_task(world)
    clock.advance(timedelta(hours=1))

    issues.finish_task(world.actor("officer_y"), issue_id, task_id, "管线图已提供")

    assert _clock_of(task_id).ended_at == clock.now()
    assert _clock_of(still).ended_at is None
    (own,) = factories.rows(IssueClock, lambda each: each.issue_id == issue_id and each.ended_at is None)
    assert own.task_id is None


def test_a_shelved_issue_lets_the_clocks_of_its_own_open_tasks_stand(world: IssueWorld) -> None:
    issue_id, open_task = _with_task(world)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Z"].pk, "核实权属")
    done = world.tasks(issue_id)[1].pk
    issues.finish_task(world.actor("officer_z"), issue_id, done, "权属清楚")
    _other, elsewhere = _with_task(world)

    world.step(issue_id, "request_shelving")
    world.step(issue_id, "approve_shelving")

    assert _clock_of(open_task).paused_since == clock.now()
    assert _clock_of(done).paused_since is None
    assert _clock_of(elsewhere).paused_since is None
    due = {task.pk: task.due_at for task in [*world.tasks(issue_id), *world.tasks(_other)]}
    assert due[open_task] is None
    assert due[elsewhere] is not None


def test_tasks_of_a_returned_issue_wait_for_its_next_department(world: IssueWorld) -> None:
    """Given an issue its lead department returns, then whoever assists has no deadline until another one leads."""
    issue_id = world.issue(S.ACCEPTED)
    asked = [issues.Assistance(world.departments["Y"].pk, "提供管线图")]
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=asked)
    (task,) = world.tasks(issue_id)

    world.step(issue_id, "return")

    assert world.tasks(issue_id)[0].due_at is None
    assert not _planned_deadlines(task.pk)
    clock.advance(timedelta(days=7))
    world.step(issue_id, "redispatch")
    assert task.due_at is not None
    assert world.tasks(issue_id)[0].due_at == task.due_at + timedelta(days=4)  # Monday becomes Friday
    assert _planned_deadlines(task.pk)


def test_a_task_of_a_returned_issue_can_be_cancelled_so_that_its_department_leads(world: IssueWorld) -> None:
    issue_id = world.issue(S.ACCEPTED)
    coordinator, whose = world.actor("coordinator"), world.departments["Y"].pk
    issues.dispatch(
        coordinator, issue_id, world.departments["X"].pk, assisting=[issues.Assistance(whose, "提供管线图")]
    )
    world.step(issue_id, "return")

    issues.cancel_task(coordinator, issue_id, world.tasks(issue_id)[0].pk, "改为牵头")
    issues.redispatch(coordinator, issue_id, whose, instruction="由你局牵头")

    assert world.row(issue_id).department_id == whose


def _planned_deadlines(task_id: int) -> list[Reminder]:
    return factories.rows(
        Reminder,
        lambda each: (
            (each.subject, each.subject_id, each.occasion, each.state)
            == (Subject.ISSUE_TASK, task_id, Occasion.ISSUE_DEADLINE, ReminderState.PLANNED)
        ),
    )


def test_days_granted_twice_are_all_kept_by_the_clock(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    for _time in range(2):
        world.step(issue_id, "request_extension")
        world.step(issue_id, "approve_extension")

    (running,) = factories.rows(IssueClock, lambda each: each.issue_id == issue_id and each.ended_at is None)
    assert running.extended == 6


def _running(issue_id: int) -> IssueClock | None:
    found = factories.rows(
        IssueClock, lambda each: (each.issue_id, each.ended_at, each.task_id) == (issue_id, None, None)
    )
    return found[0] if found else None


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (S.REGISTERED, Stage.ACCEPT), (S.ACCEPTED, Stage.DISPATCH), (S.DISPATCHED, Stage.ACKNOWLEDGE),
        (S.RETURNED, Stage.DISPATCH), (S.HANDLING, Stage.HANDLE), (S.EXTENSION_REQUESTED, Stage.HANDLE),
        (S.SHELVING_REQUESTED, Stage.HANDLE), (S.SHELVED, Stage.HANDLE), (S.RESOLVED, Stage.REVIEW),
        (S.RESOLVED_ON_SITE, Stage.ANSWER), (S.ANSWERED, Stage.CALL_BACK), (S.CALL_BACK, Stage.CALL_BACK),
        (S.DECLINED, None), (S.CLOSED, None),
    ],
)  # fmt: skip
def test_the_clock_that_runs_is_that_of_what_is_to_be_done_next(
    world: IssueWorld, state: S, stage: Stage | None
) -> None:
    issue_id = world.issue(state)

    running, issue = _running(issue_id), world.row(issue_id)

    assert (running.stage if running else None) is stage
    assert issue.stage == (stage.value if stage else "")
    assert issue.due_at == (running.due_at if running and running.paused_since is None else None)
    assert issue.paused_since == (running.paused_since if running else None)
    assert (issue.paused_since is not None) is (state in {S.EXTENSION_REQUESTED, S.SHELVING_REQUESTED, S.SHELVED})
    assert issue.due_provisional is (running.provisional if running else False)


def test_a_reviewed_result_waits_for_its_answer(world: IssueWorld) -> None:
    issue_id = world.issue(S.RESOLVED)

    world.step(issue_id, "pass_review")

    assert world.row(issue_id).stage == Stage.ANSWER.value


def test_the_time_to_handle_counts_from_the_dispatch_and_all_other_time_from_the_step(world: IssueWorld) -> None:
    issue_id = world.register()
    for step in ("accept", "dispatch", "acknowledge", "resolve", "pass_review"):
        clock.advance(timedelta(hours=25))
        world.step(issue_id, step)
        running, issue = _running(issue_id), world.row(issue_id)
        assert running
        assert running.started_at == (issue.dispatched_at if running.stage is Stage.HANDLE else clock.now())
        assert running.round == issue.round


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("across", [False, True])
def test_a_clock_runs_by_the_limit_of_its_kind_its_urgency_and_of_many_departments(
    world: IssueWorld, urgency: Urgency, across: bool
) -> None:
    issue_id = world.issue(S.ACCEPTED, kind=IssueKind.SUGGESTION, urgency=urgency)
    asked = [issues.Assistance(world.departments["Y"].pk, "提供管线图")] if across else []
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=asked)
    world.step(issue_id, "acknowledge")

    running = _running(issue_id)
    with transaction(actor=SYSTEM) as session:
        limit = limits.limit_for(
            session, Stage.HANDLE, kind=IssueKind.SUGGESTION, urgency=urgency, cross_department=across
        )
    assert running
    assert (running.amount, running.unit) == (limit.amount, limit.unit)


@pytest.mark.parametrize(
    ("state", "step", "judged"),
    [
        (S.DISPATCHED, "acknowledge", True),
        (S.HANDLING, "resolve", True),
        (S.RESOLVED, "pass_review", False),
        (S.ACCEPTED, "dispatch", False),
    ],
)
@pytest.mark.parametrize("minutes", [0, 1])
def test_a_department_is_late_from_the_minute_after_its_own_deadline(
    world: IssueWorld, state: S, step: str, judged: bool, minutes: int
) -> None:
    issue_id, other = world.issue(state), world.issue(S.HANDLING)
    due = world.row(issue_id).due_at
    assert due
    world.step(other, "resolve")
    clock.advance(due - clock.now() + timedelta(minutes=minutes))

    world.step(issue_id, step)

    assert world.row(issue_id).late is (judged and minutes > 0)
    world.step(other, "pass_review")
    assert not world.row(other).late, "what one issue took is not another's delay"


def test_a_clock_that_stands_still_makes_nobody_late(world: IssueWorld) -> None:
    issue_id = world.issue(S.EXTENSION_REQUESTED)
    clock.advance(timedelta(days=60))

    world.step(issue_id, "refuse_extension")
    assert not world.row(issue_id).late
    world.step(issue_id, "resolve")
    assert not world.row(issue_id).late


def test_each_issue_goes_on_with_its_own_handling_of_this_round_after_a_failed_review(world: IssueWorld) -> None:
    first, second = world.issue(S.RESOLVED), world.issue(S.RESOLVED)
    for step in ("pass_review", "answer", "start_call_back", "not_satisfied", "acknowledge", "resolve"):
        clock.advance(timedelta(hours=1))
        world.step(first, step)
    clock.advance(timedelta(hours=24))
    world.step(first, "fail_review")

    found = factories.rows(IssueClock, lambda each: each.issue_id == first and each.stage is Stage.HANDLE)
    assert {each.round: (each.ended_at is None, len(each.pauses)) for each in found} == {1: (False, 0), 2: (True, 1)}
    others = factories.rows(IssueClock, lambda each: each.issue_id == second and each.stage is Stage.HANDLE)
    assert [each.ended_at is None for each in others] == [False]


def test_another_department_has_its_own_time_to_acknowledge(world: IssueWorld) -> None:
    issue_id = world.issue(S.DISPATCHED)
    first = _running(issue_id)
    clock.advance(timedelta(hours=3))
    issues.comment(world.actor("coordinator"), issue_id, "请尽快签收")
    assert _running(issue_id) == first

    issues.redispatch(world.actor("coordinator"), issue_id, world.departments["Y"].pk, instruction="改由 Y 局办理")

    running = _running(issue_id)
    assert first
    assert running
    assert running.pk != first.pk
    assert (running.stage, running.started_at) == (Stage.ACKNOWLEDGE, clock.now())


def test_a_handling_goes_on_whatever_is_said_of_it(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    first = _running(issue_id)
    clock.advance(timedelta(hours=3))

    issues.urge(world.actor("coordinator"), issue_id, "请抓紧")

    again = _running(issue_id)
    assert first
    assert again
    assert (again.pk, again.started_at) == (first.pk, first.started_at)


def test_a_task_finished_while_the_issue_is_shelved_is_in_time(world: IssueWorld) -> None:
    """Given a task whose day passes while its issue is shelved, when it is finished then, then nobody calls it late."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    world.step(issue_id, "request_shelving")
    world.step(issue_id, "approve_shelving")
    clock.advance(timedelta(days=40))

    issues.finish_task(world.actor("officer_y"), issue_id, world.tasks(issue_id)[0].pk, "已提供")

    laps = reading.read(world.actor("coordinator"), issue_id).laps
    assert [(each.stage, each.met) for each in laps if each.stage is Stage.ASSIST] == [(Stage.ASSIST, True)]
