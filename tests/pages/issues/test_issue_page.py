"""The page of one issue: the next step of each role, refusals with their reason, nothing typed ever lost."""

import pytest
from streamlit.testing.v1 import AppTest

from core.db import transaction
from models.configuration import Extensible, ExtraField
from models.enterprise import Enterprise
from models.issue import IssueState
from models.lifecycle import Verb
from models.reminder import Effect, Relation, ReminderRule
from pages.common import ui
from pages.issues.parts.pressed import Pressed
from services import issues
from services.actor import SYSTEM
from tests import factories, inbox_world, issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp, PressedTwice

S, V = IssueState, Verb
PAGE = "pages/issues/issue.py"


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    """The small world in an empty database; the clock stands still."""
    assert database
    assert frozen_clock
    return issue_world.build()


def opened(open_app: OpenApp, world: IssueWorld, who: str, issue_id: int) -> AppTest:
    app = open_app(world.people[who], PAGE, issue=issue_id)
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str]:
    """Return the keys of the buttons on the page."""
    return {str(button.key) for button in app.button if button.key}


def texts(app: AppTest) -> str:
    """Return everything the page says in words."""
    said = [*app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.title]
    return "\n".join(each.value for each in said)


def field(app: AppTest, name: str) -> str:
    """Return the key of a field of the open form."""
    found = [str(each.key) for each in (*app.text_area, *app.selectbox, *app.number_input, *app.pills) if each.key]
    return next(key for key in found if key.endswith(f"_{name}") and key.startswith("step_"))


MAIN = {
    ("worker_a", S.REGISTERED): {V.RESOLVE_ON_SITE},
    ("lead_a", S.REGISTERED): {V.ACCEPT, V.DECLINE},
    ("coordinator", S.ACCEPTED): {V.DISPATCH},
    ("officer_x", S.DISPATCHED): {V.ACKNOWLEDGE, V.RETURN},
    ("officer_x", S.HANDLING): {V.RESOLVE, V.REQUEST_EXTENSION},
    ("coordinator", S.EXTENSION_REQUESTED): {V.APPROVE_EXTENSION, V.REFUSE_EXTENSION},
    ("coordinator", S.RESOLVED): {V.PASS_REVIEW, V.FAIL_REVIEW},
    ("coordinator", S.ANSWERED): {V.START_CALL_BACK},
    ("worker_a", S.CALL_BACK): {V.CALL_BACK},
}


def test_each_role_sees_its_next_step_and_the_manager_none(open_app: OpenApp, world: IssueWorld) -> None:
    """Given issues at each point, when whoever acts next opens one, then the step is there; the manager only looks."""
    for (who, state), wanted in MAIN.items():
        app = opened(open_app, world, who, world.issue(state))
        assert {f"do_{verb.value}" for verb in wanted} <= keys(app), (who, state)
        primary = [button.key for button in app.button if str(button.key).startswith("do_")]
        assert primary[0] in {f"do_{verb.value}" for verb in wanted}
    app = opened(open_app, world, "manager", world.issue(S.HANDLING))
    assert not [key for key in keys(app) if key.startswith(("do_", "submit_"))]
    assert "X 局 officer\\_x" in texts(app)


def test_a_press_acknowledges_and_a_form_resolves(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a dispatched issue, when its officer acknowledges and resolves it, then the page shows the new state."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)

    app.button(key="do_acknowledge").click().run()
    assert world.row(issue_id).state is S.HANDLING
    app.button(key="do_resolve").click().run()
    app.text_area(key=field(app, "solution")).set_value("已完成线路改造")
    app.button(key="submit_resolve").click().run()

    assert not app.exception
    assert world.row(issue_id).state is S.RESOLVED
    assert world.row(issue_id).solution == "已完成线路改造"
    assert "已完成线路改造" in texts(app)
    assert "submit_resolve" not in keys(app)


def test_own_fields_stand_on_the_page_and_are_corrected_there(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an own field that is asked after another's answer, then the page shows it, and the form asks it so."""
    shared = {"entity": Extensible.ISSUE, "kind": "choice"}
    factories.stored(ExtraField(key="halls", label="车间", options="old | 老车间\nnew | 新车间", position=1, **shared))
    factories.stored(
        ExtraField(
            key="since", label="投产年份", entity=Extensible.ISSUE, kind="integer", position=2, shown_if=["halls=new"]
        )
    )
    issue_id = world.register(extra={"halls": "old"})
    app = opened(open_app, world, "lead_a", issue_id)
    assert "车间" in texts(app)
    assert "老车间" in texts(app)

    app.button(key="do_edit").click().run()
    app.pills(key=field(app, "extra.halls")).set_value("new").run()
    app.number_input(key=field(app, "extra.since")).set_value(2025)
    app.button(key="submit_edit").click().run()

    assert not app.exception
    assert world.row(issue_id).extra == {"halls": "new", "since": 2025}
    assert "新车间" in texts(app)


def test_what_is_missing_is_told_and_what_was_typed_stays(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a dispatch with an instruction but no department, when sent, then it says so and the words are kept."""
    issue_id = world.issue(S.ACCEPTED)
    app = opened(open_app, world, "coordinator", issue_id)
    app.button(key="do_dispatch").click().run()
    app.text_area(key=field(app, "instruction")).set_value("请尽快核实")

    app.button(key="submit_dispatch").click().run()

    assert world.row(issue_id).state is S.ACCEPTED
    assert "请选择主办部门" in texts(app)
    assert app.text_area(key=field(app, "instruction")).value == "请尽快核实"

    app.selectbox(key=field(app, "department_id")).set_value(world.departments["Y"].pk)
    app.button(key="submit_dispatch").click().run()
    assert world.row(issue_id).instruction == "请尽快核实"
    assert world.row(issue_id).department_id == world.departments["Y"].pk


def test_assisting_departments_get_their_tasks(open_app: OpenApp, world: IssueWorld) -> None:
    """Given two departments, when dispatched with one assisting, then its task is there as typed."""
    issue_id = world.issue(S.ACCEPTED)
    app = opened(open_app, world, "coordinator", issue_id)
    app.button(key="do_dispatch").click().run()
    app.selectbox(key=field(app, "department_id")).set_value(world.departments["X"].pk)
    app.multiselect[0].set_value([world.departments["Y"].pk]).run()
    app.text_input[0].set_value("核实用地条件").run()

    app.button(key="submit_dispatch").click().run()

    assert [(task.department_id, task.text) for task in world.tasks(issue_id)] == [
        (world.departments["Y"].pk, "核实用地条件")
    ]


def test_the_second_save_is_told_what_the_first_did_and_loses_nothing(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a form half typed, when a colleague asks for an extension first, then it is refused with what happened."""
    issue_id = world.issue(S.HANDLING)
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="do_resolve").click().run()
    app.text_area(key=field(app, "solution")).set_value("已更换变压器")
    issues.comment(world.actor("coordinator"), issue_id, "请附照片")
    issues.request_extension(world.actor("colleague_x"), issue_id, 3, "设备未到货")

    app.button(key="submit_resolve").click().run()

    assert world.row(issue_id).state is S.EXTENSION_REQUESTED
    assert "colleague" in texts(app)
    assert "申请延期 3 个工作日" in texts(app)
    assert app.text_area(key=field(app, "solution")).value == "已更换变压器"
    assert app.button(key="submit_resolve").disabled

    issues.approve_extension(world.actor("coordinator"), issue_id)
    app.run()
    assert not app.button(key="submit_resolve").disabled
    app.button(key="submit_resolve").click().run()
    assert world.row(issue_id).solution == "已更换变压器"


def test_a_press_that_comes_twice_takes_the_step_once(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a form sent, when the press arrives again, by then without its words, then nothing is told nor done."""
    issue_id = world.issue(S.HANDLING)
    seen = world.row(issue_id).version
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="do_resolve").click().run()
    app.text_area(key=field(app, "solution")).set_value("已更换变压器")
    app.button(key="submit_resolve").click().run()

    app.session_state["issue_pressed"] = Pressed(issue_id, V.RESOLVE, seen, {})
    app.run()

    assert not app.warning
    assert not app.error
    assert [event.verb for event in world.events(issue_id)].count(V.RESOLVE) == 1
    assert "submit_resolve" not in keys(app)


def test_the_same_person_in_two_tabs_is_told(open_app: OpenApp, world: IssueWorld) -> None:
    """Given somebody who urged in one tab, when they urge in the other, as it was, then it is told and kept."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "coordinator", issue_id)
    app.button(key="do_urge").click().run()
    app.text_area(key=field(app, "note")).set_value("企业着急")
    issues.urge(world.actor("coordinator"), issue_id, "请抓紧")

    app.button(key="submit_urge").click().run()

    assert "您填写的内容已保留" in texts(app)
    assert app.text_area(key=field(app, "note")).value == "企业着急"


@pytest.mark.parametrize(("verb", "name"), [(V.RESOLVE, "solution"), (V.REQUEST_EXTENSION, "reason")])
def test_a_comment_leaves_the_words_of_an_open_form(
    open_app: OpenApp, world: IssueWorld, verb: Verb, name: str
) -> None:
    """Given a form half typed, when its officer posts a comment, then only the comment's box is another, empty one.

    What a form holds that was not sent yet only the browser knows, as long as its fields stay the same.
    """
    app = opened(open_app, world, "officer_x", world.issue(S.HANDLING))
    app.button(key=f"do_{verb.value}").click().run()
    typed = field(app, name)
    said = field(app, "comment")
    app.text_area(key=typed).set_value("已更换变压器")
    app.text_area(key=said).set_value("本周四现场勘查")

    app.button(key="submit_comment").click().run()

    assert field(app, name) == typed
    assert field(app, "comment") != said
    assert not app.text_area(key=field(app, "comment")).value
    if verb is V.REQUEST_EXTENSION:  # its form is live: the server knows each word
        assert app.text_area(key=typed).value == "已更换变压器"


def test_what_was_typed_is_given_back_when_the_issue_went_out_of_sight(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a form half typed, when a colleague returns the issue first, then its words stand there to be copied."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="do_return").click().run()
    app.text_area(key=field(app, "reason")).set_value("本局没有这项职责")
    issues.return_issue(world.actor("colleague_x"), issue_id, "应由 Y 局办理")

    app.button(key="submit_return").click().run()

    assert "可能已转由他人办理" in texts(app)
    assert [each.value for each in app.code] == ["本局没有这项职责"]
    assert not opened(open_app, world, "officer_x", issue_id).code


def test_a_name_is_shown_as_it_is_written(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an enterprise whose name looks like Markdown, when its issue is opened, then the title is that name."""
    name = "![](http://x) ~a~ $b$"
    with transaction(actor=SYSTEM) as session:
        session.get_one(Enterprise, world.enterprises["A"].pk).name = name
    app = opened(open_app, world, "officer_x", world.issue(S.HANDLING))

    assert app.title[0].value == ui.plain(name) != name


def test_pressing_again_works_when_the_step_is_still_legal(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a reason typed while somebody comments, when sent twice, then the first is told, the second is done."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="do_return").click().run()
    app.text_area(key=field(app, "reason")).set_value("应由 Y 局办理")
    issues.urge(world.actor("coordinator"), issue_id, "请抓紧")

    app.button(key="submit_return").click().run()
    assert world.row(issue_id).state is S.DISPATCHED
    app.button(key="submit_return").click().run()

    assert world.row(issue_id).state is S.RETURNED


def test_a_refused_step_is_shown_with_its_reason(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an open task of another department, when the lead department looks, then it reads why it cannot resolve."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "核实用地")

    app = opened(open_app, world, "officer_x", issue_id)

    assert app.button(key="do_resolve").disabled
    assert "必须完成" in texts(app)


def test_an_assisting_department_finishes_its_task(open_app: OpenApp, world: IssueWorld) -> None:
    """Given its only open task, when an assisting officer answers, then it is chosen already and is done."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "核实用地")
    app = opened(open_app, world, "officer_y", issue_id)
    app.button(key="do_finish_task").click().run()
    app.text_area(key=field(app, "answer")).set_value("用地条件符合")

    app.button(key="submit_finish_task").click().run()

    assert [(task.state.value, task.answer) for task in world.tasks(issue_id)] == [("done", "用地条件符合")]
    assert "用地条件符合" in texts(app)


def test_the_call_back_asks_solved_and_satisfied_apart(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a call-back, when solved but not satisfied, then it needs a note, and the next round begins."""
    issue_id = world.issue(S.CALL_BACK)
    app = opened(open_app, world, "worker_a", issue_id)
    app.button(key="do_call_back").click().run()
    asked = {str(each.key).rpartition("_")[2]: each for each in app.button_group}
    assert set(asked) == {"reached"}
    asked["reached"].set_value(True).run()
    for name, answer in (("solved", True), ("satisfied", False)):
        next(each for each in app.button_group if str(each.key).endswith(name)).set_value(answer).run()
    app.button(key="submit_call_back").click().run()
    assert "请填写企业不认可的原因" in texts(app)
    assert world.row(issue_id).round == 1

    app.text_area(key=field(app, "note")).set_value("仍偶尔跳闸").run()
    app.button(key="submit_call_back").click().run()

    row = world.row(issue_id)
    assert (row.state, row.round, row.solved, row.satisfied) == (S.DISPATCHED, 2, True, False)


def test_what_was_missing_is_no_longer_told_once_it_is_there(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a call-back sent without an answer, when the answer is chosen, then its message is gone."""
    app = opened(open_app, world, "worker_a", world.issue(S.CALL_BACK))
    app.button(key="do_call_back").click().run()
    app.button(key="submit_call_back").click().run()
    assert "请选择" in texts(app)

    app.button_group[0].set_value(True).run()

    assert "请选择" not in texts(app)


def test_who_decides_an_extension_sees_its_reason_and_the_new_deadline(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an extension asked for, when the coordinator opens the issue, then all stands there before any press."""
    issue_id = world.issue(S.HANDLING)
    issues.request_extension(world.actor("officer_x"), issue_id, 3, "设备未到货")

    app = opened(open_app, world, "coordinator", issue_id)

    assert "设备未到货" in texts(app)
    assert [told.value for told in app.info if "若今日批准" in told.value]


def test_a_form_is_left_by_another_word_than_its_step(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an open task, when its cancelling is about to be sent, then only one button says so."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "核实用地")
    app = opened(open_app, world, "coordinator", issue_id)
    app.button(key="do_cancel_task").click().run()

    assert app.button(key="submit_cancel_task").label == "取消协办任务"
    assert app.button(key="issue_cancel").label == "返回"


def test_skipped_steps_are_dashed_at_the_top_only(open_app: OpenApp, world: IssueWorld) -> None:
    """Given the way of an issue, whose steps have a line at their top alone, then a skipped one has no other line."""
    app = opened(open_app, world, "coordinator", world.issue(S.RESOLVED_ON_SITE))

    way = next(each.proto.body for each in app.get("html") if "qianqi-way" in each.proto.body)
    assert "skipped" in way
    assert "border-style" not in way


def test_a_press_without_a_form_is_not_told_that_something_is_kept(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a step of one press, when somebody acts first, then it tells that, and not of words nobody typed."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)
    issues.urge(world.actor("coordinator"), issue_id, "请抓紧")

    app.button(key="do_acknowledge").click().run()

    assert "请查看后再决定" in texts(app)
    assert "填写的内容" not in texts(app)


def test_a_required_field_says_so_in_words(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a field that must be filled in, when it is read out, then its label has no marks in it."""
    app = opened(open_app, world, "officer_x", world.issue(S.HANDLING))
    app.button(key="do_resolve").click().run()

    assert app.text_area(key=field(app, "solution")).label == "办理结果（必填）"


def test_an_extension_shows_the_deadline_it_would_give(open_app: OpenApp, world: IssueWorld) -> None:
    """Given 5 days, when they are changed to 10, then the deadline told is later."""
    app = opened(open_app, world, "officer_x", world.issue(S.HANDLING))
    app.button(key="do_request_extension").click().run()
    before = app.info[0].value

    app.number_input[0].set_value(10).run()

    assert app.info[0].value != before


def test_a_comment_is_said_and_its_box_is_empty_again(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an issue, when an officer writes a comment, then everybody reads it; an empty one is refused."""
    issue_id = world.issue(S.HANDLING)
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="submit_comment").click().run()
    assert "请填写" in texts(app) or "请输入" in texts(app)

    app.text_area(key=field(app, "comment")).set_value("本周四现场勘查")
    app.button(key="submit_comment").click().run()

    assert "本周四现场勘查" in texts(opened(open_app, world, "worker_a", issue_id))


def test_a_hurried_second_press_says_nothing_twice(
    open_app: OpenApp, world: IssueWorld, pressed_twice: PressedTwice
) -> None:
    """Given a comment typed, when it is sent again meanwhile, then it is there once, and its box is empty."""
    issue_id = world.issue(S.HANDLING)
    app = opened(open_app, world, "officer_x", issue_id)
    app.text_area(key=field(app, "comment")).set_value("本周四现场勘查")
    pressed_twice(issues, "comment")

    app.button(key="submit_comment").click().run()

    assert not app.exception
    assert [each.reason for each in world.events(issue_id) if each.verb is V.COMMENT] == ["本周四现场勘查"]
    assert not app.text_area(key=field(app, "comment")).value
    assert len(app.toast) == 1
    app.text_area(key=field(app, "comment")).set_value("已勘查")
    app.button(key="submit_comment").click().run()
    assert len([each for each in world.events(issue_id) if each.verb is V.COMMENT]) == 2


def test_a_hurried_second_press_is_not_told_as_somebody_elses(
    open_app: OpenApp, world: IssueWorld, pressed_twice: PressedTwice
) -> None:
    """Given a dispatched issue, when its officer acknowledges it twice in a hurry, then they read that it is done."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)
    pressed_twice(issues, "acknowledge")

    app.button(key="do_acknowledge").click().run()

    assert world.row(issue_id).state is S.HANDLING
    assert not app.error
    assert "officer_x已先进行了" not in texts(app)
    assert len(app.toast) == 1


def test_news_are_told_to_whom_has_the_page_open(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an open page, when somebody else comments and the page runs again, then it says what happened."""
    issue_id = world.issue(S.HANDLING)
    app = opened(open_app, world, "coordinator", issue_id)
    assert "您打开本页后的变化" not in texts(app)
    issues.urge(world.actor("lead_a"), issue_id, "企业着急")

    app.run()

    assert "您打开本页后的变化" in texts(app)


def test_what_has_gone_on_to_others_is_told_kindly(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an issue an officer returned, when its page shows again, then it says so without an error."""
    issue_id = world.issue(S.DISPATCHED)
    app = opened(open_app, world, "officer_x", issue_id)
    app.button(key="do_return").click().run()
    app.text_area(key=field(app, "reason")).set_value("应由 Y 局办理")
    app.button(key="submit_return").click().run()

    assert not app.exception
    assert "可能已转由他人办理" in texts(app)
    assert not opened(open_app, world, "officer_z", issue_id).button(key="ledger").disabled


def test_issues_are_linked_by_number(open_app: OpenApp, world: IssueWorld) -> None:
    """Given another issue, when its number is entered, then the page lists it; a wrong number is told."""
    issue_id, other = world.issue(S.REGISTERED), world.issue(S.ACCEPTED)
    app = opened(open_app, world, "lead_a", issue_id)
    app.button(key="do_link").click().run()
    app.text_input[0].set_value("QY-2000-000001")
    app.button_group[0].set_value("related")
    app.button(key="submit_link").click().run()
    assert "没有您可查看的该编号问题" in texts(app)

    app.text_input[0].set_value(world.row(other).number)
    app.button(key="submit_link").click().run()

    assert "关联问题" in texts(app)


def test_what_may_be_the_same_matter_is_linked_with_one_press(open_app: OpenApp, world: IssueWorld) -> None:
    """Given the same need registered twice, when a lead presses, then both are linked and no longer offered."""
    issue_id, other = world.register(), world.register()
    app = opened(open_app, world, "lead_a", issue_id)

    app.button(key=f"same_duplicate_{other}").click().run()

    assert not app.exception
    assert [event.verb for event in world.events(other)] == [V.REGISTER, V.LINK]
    assert f"same_duplicate_{other}" not in keys(app)


def test_a_card_to_come_is_not_told_as_one_of_those_reminded(world: IssueWorld, open_app: OpenApp) -> None:
    issue_id, chief = world.issue(S.HANDLING), world.people["coordinator"]
    rule = inbox_world.rule("*逾期三天")
    with transaction(actor=SYSTEM) as session:
        session.get_one(ReminderRule, rule.pk).effect = Effect.RED_CARD
    inbox_world.planned(rule, chief, issue_id, due_version=900, relation=Relation.COORDINATOR)

    assert f"{chief.name}；亮红牌" in texts(opened(open_app, world, "coordinator", issue_id))
