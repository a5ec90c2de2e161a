"""The to-do of each role: what belongs to each group, what does not, and who does not see it."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError
from models.account import Account, Role
from models.area import Tier
from models.issue import Issue, IssueState
from models.lifecycle import Verb
from models.reminder import Relation
from services import issues
from services.actor import SYSTEM
from services.issues import Assistance, ledger, reading, todo
from services.issues.holders import Turn, overdue_by_holder
from services.issues.ledger import Query
from services.issues.remaining import Remaining
from services.issues.todo_groups import Group
from services.reminders.sources.issue import Issues
from tests import factories
from tests.issue_world import IssueWorld

S = IssueState
GONE: tuple[dict[str, object], ...] = ({"active": False}, {"role": Role.DEPARTMENT_OFFICER}, {"role": Role.MANAGER})
"""What makes a grid worker one who deals with enterprises no more."""


def held(world: IssueWorld, who: str) -> dict[Group, list[int]]:
    """Return what somebody's to-do holds: group → issues, the most pressing first."""
    sections = todo.todo(world.actor(who), most=50)
    assert all(each.count == len(each.lines) for each in sections)
    return {each.rule.group: [line.issue.pk for line in each.lines] for each in sections}


@pytest.mark.parametrize(
    ("state", "who", "group", "others"),
    [
        (S.REGISTERED, "worker_a", Group.SETTLE, ("worker_b", "officer_x")),
        (S.REGISTERED, "lead_a", Group.ACCEPT, ("lead_b", "coordinator", "officer_x")),
        (S.RESOLVED_ON_SITE, "worker_a", Group.ANSWER, ("worker_b", "lead_a", "officer_x", "coordinator")),
        (S.ACCEPTED, "coordinator", Group.DISPATCH, ("lead_a", "worker_a", "officer_x")),
        (S.RETURNED, "coordinator", Group.REDISPATCH, ("lead_a", "officer_x")),
        (S.DISPATCHED, "officer_x", Group.ACKNOWLEDGE, ("officer_y", "coordinator", "lead_a")),
        (S.DISPATCHED, "colleague_x", Group.ACKNOWLEDGE, ("officer_z",)),
        (S.HANDLING, "officer_x", Group.HANDLE, ("officer_y", "coordinator", "worker_a")),
        (S.EXTENSION_REQUESTED, "coordinator", Group.EXTENSION, ("lead_a", "officer_y")),
        (S.EXTENSION_REQUESTED, "officer_x", Group.AWAITED, ("officer_y", "manager")),
        (S.SHELVING_REQUESTED, "coordinator", Group.SHELVING, ("lead_a", "officer_y")),
        (S.SHELVING_REQUESTED, "officer_x", Group.AWAITED, ("officer_y",)),
        (S.RESOLVED, "coordinator", Group.REVIEW, ("lead_a", "worker_a", "officer_y")),
        (S.RESOLVED, "officer_x", Group.AWAITED, ("officer_y",)),
        (S.ANSWERED, "coordinator", Group.ARRANGE, ("lead_b", "worker_a", "officer_x")),
        (S.ANSWERED, "lead_a", Group.ARRANGE, ("lead_b", "officer_y")),
        (S.CALL_BACK, "worker_a", Group.CALL_BACK, ("worker_b", "lead_a", "coordinator", "officer_x")),
    ],
)
def test_an_issue_waits_for_whoever_is_to_act_and_for_nobody_else(
    world: IssueWorld, state: S, who: str, group: Group, others: tuple[str, ...]
) -> None:
    """Given an issue in a state, then it stands in the one group of who is to act, and in nobody else's to-do."""
    issue_id = world.issue(state)

    assert held(world, who) == {group: [issue_id]}
    assert [held(world, other) for other in others] == [{}] * len(others)


@pytest.mark.parametrize("state", [S.SHELVED, S.CLOSED, S.DECLINED])
def test_what_is_shelved_or_ended_waits_for_nobody(world: IssueWorld, state: S) -> None:
    """Given an issue that has ended, or is shelved for long, then no to-do holds it."""
    world.issue(state)

    assert {who: held(world, who) for who in world.people if who != "admin" and held(world, who)} == {}


def test_an_administrator_has_no_to_do(world: IssueWorld) -> None:
    with pytest.raises(NotAllowedError):
        todo.todo(world.actor("admin"))
    with pytest.raises(NotAllowedError):
        overdue_by_holder(world.actor("admin"))


def test_what_is_handed_up_leaves_the_tier_below(world: IssueWorld) -> None:
    """Given a need handed to the street and then to the zone, then first the street's lead, then the zone has it."""
    issue_id = world.register()
    issues.escalate(world.actor("lead_a"), issue_id, "涉及道路改造")

    assert world.row(issue_id).tier is Tier.STREET
    assert held(world, "lead_a") == {Group.ACCEPT: [issue_id]}
    assert held(world, "worker_a") == {}

    issues.escalate(world.actor("lead_a"), issue_id, "需要区级统筹")

    assert held(world, "lead_a") == {}
    assert held(world, "coordinator") == {Group.ACCEPT: [issue_id]}
    assert todo.todo(world.actor("coordinator"))[0].lines[0].said == "需要区级统筹"


def test_an_assisting_department_has_its_task_by_its_own_deadline(world: IssueWorld) -> None:
    """Given an issue that department Y assists with, then Y has the task until it is finished, X the issue."""
    issue_id = world.issue(S.ACCEPTED)
    help_of_y = Assistance(world.departments["Y"].pk, "请提供负荷数据")
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=[help_of_y])

    section = todo.todo(world.actor("officer_y"))[0]
    assert section.rule.group is Group.ASSIST
    assert section.lines[0].due_at == world.tasks(issue_id)[0].due_at
    assert held(world, "officer_x") == {Group.ACKNOWLEDGE: [issue_id]}
    assert held(world, "officer_z") == {}

    issues.finish_task(world.actor("officer_y"), issue_id, world.tasks(issue_id)[0].pk, "数据已提供")

    assert held(world, "officer_y") == {}


def test_a_reviewed_result_is_answered_by_the_department_or_the_first_receiver(world: IssueWorld) -> None:
    issue_id = world.issue(S.RESOLVED)
    world.step(issue_id, "pass_review")

    assert held(world, "officer_x") == held(world, "worker_a") == {Group.ANSWER: [issue_id]}
    assert held(world, "coordinator") == held(world, "lead_a") == held(world, "officer_y") == {}


def _turned(world: IssueWorld, who: str, change: dict[str, object]) -> None:
    """Have an administrator change somebody's account."""
    with transaction(actor=SYSTEM) as session:
        account = session.get_one(Account, world.people[who].pk)
        for name, value in change.items():
            setattr(account, name, value)


def _assigned(issue_id: int) -> set[tuple[int, ...]]:
    """Return who is reminded of an issue as the one whose turn it is."""
    with transaction(actor=SYSTEM) as session:
        return {each.people[Relation.ASSIGNEE] for each in Issues().standings(session, [issue_id])}


@pytest.mark.parametrize("change", GONE)
def test_the_coordinator_answers_for_a_first_receiver_who_can_no_more(
    world: IssueWorld, change: dict[str, object]
) -> None:
    issue_id = world.issue(S.RESOLVED_ON_SITE)
    _turned(world, "worker_a", change)

    assert held(world, "coordinator") == {Group.ANSWER: [issue_id]}
    assert reading.read(world.actor("coordinator"), issue_id).who == "统筹员"
    assert _assigned(issue_id) == {(world.people["coordinator"].pk,)}


@pytest.mark.parametrize("change", GONE)
def test_a_call_back_whose_caller_can_no_more_is_to_be_arranged_anew(
    world: IssueWorld, change: dict[str, object]
) -> None:
    """Given a caller who leaves or changes roles, then lead and coordinator have it, are told, and can pass it on."""
    issue_id, kept = world.issue(S.CALL_BACK), world.issue(S.CALL_BACK)
    world.step(issue_id, "not_reached")
    issues.start_call_back(world.actor("coordinator"), kept, world.people["lead_a"].pk)
    _turned(world, "worker_a", change)
    coordinator = world.actor("coordinator")

    assert held(world, "coordinator") == {Group.ARRANGE: [issue_id]}
    assert held(world, "lead_a") == {Group.CALL_BACK: [kept], Group.ARRANGE: [issue_id]}
    assert reading.read(coordinator, issue_id).who == "统筹员或服务队长"
    assert _assigned(issue_id) == {(world.people["lead_a"].pk,)}

    issues.start_call_back(coordinator, issue_id, world.people["lead_a"].pk)

    assert held(world, "coordinator") == {}
    assert set(held(world, "lead_a")[Group.CALL_BACK]) == {issue_id, kept}
    assert world.row(issue_id).call_backs == 1


@pytest.mark.parametrize("tier", [Tier.VILLAGE, Tier.STREET])
def test_what_no_lead_is_left_to_accept_is_the_coordinators(world: IssueWorld, tier: Tier) -> None:
    """Given a street whose only lead leaves, then the coordinator has what was registered there, and accepts it."""
    issue_id = world.register()
    if tier is Tier.STREET:
        issues.escalate(world.actor("lead_a"), issue_id, "超出社区能力")
    assert held(world, "coordinator") == {}

    _turned(world, "lead_a", {"active": False})

    coordinator = world.actor("coordinator")
    assert held(world, "coordinator") == {Group.ACCEPT: [issue_id]}
    assert reading.read(coordinator, issue_id).who == "统筹员"
    issues.accept(coordinator, issue_id)


@pytest.mark.parametrize("state", [S.DISPATCHED, S.HANDLING])
def test_what_lies_with_a_department_without_officers_is_the_coordinators(world: IssueWorld, state: S) -> None:
    """Given a department whose officers leave, then the coordinator re-dispatches, and the form says who has nobody."""
    issue_id = world.issue(state)
    assert held(world, "coordinator") == {}

    for name in ("officer_x", "colleague_x"):
        _turned(world, name, {"active": False})

    coordinator = world.actor("coordinator")
    shown = reading.read(coordinator, issue_id)
    assert held(world, "coordinator") == {Group.REDISPATCH: [issue_id]}
    assert shown.who == "统筹员"
    assert shown.choices is not None
    assert list(shown.choices.departments.values()) == ["X 局（尚无经办人）", "Y 局", "Z 局"]
    issues.redispatch(coordinator, issue_id, world.departments["Y"].pk, instruction="X 局暂无经办人")


def test_nobody_confirms_what_their_own_department_did(world: IssueWorld) -> None:
    """Given a coordinator who belongs to the lead department, then what they may not take is not on their to-do."""
    resolved, answered = world.issue(S.RESOLVED), world.issue(S.ANSWERED)
    office = world.departments["X"].pk
    world.people["second"] = factories.account(Role.COORDINATOR, "second", department_id=office)
    second = world.actor("second")

    assert held(world, "second") == {}
    assert reading.read(second, resolved).allowed[Verb.PASS_REVIEW] is not None
    shown = reading.read(world.actor("coordinator"), answered)
    assert shown.choices is not None
    assert second.pk not in shown.choices.callers
    with pytest.raises(InvalidError):
        issues.start_call_back(world.actor("coordinator"), answered, second.pk)


def test_a_handler_who_moved_to_another_department_is_not_waited_for(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    _turned(world, "officer_x", {"department_id": world.departments["Y"].pk})

    assert reading.read(world.actor("coordinator"), issue_id).who == "X 局"
    assert _assigned(issue_id) == {(world.people["colleague_x"].pk,)}


def test_a_confirmed_call_back_waits_to_be_closed_by_another(world: IssueWorld) -> None:
    """Given a call-back the enterprise confirmed, then coordinator and lead close it, and the caller is done."""
    issue_id = world.issue(S.CALL_BACK)
    world.step(issue_id, "confirm")

    assert held(world, "coordinator") == held(world, "lead_a") == {Group.CLOSE: [issue_id]}
    assert held(world, "worker_a") == held(world, "lead_b") == held(world, "officer_x") == {}


def test_three_attempts_at_a_call_back_are_enough(world: IssueWorld) -> None:
    issue_id = world.issue(S.CALL_BACK)
    for _ in range(3):
        assert held(world, "worker_a") == {Group.CALL_BACK: [issue_id]}
        world.step(issue_id, "not_reached")

    assert held(world, "worker_a") == {}
    assert held(world, "coordinator") == {Group.CLOSE: [issue_id]}


def test_a_redo_is_acknowledged_anew_and_tells_what_the_enterprise_said(world: IssueWorld) -> None:
    issue_id = world.issue(S.CALL_BACK)
    world.step(issue_id, "not_satisfied")

    section = todo.todo(world.actor("officer_x"))[0]
    assert section.rule.group is Group.ACKNOWLEDGE
    assert section.lines[0].issue.round == 2
    assert "仍偶尔跳闸" in section.lines[0].said

    world.step(issue_id, "acknowledge")

    assert "仍偶尔跳闸" in todo.todo(world.actor("officer_x"))[0].lines[0].said


def test_what_is_overdue_with_a_department_is_urged_once_a_day(world: IssueWorld) -> None:
    """Given an issue a department is late with, then worker, lead and coordinator urge; who urged has it off today."""
    issue_id = world.issue(S.HANDLING)
    clock.advance(timedelta(days=60))

    assert held(world, "worker_a") == held(world, "lead_a") == held(world, "coordinator") == {Group.OVERDUE: [issue_id]}
    assert held(world, "manager") == {Group.LATE: [issue_id]}
    assert held(world, "worker_b") == held(world, "lead_b") == {}
    own = todo.todo(world.actor("officer_x"))[0]
    assert (own.rule.group, own.count, own.overdue) == (Group.HANDLE, 1, 1)
    assert own.lines[0].left is Remaining.OVERDUE

    issues.urge(world.actor("lead_a"), issue_id)

    assert held(world, "lead_a") == {}
    assert held(world, "coordinator") == {Group.OVERDUE: [issue_id]}
    clock.advance(timedelta(days=1))
    assert held(world, "lead_a") == {Group.OVERDUE: [issue_id]}


def test_what_one_is_late_with_oneself_is_not_urged(world: IssueWorld) -> None:
    issue_id = world.issue(S.REGISTERED)
    clock.advance(timedelta(days=60))

    assert held(world, "lead_a") == {Group.ACCEPT: [issue_id]}
    assert held(world, "coordinator") == {Group.OVERDUE: [issue_id]}


def test_a_shelved_issue_is_shown_before_its_review_date(world: IssueWorld) -> None:
    issue_id = world.issue(S.SHELVED)
    assert held(world, "coordinator") == {}

    clock.advance(timedelta(days=54))

    assert held(world, "coordinator") == {Group.SHELVED: [issue_id]}
    assert held(world, "lead_a") == {}


def test_supervised_and_carded_issues_stay_in_sight_of_coordinator_and_manager(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    issues.supervise(world.actor("coordinator"), issue_id, "企业反映强烈")
    issues.yellow_card(world.actor("coordinator"), issue_id, "逾期")

    assert held(world, "coordinator") == {Group.SUPERVISED: [issue_id]}
    assert held(world, "manager") == {Group.SUPERVISED: [issue_id], Group.CARDED: [issue_id]}
    assert held(world, "lead_a") == {}


def test_the_most_pressing_comes_first_and_reasons_are_told(world: IssueWorld) -> None:
    """Given three issues returned one after the other, then the one due first stands first, with its reason."""
    ids = [world.issue(S.RETURNED) for _ in range(3)]
    with transaction(actor=SYSTEM) as session:
        issue = type(world.row(ids[2]))
        due = world.row(ids[2]).due_at
        assert due is not None
        session.connection().execute(
            update(issue).where(col(issue.id) == ids[2]).values(due_at=due - timedelta(days=1))
        )

    section = todo.todo(world.actor("coordinator"), most=2)[0]

    assert [line.issue.pk for line in section.lines] == [ids[2], ids[0]]
    assert section.count == 3
    assert section.lines[0].said == "不属于我局职责，应由 Y 局办理"
    assert section.rule.step is Verb.REDISPATCH


def test_the_gravest_of_what_is_late_comes_first_whoever_is_to_act(world: IssueWorld) -> None:
    """Given late issues, one with a red card, one supervised, one of the coordinator's own, then they stand so."""
    late = [world.issue(S.HANDLING) for _ in range(3)]
    supervised, red = world.issue(S.HANDLING), world.issue(S.HANDLING)
    own = world.issue(S.ACCEPTED)
    coordinator = world.actor("coordinator")
    issues.supervise(coordinator, supervised, "企业反映强烈")
    issues.red_card(coordinator, red, "逾期多日")
    with transaction(actor=SYSTEM) as session:
        for days, issue_id in enumerate([red, supervised, own, *late]):
            session.get_one(Issue, issue_id).due_at = clock.now() - timedelta(days=days + 1)

    def pressing(who: str) -> list[int]:
        sections = [each for each in todo.todo(world.actor(who), most=3) if each.rule.step]
        return [line.issue.pk for _rule, line in todo.pressing(world.actor(who), sections, 5)]

    assert pressing("coordinator") == [red, supervised, late[2], own]
    assert pressing("lead_a") == [red, supervised, late[2]]
    assert todo.todo(coordinator, only=Group.OVERDUE, most=1)[1].lines[0].issue.pk == red


def test_one_group_is_listed_alone_while_the_others_are_counted(world: IssueWorld) -> None:
    world.issue(S.ACCEPTED)
    returned = world.issue(S.RETURNED)

    sections = todo.todo(world.actor("coordinator"), only=Group.REDISPATCH)

    assert {each.rule.group: len(each.lines) for each in sections} == {Group.DISPATCH: 0, Group.REDISPATCH: 1}
    assert {each.rule.group: each.count for each in sections} == {Group.DISPATCH: 1, Group.REDISPATCH: 1}
    assert sections[0].lines[0].issue.pk == returned


def test_overdue_issues_are_told_by_who_has_them(world: IssueWorld) -> None:
    """Given late issues, then each counts for the department that is to act, or for the step it waits for."""
    for state in (S.HANDLING, S.DISPATCHED, S.REGISTERED, S.SHELVED):
        world.issue(state)
    clock.advance(timedelta(days=50))

    found = overdue_by_holder(world.actor("manager"))

    assert [(each.department, each.awaits, each.turn, each.count) for each in found] == [
        ("X 局", None, None, 2), ("", Group.ACCEPT, None, 1),
    ]  # fmt: skip
    assert overdue_by_holder(world.actor("lead_b")) == []


def test_what_is_overdue_is_told_by_the_step_it_waits_for_and_whose_that_is(world: IssueWorld) -> None:
    """Given call-backs made and not made, results reviewed and not, then each counts once, as the to-do counts it."""
    called, reviewed, settled = world.issue(S.CALL_BACK), world.issue(S.RESOLVED), world.issue(S.RESOLVED)
    world.issue(S.CALL_BACK)
    world.step(called, "confirm")
    world.step(reviewed, "pass_review")
    low, high = world.register(), world.register()
    issues.escalate(world.actor("lead_a"), high, "涉及道路改造")
    issues.escalate(world.actor("lead_a"), high, "需要区级统筹")
    with transaction(actor=SYSTEM) as session:  # what waits to be closed or answered has no limit of its own here
        for issue_id in (called, reviewed, settled, low, high):
            session.get_one(Issue, issue_id).due_at = clock.now()
    clock.advance(timedelta(days=50))
    coordinator = world.actor("coordinator")

    found = {(each.awaits, each.turn): each.count for each in overdue_by_holder(coordinator)}

    assert found == {
        (Group.CLOSE, Turn.MINE): 1, (Group.CALL_BACK, Turn.OTHERS): 1, (Group.ANSWER, Turn.OTHERS): 1,
        (Group.REVIEW, Turn.MINE): 1, (Group.ACCEPT, Turn.MINE): 1, (Group.ACCEPT, Turn.OTHERS): 1,
    }  # fmt: skip
    tiles = {each.rule.group: each.overdue for each in todo.todo(coordinator) if not each.rule.watched}
    assert tiles == {group: count for (group, turn), count in found.items() if turn is Turn.MINE}
    for (group, turn), count in found.items():
        filters = {"awaits": [group], "turn": [turn], "remaining": ["overdue"]}
        assert ledger.count(coordinator, Query(filters=filters)).number == count
