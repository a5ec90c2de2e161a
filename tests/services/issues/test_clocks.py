"""Clocks one beside the other: whose end, whose pause, and which granted days count."""

from datetime import timedelta

import pytest

from core import clock
from models.issue import IssueState as S
from models.issue_log import IssueClock
from models.reminder import Occasion, Reminder, ReminderState, Subject
from services import issues
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
