"""What the page of one issue is made of: everything at once, each part as far as the person may see it."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import InvalidError, NotFoundError
from models.configuration import ChoiceItem, ChoiceList, Extensible, ExtraField
from models.enterprise import Contact
from models.issue import IssueState
from models.issue_log import LinkKind, TaskState
from models.lifecycle import Verb
from models.limits import Stage
from services import issues
from services.issues import Assistance, choosing, reading, telling
from services.issues.acting import who_acts
from services.issues.remaining import Remaining
from tests import factories
from tests.issue_world import IssueWorld

S = IssueState


def test_an_issue_of_any_state_is_shown_with_its_clock_and_who_acts(world: IssueWorld) -> None:
    """Given issues of all states, when read, then each has a running clock and somebody to act unless it has ended."""
    for state in IssueState:
        shown = reading.read(world.actor("coordinator"), world.issue(state))

        ended = state in {S.CLOSED, S.DECLINED}
        assert (shown.running is None) is ended
        assert bool(shown.who) is not (ended or state is S.SHELVED)
        assert shown.enterprise.name == "A 企业有限公司"
        assert shown.place[-1] == "A 网格"
        assert [event.seq for event in shown.events] == list(range(1, shown.issue.version + 1))


def test_the_deadline_is_that_of_the_row_with_its_days(world: IssueWorld) -> None:
    """Given an issue being handled, when read, then the explained deadline is the row's, and past stages are told."""
    issue_id = world.issue(S.HANDLING)

    shown = reading.read(world.actor("officer_x"), issue_id)

    assert shown.running is not None
    assert shown.running.stage is Stage.HANDLE
    assert shown.running.deadline.at == shown.issue.due_at
    assert sum(day.counted for day in shown.running.deadline.days) == 15
    assert shown.running.left is Remaining.IN_TIME
    assert [lap.stage for lap in shown.laps] == [Stage.ACCEPT, Stage.DISPATCH, Stage.ACKNOWLEDGE]
    assert all(lap.met for lap in shown.laps)


def test_a_stage_that_ended_late_is_told_so(world: IssueWorld) -> None:
    """Given a need accepted a week after it was registered, when it is read, then that stage was not in time."""
    issue_id = world.issue(S.REGISTERED)
    clock.advance(timedelta(days=7))
    assert reading.read(world.actor("lead_a"), issue_id).running.left is Remaining.OVERDUE  # type: ignore[union-attr]
    world.step(issue_id, "accept")

    lap = reading.read(world.actor("lead_a"), issue_id).laps[0]

    assert lap.stage is Stage.ACCEPT
    assert not lap.met


def test_the_phone_is_masked_for_whom_does_not_need_it(world: IssueWorld) -> None:
    """Given a contact, when officer and coordinator read the issue, then only the coordinator sees the number."""
    issue_id = world.issue(S.HANDLING)
    factories.stored(Contact(enterprise_id=world.enterprises["A"].pk, name="赵倩", phone="+8613805330101"))

    officer = reading.read(world.actor("officer_x"), issue_id).contacts[0]
    coordinator = reading.read(world.actor("coordinator"), issue_id).contacts[0]

    assert officer.masked
    assert "5330101" not in officer.phone
    assert coordinator.phone == "+8613805330101"


def test_tasks_and_links_are_shown_each_as_far_as_one_may(world: IssueWorld) -> None:
    """Given an assisting department and a link to an issue it cannot see, when it reads, then the link has no text."""
    issue_id, other = world.issue(S.ACCEPTED), world.issue(S.REGISTERED, by="worker_b", at="B")
    issues.link(world.actor("coordinator"), issue_id, other, LinkKind.RELATED)
    assisting = [Assistance(world.departments["Y"].pk, "核实用地")]
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=assisting)

    shown = reading.read(world.actor("officer_y"), issue_id)

    task = shown.tasks[0]
    assert (task.department, task.own, task.task.state) == ("Y 局", True, TaskState.OPEN)
    assert not shown.leads
    assert [(link.visible, link.text) for link in shown.links] == [(False, "")]
    assert reading.read(world.actor("coordinator"), issue_id).links[0].visible


def test_outsiders_do_not_see_it_and_a_manager_takes_no_step(world: IssueWorld) -> None:
    """Given an issue of street A, when others read it, then it does not exist for them; the manager only looks."""
    issue_id = world.issue(S.HANDLING)

    for outsider in ("worker_b", "lead_b", "officer_z"):
        with pytest.raises(NotFoundError):
            reading.read(world.actor(outsider), issue_id)
        with pytest.raises(NotFoundError):
            choosing.extended(world.actor(outsider), issue_id, 5)
    shown = reading.read(world.actor("manager"), issue_id)
    assert shown.allowed == {}
    assert shown.choices is None


def test_the_forms_offer_who_serves_the_area_but_no_handler(world: IssueWorld) -> None:
    """Given an answered issue, when the coordinator chooses a caller, then the first receiver comes first."""
    issue_id = world.issue(S.ANSWERED)

    choices = reading.read(world.actor("coordinator"), issue_id).choices

    assert choices is not None
    people = [world.people[name].pk for name in ("worker_a", "lead_a", "coordinator")]
    assert next(iter(choices.callers)) == people[0]
    assert set(choices.callers) == set(people)
    assert list(choices.departments.values()) == ["X 局", "Y 局", "Z 局"]


def test_an_extension_is_told_with_the_deadline_it_would_give(world: IssueWorld) -> None:
    """Given 3 days asked for, when the coordinator reads it, then the deadline is the one that granting gives."""
    issue_id = world.issue(S.HANDLING)
    asked = choosing.extended(world.actor("officer_x"), issue_id, 3)
    world.step(issue_id, "request_extension")

    shown = reading.read(world.actor("coordinator"), issue_id)
    world.step(issue_id, "approve_extension")

    due = reading.read(world.actor("coordinator"), issue_id).issue.due_at
    assert asked is not None
    assert shown.extension is not None
    assert asked.at == shown.extension.at == due


def test_an_issue_is_found_by_its_number_if_one_may_see_it(world: IssueWorld) -> None:
    """Given a number, when it is looked for, then in any case and with spaces; an outsider is told there is none."""
    issue_id = world.issue(S.REGISTERED)
    number = world.row(issue_id).number

    assert choosing.numbered(world.actor("lead_a"), f" {number.lower()} ") == issue_id
    with pytest.raises(InvalidError, match="编号"):
        choosing.numbered(world.actor("lead_b"), number)


def test_the_log_is_told_in_words(world: IssueWorld) -> None:
    """Given an issue that was redone, when its log is told, then each event says who did what, and what it changed."""
    issue_id = world.issue(S.HANDLING)
    issues.request_extension(world.actor("officer_x"), issue_id, 3, "设备采购需要时间")
    issues.approve_extension(world.actor("coordinator"), issue_id)
    for step in ("resolve", "pass_review", "answer", "start_call_back", "not_satisfied"):
        world.step(issue_id, step)

    shown = reading.read(world.actor("coordinator"), issue_id)
    told = {event.verb: event for event in shown.events}

    def phrase(verb: Verb) -> str:
        return telling.what(told[verb], shown.names)

    assert phrase(Verb.DISPATCH) == "交办至 X 局"
    assert phrase(Verb.REQUEST_EXTENSION) == "申请延期 3 个工作日"
    assert phrase(Verb.START_CALL_BACK) == "安排 worker_a 回访"
    assert phrase(Verb.REDO) == "回访：已解决、不满意，转入重办"
    assert telling.who(told[Verb.RESOLVE], shown.names) == "X 局 officer_x"
    assert telling.said(told[Verb.RESOLVE]) == "已完成线路改造"
    assert telling.changes(told[Verb.APPROVE_EXTENSION], shown.names)[0].startswith("恢复计时后截止时间：")
    assert telling.changes(told[Verb.ACKNOWLEDGE], shown.names) == []
    assert all(telling.what(event, shown.names) for event in shown.events)


def test_a_correction_names_what_it_changed(world: IssueWorld) -> None:
    """Given a corrected urgency, when the log is told, then old and new value stand there."""
    issue_id = world.issue(S.REGISTERED)
    issues.correct(world.actor("lead_a"), issue_id, text="车间电压不稳，需要增容")

    shown = reading.read(world.actor("lead_a"), issue_id)

    assert telling.changes(shown.events[-1], shown.names) == [
        "反映内容：车间电压不稳，设备常停机 → 车间电压不稳，需要增容"
    ]


def test_own_fields_are_corrected_and_told(world: IssueWorld) -> None:
    """Given a field of the administrator's with choices of a list, then it is offered, corrected, checked and told."""
    factories.stored(ChoiceList(key="parks", name="园区"))
    for value, label in (("east", "东区"), ("west", "西区")):
        factories.stored(ChoiceItem(list_key="parks", value=value, label=label))
    own = {"entity": Extensible.ISSUE}
    factories.stored(ExtraField(key="park", label="所在园区", kind="choice", choice_list="parks", **own))
    factories.stored(ExtraField(key="staff", label="涉及人数", kind="integer", minimum=1, **own))
    issue_id = world.register(extra={"park": "east", "gone": "旧字段"})
    lead = world.actor("lead_a")
    offered = {
        spec.key: [option.value for option in spec.options] for spec in reading.read(lead, issue_id).names.own_fields
    }
    assert offered == {"park": ["east", "west"], "staff": []}

    with pytest.raises(InvalidError) as refused:
        issues.correct(lead, issue_id, extra={"park": "north", "staff": 0})
    assert set(refused.value.problems) == {"extra.park", "extra.staff"}
    issues.correct(lead, issue_id, extra={"park": "west", "staff": 12})

    shown = reading.read(lead, issue_id)
    assert shown.issue.extra == {"park": "west", "staff": 12, "gone": "旧字段"}
    assert telling.changes(shown.events[-1], shown.names) == ["所在园区：东区 → 西区", "涉及人数：— → 12"]


def test_a_corrected_category_is_told_by_its_name(world: IssueWorld) -> None:
    """Given an issue without a category, when it gets one, then the log names it as people know it."""
    issue_id = world.issue(S.REGISTERED)
    issues.correct(world.actor("lead_a"), issue_id, category="power")

    shown = reading.read(world.actor("lead_a"), issue_id)

    assert telling.changes(shown.events[-1], shown.names) == ["问题类别：— → 要素保障 / 供电"]


def test_who_acts_follows_tier_review_and_call_back(world: IssueWorld) -> None:
    """Given issues at different points, then the words name the one who has to act."""
    expected = {
        S.REGISTERED: "村居服务队长", S.DISPATCHED: "X 局", S.HANDLING: "X 局 officer_x", S.RESOLVED: "统筹员",
        S.RESOLVED_ON_SITE: "worker_a", S.CALL_BACK: "worker_a",
    }  # fmt: skip
    for state, words in expected.items():
        shown = reading.read(world.actor("coordinator"), world.issue(state))
        assert who_acts(shown.issue, shown.names) == words
    issue_id = world.issue(S.CALL_BACK)
    world.step(issue_id, "confirm")
    assert reading.read(world.actor("coordinator"), issue_id).who == "统筹员或服务队长"


def test_news_are_what_others_did_since(world: IssueWorld) -> None:
    """Given a comment by somebody else after the version seen, then it is news; one's own steps are not."""
    issue_id = world.issue(S.HANDLING)
    seen = world.row(issue_id).version
    issues.comment(world.actor("colleague_x"), issue_id, "我来联系")
    issues.comment(world.actor("officer_x"), issue_id, "好的")

    shown = reading.read(world.actor("officer_x"), issue_id)

    assert [event.actor_name for event in reading.since(shown, seen, world.actor("officer_x"))] == ["colleague_x"]
    assert len(shown.conversation) == 2
