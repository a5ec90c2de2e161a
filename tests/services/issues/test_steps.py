"""Each step of the life cycle: what it does, what refuses it, and what the log tells."""

from datetime import date, timedelta

import pytest

from core import clock
from core.errors import ConflictError, InvalidError, NotFoundError
from models.area import Tier
from models.issue import Card, IssueState
from models.issue_log import LinkKind, TaskState
from models.lifecycle import STEPS, Verb
from services import issues, lifecycle_page, outbox
from services.issues import Assistance, StaleError, events
from services.issues.guards import StepRefusedError
from services.issues.pausing import RESUME
from services.issues.reviewing_shelved import take_up
from services.tallies import reading
from services.tallies.measures import Measure
from services.tallies.scope import Asked
from tests.issue_world import STATES, IssueWorld
from tests.servers import ROOT

S = IssueState


@pytest.mark.parametrize("state", list(IssueState))
def test_every_state_is_reached_by_real_steps_and_its_log_replays_to_the_row(world: IssueWorld, state: S) -> None:
    """Given a need, when it is driven to a state, then the fold of its events is its row."""
    issue_id = world.issue(state)

    row = world.row(issue_id)
    assert row.state is state
    assert events.replay(world.events(issue_id)) == events.snapshot(row)
    assert [event.seq for event in world.events(issue_id)] == list(range(1, row.version + 1))


def test_the_table_of_steps_is_whole() -> None:
    """Given the life cycle, then every verb has its step and every state but the first can be reached."""
    assert set(STEPS) == set(Verb)
    assert {target for step in STEPS.values() for target in step.targets} == set(IssueState)
    assert set(STATES) == set(IssueState)


def test_a_step_of_another_state_is_refused_with_the_state(world: IssueWorld) -> None:
    """Given a registered need, when a coordinator would close it, then the refusal names the state."""
    issue_id = world.issue(S.REGISTERED)

    with pytest.raises(StepRefusedError, match="已登记"):
        issues.close(world.actor("coordinator"), issue_id)

    assert world.row(issue_id).version == 1


def test_the_third_return_is_ruled_and_then_nothing_is_returned(world: IssueWorld) -> None:
    """Given three returns, when the coordinator dispatches again, then it is a ruling."""
    issue_id = world.issue(S.ACCEPTED)
    world.step(issue_id, "dispatch")
    world.step(issue_id, "return")
    for _ in range(2):
        world.step(issue_id, "redispatch")
        assert not world.row(issue_id).ruled
        world.step(issue_id, "return")
    assert world.row(issue_id).returns == 3

    world.step(issue_id, "redispatch")

    assert world.row(issue_id).ruled
    with pytest.raises(StepRefusedError, match="已裁定"):
        world.step(issue_id, "return")


def test_a_return_after_its_limit_is_refused(world: IssueWorld) -> None:
    """Given an issue dispatched a week ago, when the department returns it, then it is 申请延期的时间."""
    issue_id = world.issue(S.DISPATCHED)
    clock.advance(timedelta(days=7))

    with pytest.raises(StepRefusedError, match="时限已过"):
        world.step(issue_id, "return")


def test_an_extension_moves_the_deadline_by_its_days_and_the_waiting(world: IssueWorld) -> None:
    """Given 3 days asked for and 2 days of waiting, when granted, then the deadline is 5 working days later."""
    issue_id = world.issue(S.HANDLING)
    before = world.row(issue_id)
    clock.advance(timedelta(days=1))
    world.step(issue_id, "request_extension")
    assert world.row(issue_id).paused_since == clock.now()
    clock.advance(timedelta(days=2))

    world.step(issue_id, "approve_extension")

    after = world.row(issue_id)
    assert before.due_at
    assert after.due_at
    assert (before.due_at.date(), after.due_at.date()) == (_day(27), _day(35))
    assert after.due_version > before.due_version
    assert after.paused_since is None
    assert after.extension_days == 0


def test_a_refused_extension_gives_no_days_but_the_waiting(world: IssueWorld) -> None:
    """Given a refused extension after a day, then the deadline is one working day later, no more."""
    issue_id = world.issue(S.HANDLING)
    clock.advance(timedelta(days=1))
    world.step(issue_id, "request_extension")
    clock.advance(timedelta(days=1))

    world.step(issue_id, "refuse_extension")

    assert world.row(issue_id).due_at.date() == _day(28)  # type: ignore[union-attr]


def test_an_extension_asked_too_late_is_refused(world: IssueWorld) -> None:
    """Given an issue due today, when more time is asked for, then it is refused and nothing changes."""
    issue_id = world.issue(S.HANDLING)
    due = world.row(issue_id).due_at
    assert due
    clock.advance(due - clock.now() - timedelta(hours=4))

    with pytest.raises(StepRefusedError, match="延期申请时间"):
        world.step(issue_id, "request_extension")


def test_a_shelved_issue_is_taken_up_again_on_its_review_date(world: IssueWorld) -> None:
    """Given a shelved issue, when the day of its message has come, then it is being handled and its clock goes on."""
    issue_id = world.issue(S.SHELVED)
    payload = {"issue": issue_id, "review_on": world.row(issue_id).review_on.isoformat()}  # type: ignore[union-attr]
    assert world.row(issue_id).paused_since is not None
    assert outbox.backlog().planned == 1
    clock.advance(timedelta(days=60))

    take_up(payload)
    take_up(payload)

    assert world.row(issue_id).state is S.HANDLING
    assert world.row(issue_id).paused_since is None
    assert [event.verb for event in world.events(issue_id)].count(Verb.RESUME) == 1
    assert RESUME == "issue.resume"


def test_a_shelved_issue_shelved_anew_ignores_the_message_of_its_first_date(world: IssueWorld) -> None:
    """Given an issue shelved until another day meanwhile, when the first message comes, then it stays shelved."""
    issue_id = world.issue(S.SHELVED)

    take_up({"issue": issue_id, "review_on": "2023-12-31"})

    assert world.row(issue_id).state is S.SHELVED


def test_the_lead_department_waits_for_mandatory_tasks(world: IssueWorld) -> None:
    """Given an assisting department's task, when the lead department resolves, then only after the task is done."""
    issue_id = world.issue(S.ACCEPTED)
    coordinator, x, y = world.actor("coordinator"), world.actor("officer_x"), world.actor("officer_y")
    issues.dispatch(
        coordinator, issue_id, world.departments["X"].pk,
        assisting=[Assistance(world.departments["Y"].pk, "核实用地性质")],
    )  # fmt: skip
    world.step(issue_id, "acknowledge")
    task = world.tasks(issue_id)[0]
    assert world.row(issue_id).cross_department
    assert task.due_at is not None

    with pytest.raises(StepRefusedError, match="还有 1 项"):
        world.step(issue_id, "resolve")
    with pytest.raises(NotFoundError):
        issues.finish_task(world.actor("officer_z"), issue_id, task.pk, "不相干")
    with pytest.raises(StepRefusedError, match="没有未完成"):
        issues.finish_task(x, issue_id, task.pk, "代为完成")
    with pytest.raises(StepRefusedError, match="只有主办部门"):
        issues.resolve(y, issue_id, "越俎代庖")
    issues.finish_task(y, issue_id, task.pk, "土地性质为工业用地")
    world.step(issue_id, "resolve")

    assert world.row(issue_id).state is S.RESOLVED
    assert world.tasks(issue_id)[0].state is TaskState.DONE


def test_a_returned_task_still_holds_the_issue_until_it_is_cancelled(world: IssueWorld) -> None:
    """Given a task its department returned, when the lead department cancels it, then the issue can be resolved."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("officer_x"), issue_id, world.departments["Y"].pk, "提供管线图")
    task = world.tasks(issue_id)[0]
    issues.return_task(world.actor("officer_y"), issue_id, task.pk, "管线图在 Z 局")
    with pytest.raises(StepRefusedError, match="必须完成"):
        world.step(issue_id, "resolve")

    issues.cancel_task(world.actor("officer_x"), issue_id, task.pk, "改由 Z 局提供")
    world.step(issue_id, "resolve")

    assert world.row(issue_id).state is S.RESOLVED


def test_a_failed_review_goes_on_with_the_same_clock_without_the_time_of_the_review(world: IssueWorld) -> None:
    """Given a review that took two working days, when it fails, then the deadline is two working days later."""
    issue_id = world.issue(S.HANDLING)
    before = world.row(issue_id).due_at
    clock.advance(timedelta(days=1))
    world.step(issue_id, "resolve")
    clock.advance(timedelta(days=2))

    world.step(issue_id, "fail_review")

    after = world.row(issue_id)
    assert before
    assert after.due_at
    assert (before.date(), after.due_at.date()) == (_day(27), _day(29))
    assert after.resolved_by_id is None


def test_an_answer_waits_for_the_review(world: IssueWorld) -> None:
    """Given a resolved issue, when the department tells the enterprise, then only after the review."""
    issue_id = world.issue(S.RESOLVED)

    with pytest.raises(StepRefusedError, match="尚未通过审核"):
        world.step(issue_id, "answer")
    world.step(issue_id, "pass_review")
    with pytest.raises(StepRefusedError, match="已"):
        world.step(issue_id, "pass_review")
    world.step(issue_id, "answer")

    assert world.row(issue_id).state is S.ANSWERED


def test_solved_but_not_satisfied_is_done_anew_in_the_next_round(world: IssueWorld) -> None:
    """Given a call-back, when the enterprise is not satisfied, then the same department begins round 2."""
    issue_id = world.issue(S.CALL_BACK)

    world.step(issue_id, "not_satisfied")

    row = world.row(issue_id)
    assert (row.state, row.round, row.department_id) == (S.DISPATCHED, 2, world.departments["X"].pk)
    assert (row.solved, row.satisfied) == (True, False)
    assert row.handler_id is None
    assert row.answer == ""


def test_a_need_resolved_on_site_that_is_not_solved_goes_to_the_coordinator(world: IssueWorld) -> None:
    """Given a need resolved on site without a department, when not solved, then it is accepted in round 2."""
    issue_id = world.issue(S.RESOLVED_ON_SITE)
    issues.answer(world.actor("worker_a"), issue_id, "当场告知")
    issues.start_call_back(world.actor("coordinator"), issue_id)

    issues.record_call_back(
        world.actor("coordinator"), issue_id, reached=True, solved=False, satisfied=False, note="又停电了"
    )

    assert (world.row(issue_id).state, world.row(issue_id).round) == (S.ACCEPTED, 2)


def test_no_call_back_by_the_handler_and_none_without_both_answers(world: IssueWorld) -> None:
    """Given a need a worker resolved on site, then the worker neither calls back nor is asked to."""
    issue_id = world.issue(S.RESOLVED_ON_SITE)
    issues.answer(world.actor("worker_a"), issue_id, "当场告知")
    coordinator = world.actor("coordinator")

    with pytest.raises(StepRefusedError, match="不能确认"):
        issues.start_call_back(world.actor("worker_a"), issue_id)
    with pytest.raises(InvalidError):
        issues.start_call_back(coordinator, issue_id, world.people["worker_a"].pk)
    issues.start_call_back(coordinator, issue_id)
    with pytest.raises(InvalidError) as problem:
        issues.record_call_back(coordinator, issue_id, reached=True)
    assert set(problem.value.problems) == {"solved", "satisfied"}
    with pytest.raises(InvalidError, match="不认可"):
        issues.record_call_back(coordinator, issue_id, reached=True, solved=True, satisfied=False)


def test_a_call_back_is_given_to_another_by_whoever_may_make_it_until_it_is_done(world: IssueWorld) -> None:
    issue_id = world.issue(S.CALL_BACK)
    caller, lead = world.actor("worker_a"), world.people["lead_a"].pk
    issues.start_call_back(caller, issue_id, lead)
    assert world.events(issue_id)[-1].after["caller_id"] == lead

    with pytest.raises(StepRefusedError, match="他人"):
        issues.start_call_back(caller, issue_id, caller.account_id)
    issues.record_call_back(world.actor("lead_a"), issue_id, reached=True, solved=True, satisfied=True)
    with pytest.raises(StepRefusedError, match="已完成"):
        issues.start_call_back(world.actor("coordinator"), issue_id, lead)

    assert world.row(issue_id).satisfied is True


def test_closing_waits_for_the_enterprise_or_three_attempts(world: IssueWorld) -> None:
    """Given nobody answers the phone, when it was tried three times, then the issue can be closed."""
    issue_id = world.issue(S.CALL_BACK)
    for _ in range(2):
        world.step(issue_id, "not_reached")
    with pytest.raises(StepRefusedError, match="尚未确认"):
        world.step(issue_id, "close")

    world.step(issue_id, "not_reached")
    world.step(issue_id, "close")

    row = world.row(issue_id)
    assert (row.state, row.due_at, row.stage) == (S.CLOSED, None, "")


def test_the_handler_does_not_close(world: IssueWorld) -> None:
    """Given a lead who resolved on site, when the enterprise has confirmed, then another must close."""
    issue_id = world.issue(S.REGISTERED)
    lead, coordinator = world.actor("lead_a"), world.actor("coordinator")
    issues.resolve_on_site(lead, issue_id, "当场答复政策")
    issues.answer(lead, issue_id, "当场答复")
    issues.start_call_back(coordinator, issue_id)
    issues.record_call_back(coordinator, issue_id, reached=True, solved=True, satisfied=True)

    with pytest.raises(StepRefusedError, match="不能确认"):
        issues.close(lead, issue_id)
    issues.close(coordinator, issue_id)

    assert world.row(issue_id).closed_by_id == world.people["coordinator"].pk


def test_a_closed_issue_is_reopened_in_its_next_round(world: IssueWorld) -> None:
    """Given a closed issue, when it is taken up again, then it waits to be dispatched in round 2."""
    issue_id = world.issue(S.CLOSED)

    world.step(issue_id, "reopen")

    row = world.row(issue_id)
    assert (row.state, row.round, row.department_id, row.closed_at) == (S.ACCEPTED, 2, None, None)
    assert (row.solved, row.satisfied) == (None, None)


def test_a_declined_issue_that_is_reopened_has_not_been_responded_to(world: IssueWorld) -> None:
    """Given an issue declined by mistake, when it is taken up again, then it is a need nobody has taken up."""
    issue_id = world.issue(S.DECLINED)

    world.step(issue_id, "reopen")

    assert (world.row(issue_id).state, world.row(issue_id).round) == (S.ACCEPTED, 1)
    counted = reading.issues(world.actor("manager"), Asked())
    assert (counted[Measure.ANSWERABLE], counted[Measure.RESPONDED]) == (1, 0)


def test_supervision_has_a_number_and_cards_rise(world: IssueWorld) -> None:
    """Given an issue, when supervised and shown cards, then each once, and a card never falls."""
    issue_id, coordinator = world.issue(S.HANDLING), world.actor("coordinator")

    assert issues.supervise(coordinator, issue_id, "三日内办结") == "DB-2023-0001"
    issues.red_card(coordinator, issue_id, "超期三日")

    assert world.row(issue_id).card is Card.RED
    with pytest.raises(StepRefusedError, match="DB-2023-0001"):
        issues.supervise(coordinator, issue_id, "再次督办")
    with pytest.raises(StepRefusedError, match="亮过"):
        issues.yellow_card(coordinator, issue_id, "超期一日")


def test_urging_and_escalating_are_events(world: IssueWorld) -> None:
    """Given a registered need, when urged and escalated twice, then it is with the zone and no higher."""
    issue_id, lead = world.issue(S.REGISTERED), world.actor("lead_a")
    issues.urge(world.actor("worker_a"), issue_id, "企业着急")
    issues.escalate(lead, issue_id, "社区无法解决")
    issues.escalate(lead, issue_id, "街道无法解决")

    row = world.row(issue_id)
    assert (row.tier, row.urges, row.state) == (Tier.ZONE, 1, S.REGISTERED)
    with pytest.raises(StepRefusedError, match="没有更高层级"):
        issues.escalate(lead, issue_id, "再往上")


def test_links_are_told_in_both_logs_whatever_the_order(world: IssueWorld) -> None:
    """Given two needs, when linked from the later one, then both logs name the other; twice is refused."""
    one, two = world.issue(S.REGISTERED), world.issue(S.REGISTERED)
    lead = world.actor("lead_a")

    issues.link(lead, two, one, LinkKind.DUPLICATE)

    assert world.events(one)[-1].reason == world.row(two).number
    assert world.events(two)[-1].reason == world.row(one).number
    with pytest.raises(ConflictError, match="已"):
        issues.link(lead, one, two, LinkKind.RELATED)
    with pytest.raises(InvalidError):
        issues.link(lead, one, one, LinkKind.RELATED)
    issues.unlink(lead, one, two)
    with pytest.raises(ConflictError, match="没有关联"):
        issues.unlink(lead, one, two)


def test_the_second_of_two_people_is_told_what_happened(world: IssueWorld) -> None:
    """Given two who look at the same version, when one was quicker, then the other is told and nothing changed."""
    issue_id = world.issue(S.REGISTERED)
    seen = world.row(issue_id).version
    issues.accept(world.actor("lead_a"), issue_id, seen=seen)

    with pytest.raises(StaleError) as told:
        issues.decline(world.actor("coordinator"), issue_id, "重复反映", seen=seen)

    assert [event.verb for event in told.value.events] == [Verb.ACCEPT]
    assert "lead_a" in str(told.value)
    assert told.value.version == seen + 1
    assert world.row(issue_id).state is S.ACCEPTED


def test_a_department_leads_or_assists_and_must_be_active(world: IssueWorld) -> None:
    """Given a dispatch, when a department would do both or does not exist, then nothing is dispatched."""
    issue_id, coordinator, x = world.issue(S.ACCEPTED), world.actor("coordinator"), world.departments["X"].pk

    with pytest.raises(InvalidError):
        issues.dispatch(coordinator, issue_id, x, assisting=[Assistance(x, "自己协助自己")])
    with pytest.raises(InvalidError):
        issues.dispatch(coordinator, issue_id, 0)

    assert world.row(issue_id).state is S.ACCEPTED
    assert world.tasks(issue_id) == []


def test_what_a_need_says_is_corrected_before_it_is_dispatched(world: IssueWorld) -> None:
    """Given a registered need, when its text is corrected, then the log holds both; a dispatched one stays."""
    issue_id, lead = world.issue(S.REGISTERED), world.actor("lead_a")
    issues.correct(lead, issue_id, text="变压器容量不足")

    event = world.events(issue_id)[-1]
    assert (event.before["text"], event.after["text"]) == ("车间电压不稳，设备常停机", "变压器容量不足")
    with pytest.raises(InvalidError):
        issues.correct(lead, issue_id, text="  ")
    with pytest.raises(InvalidError):
        issues.correct(lead, issue_id, first_receiver_id=world.people["manager"].pk)
    with pytest.raises(StepRefusedError):
        issues.correct(world.actor("coordinator"), world.issue(S.DISPATCHED), text="改不了")


def test_reasons_are_asked_for(world: IssueWorld) -> None:
    """Given steps that need a reason, when it is empty or too long, then the field is named and nothing changes."""
    issue_id = world.issue(S.REGISTERED)

    for given in ("", "  ", "长" * 1001):
        with pytest.raises(InvalidError) as problem:
            issues.decline(world.actor("lead_a"), issue_id, given)
        assert set(problem.value.problems) == {"reason"}
    assert world.row(issue_id).version == 1


def test_comments_are_read_by_all_and_change_nothing(world: IssueWorld) -> None:
    """Given an issue, when its parties talk, then the log holds it and the row is the same but for the version."""
    issue_id = world.issue(S.HANDLING)
    before = events.snapshot(world.row(issue_id))
    issues.comment(world.actor("officer_x"), issue_id, "已到现场查看")
    issues.comment(world.actor("worker_a"), issue_id, "企业周三停产检修")

    assert events.snapshot(world.row(issue_id)) == before
    assert [event.reason for event in world.events(issue_id)[-2:]] == ["已到现场查看", "企业周三停产检修"]
    with pytest.raises(NotFoundError):
        issues.comment(world.actor("officer_z"), issue_id, "打听一下")


def test_what_is_registered_twice_by_mistake_is_declined_never_deleted(world: IssueWorld) -> None:
    """Given two needs, then their numbers follow each other without a gap."""
    numbers = [world.row(world.register()).number for _ in range(3)]

    assert numbers == ["QY-2023-000001", "QY-2023-000002", "QY-2023-000003"]


def _day(number: int) -> date:
    """Return the day so many days after 2023-11-30: 27 is the 27th of December, 35 the 4th of January."""
    return date(2023, 11, 30) + timedelta(days=number)


def test_the_page_of_the_documentation_shows_the_life_cycle() -> None:
    """Given the table of steps, then the documentation shows it as it is."""
    written = (ROOT / "docs" / "lifecycle.md").read_text("utf-8")

    assert written == lifecycle_page.page(), "run: python -m services.lifecycle_page > docs/lifecycle.md"


def test_another_department_has_its_own_time_to_acknowledge(world: IssueWorld) -> None:
    """Given a department that let its time pass, when another gets the issue, then its time begins then."""
    issue_id = world.issue(S.DISPATCHED)
    clock.advance(timedelta(days=6))

    issues.redispatch(world.actor("coordinator"), issue_id, world.departments["Y"].pk, instruction="改由 Y 局办理")

    assert world.row(issue_id).due_at.date() == date(2023, 12, 13)  # type: ignore[union-attr]


def test_optional_tasks_end_with_the_result(world: IssueWorld) -> None:
    """Given an optional task still open, when the issue is resolved, then it is cancelled and its clock stands."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "提供参考意见", mandatory=False)

    world.step(issue_id, "resolve")

    assert [task.state for task in world.tasks(issue_id)] == [TaskState.CANCELLED]
    assert world.events(issue_id)[-1].task_id is None


def test_tasks_of_a_shelved_issue_have_no_deadline_until_it_is_taken_up(world: IssueWorld) -> None:
    """Given an open task, when the issue is shelved for 60 days, then the task's time stands still as long."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "测绘")
    due = world.tasks(issue_id)[0].due_at
    world.step(issue_id, "request_shelving")
    world.step(issue_id, "approve_shelving")
    assert world.tasks(issue_id)[0].due_at is None
    clock.advance(timedelta(days=60))

    world.step(issue_id, "resume")

    assert due is not None
    assert world.tasks(issue_id)[0].due_at > due + timedelta(days=55)  # type: ignore[operator]


def test_events_tell_what_their_words_need_even_if_it_stays(world: IssueWorld) -> None:
    """Given steps that leave what they speak of as it was, then their events tell it all the same."""
    issue_id = world.issue(S.SHELVED)
    approved = world.events(issue_id)[-1]
    assert approved.after["review_on"] == world.row(issue_id).review_on.isoformat()  # type: ignore[union-attr]
    issue_id = world.issue(S.CALL_BACK)
    world.step(issue_id, "confirm")
    world.step(issue_id, "confirm")
    assert world.events(issue_id)[-1].after["solved"] is True
    world.step(issue_id, "not_satisfied")
    told = world.events(issue_id)[-1].after
    assert (told["solved"], told["satisfied"]) == (True, False)


def test_a_village_lead_no_longer_decides_on_what_went_up(world: IssueWorld) -> None:
    """Given a need handed to the zone, when the lead below would accept or decline it, then it is refused."""
    issue_id, lead = world.issue(S.REGISTERED), world.actor("lead_a")
    issues.escalate(lead, issue_id, "社区无法解决")
    issues.escalate(lead, issue_id, "街道无法解决")

    with pytest.raises(StepRefusedError, match="上一级"):
        issues.accept(lead, issue_id)
    with pytest.raises(StepRefusedError, match="上一级"):
        issues.decline(lead, issue_id, "重复")
    issues.accept(world.actor("coordinator"), issue_id)


def test_a_department_assists_again_in_a_later_round_and_never_leads_beside_its_task(world: IssueWorld) -> None:
    """Given a department with a done task, it can be asked again; one with an open task is not given the lead."""
    issue_id, coordinator = world.issue(S.HANDLING), world.actor("coordinator")
    y = world.departments["Y"].pk
    issues.add_task(coordinator, issue_id, y, "核实")
    with pytest.raises(InvalidError) as problem:
        issues.redispatch(coordinator, issue_id, y, instruction="改由 Y 局主办")
    assert set(problem.value.problems) == {"department_id"}
    issues.finish_task(world.actor("officer_y"), issue_id, world.tasks(issue_id)[0].pk, "已核实")

    issues.redispatch(
        coordinator, issue_id, world.departments["X"].pk, instruction="重新办理",
        assisting=[Assistance(y, "再次核实")],
    )  # fmt: skip

    assert [task.state for task in world.tasks(issue_id)] == [TaskState.DONE, TaskState.OPEN]


def test_notes_are_tidied_and_never_too_long_for_the_log(world: IssueWorld) -> None:
    """Given a note with control characters, when a step carries it, then the log has it without them."""
    issue_id = world.issue(S.RESOLVED)

    with pytest.raises(InvalidError):
        issues.pass_review(world.actor("coordinator"), issue_id, note="长" * 4001)
    issues.pass_review(world.actor("coordinator"), issue_id, note="照片\x0b清楚\x00")

    assert "\x0b" not in world.events(issue_id)[-1].reason
    assert "\x00" not in world.events(issue_id)[-1].reason
