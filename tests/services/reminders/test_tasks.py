"""Tasks of assisting departments: their officers are told, and the link leads to the issue for those who see it."""

from datetime import datetime

import pytest
from sqlmodel import select

from core.db import transaction
from core.errors import NotFoundError
from models.issue import IssueState
from models.reminder import Occasion, Reminder, ReminderState, Subject
from services import issues
from services.actor import SYSTEM
from services.issues.joining import issue_of
from services.reminders.sources import SOURCES
from tests import issue_world
from tests.issue_world import IssueWorld


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> IssueWorld:  # noqa: ARG001 - servers and time
    return issue_world.build()


def _planned(task_id: int) -> set[tuple[Occasion, int | None]]:
    found = select(Reminder).where(Reminder.subject == Subject.ISSUE_TASK, Reminder.subject_id == task_id)
    with transaction(actor=SYSTEM) as session:
        rows = session.exec(found.where(Reminder.state == ReminderState.PLANNED)).all()
        return {(row.occasion, row.recipient_id) for row in rows if row.recipient_key}


def test_a_task_is_told_to_the_officers_of_its_department_until_it_is_done(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    (task,) = world.tasks(issue_id)
    officer = world.people["officer_y"].pk
    assert {(Occasion.ISSUE_ARRIVED, officer), (Occasion.ISSUE_DEADLINE, officer)} <= _planned(task.pk)

    issues.finish_task(world.actor("officer_y"), issue_id, task.pk, "管线图已提供")

    assert _planned(task.pk) == set()


def test_the_product_shows_no_card_for_a_task(world: IssueWorld) -> None:
    """Given the default ladder with its cards, a task's reminders are told to people only: cards are the issue's."""
    issue_id = world.issue(IssueState.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    with transaction(actor=SYSTEM) as session:
        rows = session.exec(select(Reminder.subject).where(Reminder.recipient_key == "")).all()
    assert set(rows) == {Subject.ISSUE}


def test_the_link_of_a_task_leads_to_its_issue_for_those_who_see_it(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    (task,) = world.tasks(issue_id)

    assert SOURCES[Subject.ISSUE_TASK].link(task.pk) == f"/issues-issue?task={task.pk}"
    assert issue_of(world.actor("officer_y"), task.pk) == issue_id
    with pytest.raises(NotFoundError):
        issue_of(world.actor("officer_z"), task.pk)


def test_the_words_of_a_task_are_those_of_its_sample(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    (task,) = world.tasks(issue_id)
    with transaction(actor=SYSTEM) as session:
        words = SOURCES[Subject.ISSUE_TASK].words(session, [task.pk])[task.pk]
        of_issue = SOURCES[Subject.ISSUE].words(session, [issue_id])[issue_id]

    assert set(words) == set(SOURCES[Subject.ISSUE_TASK].sample())
    assert set(of_issue) == set(SOURCES[Subject.ISSUE].sample())
    assert (words["title"], words["department"]) == ("提供管线图", "Y 局")
