"""What was told to whom about an issue: for those who may see it."""

import pytest

from core.errors import NotFoundError
from models.issue import IssueState
from models.reminder import Relation, ReminderState
from services.inbox import answering, of_subject
from services.inbox.of_subject import History
from tests import inbox_world as given
from tests.issue_world import IssueWorld


def _rules(history: History) -> tuple[list[str], list[str], list[str]]:
    """Return the names of the test's own rules: the product's own are at work as well."""
    return tuple(
        [each.rule for each in part if each.rule.startswith("*")]
        for part in (history.past, history.next, history.stopped)
    )  # type: ignore[return-value]  # three of them


def test_an_issue_tells_what_was_told_and_what_is_to_come(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    officer, colleague, chief = (world.people[name] for name in ("officer_x", "colleague_x", "coordinator"))
    first, later = given.rule("*到期当天"), given.rule("*逾期一天")
    mine = given.told(first, officer, issue_id, due_version=900)
    given.told(first, colleague, issue_id, due_version=900, state=ReminderState.READ)
    given.planned(later, chief, issue_id, due_version=900, relation=Relation.COORDINATOR)

    history = of_subject.of_issue(world.actor("coordinator"), issue_id)

    assert _rules(history) == (["*到期当天"], ["*逾期一天"], [])
    told = next(each for each in history.past if each.rule == "*到期当天")
    assert {(who.name, who.state) for who in told.people} == {
        (officer.name, ReminderState.DELIVERED),
        (colleague.name, ReminderState.READ),
    }

    answering.acknowledge(world.actor("officer_x"), [mine.pk])
    assert _rules(of_subject.of_issue(world.actor("coordinator"), issue_id)) == (["*到期当天"], [], ["*逾期一天"])


@pytest.mark.parametrize("name", ["coordinator", "manager", "lead_a", "officer_x", "worker_a"])
def test_whoever_may_see_the_issue_sees_its_reminders(world: IssueWorld, name: str) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    given.told(given.rule("*到期当天"), world.people["officer_x"], issue_id)

    assert _rules(of_subject.of_issue(world.actor(name), issue_id))[0] == ["*到期当天"]


@pytest.mark.parametrize("name", ["lead_b", "worker_b", "officer_z"])
def test_nobody_else_does(world: IssueWorld, name: str) -> None:
    issue_id = world.issue(IssueState.HANDLING)

    with pytest.raises(NotFoundError):
        of_subject.of_issue(world.actor(name), issue_id)
