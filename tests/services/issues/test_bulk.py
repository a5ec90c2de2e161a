"""Several issues at once: the preview tells what will be done and why not the rest, and each is done whole or not."""

from datetime import timedelta

import pytest

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError
from models.account import Department
from models.issue import IssueState
from models.lifecycle import Verb
from services import issues
from services.actor import SYSTEM
from services.issues import bulk, ledger, todo
from services.issues.dispatching import accept_and_dispatch
from services.issues.guards import StepRefusedError
from services.issues.ledger import Query
from services.issues.ledger_filters import QuickView
from tests.issue_world import IssueWorld
from tests.statements import statements

S = IssueState


def test_accepted_issues_are_dispatched_and_the_rest_is_left_out_with_its_reason(world: IssueWorld) -> None:
    """Given issues in three states, when dispatched together, then the accepted go and each other one says why not."""
    accepted = [world.issue(S.ACCEPTED), world.issue(S.ACCEPTED)]
    registered, handling = world.issue(S.REGISTERED), world.issue(S.HANDLING)
    actor, x = world.actor("coordinator"), world.departments["X"].pk

    planned = bulk.plan(actor, [*accepted, registered, handling], Verb.DISPATCH)
    done = bulk.dispatch_all(actor, planned, x, "请牵头办理")

    assert [each.steps for each in planned] == [(Verb.DISPATCH,), (Verb.DISPATCH,), (), ()]
    assert ["已登记" in planned[2].refusal, "办理中" in planned[3].refusal] == [True, True]
    assert [(each.issue_id, each.refusal) for each in done] == [(each, "") for each in accepted]
    assert [world.row(each).department_id for each in accepted] == [x, x]
    assert world.row(accepted[0]).instruction == "请牵头办理"
    assert world.row(registered).state is S.REGISTERED


def test_registered_issues_are_accepted_on_the_way_if_asked(world: IssueWorld) -> None:
    registered = world.issue(S.REGISTERED)
    actor = world.actor("coordinator")

    [planned] = bulk.plan(actor, [registered], Verb.DISPATCH, accepting=True)
    bulk.dispatch_all(actor, [planned], world.departments["X"].pk)

    assert planned.steps == (Verb.ACCEPT, Verb.DISPATCH)
    assert [event.verb for event in world.events(registered)] == [Verb.REGISTER, Verb.ACCEPT, Verb.DISPATCH]


def test_two_steps_of_one_issue_are_both_taken_or_neither(world: IssueWorld) -> None:
    """Given a department that does not exist, when both are asked for, then the issue is not accepted either."""
    registered, accepted = world.issue(S.REGISTERED), world.issue(S.ACCEPTED)
    actor = world.actor("coordinator")

    with pytest.raises(InvalidError):
        accept_and_dispatch(actor, registered, 999)
    with pytest.raises(StepRefusedError):
        accept_and_dispatch(actor, accepted, world.departments["X"].pk)

    assert world.row(registered).state is S.REGISTERED
    assert world.row(registered).version == 1


def test_what_happened_since_the_preview_is_not_overrun(world: IssueWorld) -> None:
    """Given a plan, when somebody declines one issue first, then the other is done and this one told."""
    first, second = world.issue(S.ACCEPTED), world.issue(S.ACCEPTED)
    actor = world.actor("coordinator")
    planned = bulk.plan(actor, [first, second], Verb.DISPATCH)
    issues.supervise(actor, first, "限期办理")

    done = bulk.dispatch_all(actor, planned, world.departments["X"].pk)

    assert ["抢先" in done[0].refusal or "督办" in done[0].refusal, done[1].refusal] == [True, ""]
    assert [world.row(each).state for each in (first, second)] == [S.ACCEPTED, S.DISPATCHED]


def test_a_department_that_is_not_active_is_refused_at_once(world: IssueWorld) -> None:
    planned = bulk.plan(world.actor("coordinator"), [world.issue(S.ACCEPTED)], Verb.DISPATCH)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Department, world.departments["Z"].pk).active = False

    with pytest.raises(InvalidError):
        bulk.dispatch_all(world.actor("coordinator"), planned, world.departments["Z"].pk)


def test_urging_counts_on_each_issue_and_leaves_out_what_waits_for_nobody(world: IssueWorld) -> None:
    open_one, closed = world.issue(S.HANDLING), world.issue(S.CLOSED)
    actor = world.actor("coordinator")

    planned = bulk.plan(actor, [open_one, closed], Verb.URGE)
    done = bulk.urge_all(actor, planned, "请加快办理")

    assert [bool(each.refusal) for each in planned] == [False, True]
    assert [each.issue_id for each in done] == [open_one]
    assert [world.row(each).urges for each in (open_one, closed)] == [1, 0]
    assert world.events(open_one)[-1].reason == "请加快办理"


def test_what_somebody_urged_today_is_left_out_until_tomorrow(world: IssueWorld) -> None:
    """Given issues of which one was urged today, then only the other is urged; tomorrow, and by others, both are."""
    urged, other = world.issue(S.HANDLING), world.issue(S.HANDLING)
    clock.advance(timedelta(days=30))
    actor, view = world.actor("coordinator"), Query(view=QuickView.TO_URGE)
    assert ledger.count(actor, view).number == 2
    issues.urge(actor, urged)

    planned = bulk.plan(actor, [urged, other], Verb.URGE)

    assert [(each.steps, bool(each.refusal)) for each in planned] == [((), True), ((Verb.URGE,), False)]
    assert [row["id"] for row in ledger.find(actor, view).rows] == [other]
    assert todo.urged(actor) == 1
    assert all(each.steps for each in bulk.plan(world.actor("lead_a"), [urged, other], Verb.URGE))
    clock.advance(timedelta(days=1))
    assert all(each.steps for each in bulk.plan(actor, [urged, other], Verb.URGE))
    assert todo.urged(actor) == 0


def test_call_backs_are_started_for_one_caller(world: IssueWorld) -> None:
    answered, resolved = world.issue(S.ANSWERED), world.issue(S.RESOLVED)
    actor = world.actor("coordinator")

    planned = bulk.plan(actor, [answered, resolved], Verb.START_CALL_BACK)
    done = bulk.start_call_backs(actor, planned, world.people["lead_a"].pk)

    assert [each.issue_id for each in done] == [answered]
    assert world.row(answered).caller_id == world.people["lead_a"].pk


def test_a_caller_who_cannot_call_is_told_for_each_issue(world: IssueWorld) -> None:
    answered = world.issue(S.ANSWERED)
    actor = world.actor("coordinator")

    [done] = bulk.start_call_backs(
        actor, bulk.plan(actor, [answered], Verb.START_CALL_BACK), world.people["officer_x"].pk
    )  # fmt: skip

    assert done.refusal
    assert world.row(answered).state is S.ANSWERED


def test_issues_of_others_are_passed_over_and_outsiders_do_nothing(world: IssueWorld) -> None:
    """Given an issue of another street, when a lead plans with it, then it is not there; a manager may do nothing."""
    own, others = world.issue(S.REGISTERED), world.register(by="worker_b", at="B")

    planned = bulk.plan(world.actor("lead_a"), [own, others], Verb.URGE)
    by_manager = bulk.plan(world.actor("manager"), [own, others], Verb.URGE)

    assert [each.issue_id for each in planned] == [own]
    assert [(each.steps, bool(each.refusal)) for each in by_manager] == [((), True), ((), True)]
    with pytest.raises(NotAllowedError):
        bulk.dispatch_all(world.actor("lead_a"), planned, world.departments["X"].pk)
    with pytest.raises(NotAllowedError):
        bulk.plan(world.actor("admin"), [own], Verb.URGE)


def test_there_is_an_end_to_how_many(world: IssueWorld) -> None:
    with pytest.raises(InvalidError, match="200"):
        bulk.plan(world.actor("coordinator"), list(range(201)), Verb.URGE)


@pytest.mark.parametrize("verb", [Verb.DISPATCH, Verb.URGE])
def test_a_plan_asks_as_much_for_many_issues_as_for_one(world: IssueWorld, verb: Verb) -> None:
    """Given five registered issues, when they are planned, then the database is asked no more than for one."""
    ids = [world.issue(S.REGISTERED) for _ in range(5)]
    actor = world.actor("coordinator")

    with statements() as for_one:
        bulk.plan(actor, ids[:1], verb, accepting=True)
    with statements() as for_all:
        planned = bulk.plan(actor, ids, verb, accepting=True)

    assert all(each.steps for each in planned)
    assert len(for_all) == len(for_one)
