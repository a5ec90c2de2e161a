"""The to-do and the start pages: what is shown, and what one press and one confirmation do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from models.issue import IssueState
from models.lifecycle import Verb
from pages.issues.parts import steps
from services import issues
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp, PressedTwice

S = IssueState
PAGE = "pages/issues/todo.py"
Show = Callable[..., AppTest]


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    """The small world in an empty database; the clock stands still."""
    assert database
    assert frozen_clock
    return issue_world.build()


@pytest.fixture
def show(open_app: OpenApp, world: IssueWorld) -> Show:
    """Open a page as somebody of the small world: `show("officer_x", PAGE)`."""
    return lambda who, page="", **query: open_app(world.people[who], page, **query)


def _texts(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def _press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_an_officer_acknowledges_where_they_see_it(show: Show, world: IssueWorld) -> None:
    """Given a dispatched issue, when its officer presses and confirms, then it is being handled by them."""
    issue_id = world.issue(S.DISPATCHED)
    app = show("officer_x", PAGE)
    assert "A 企业有限公司" in _texts(app)
    assert "交办给本部门" in _texts(app)

    _press(app, f"do_acknowledge_{issue_id}_yes")

    assert not app.exception
    row = world.row(issue_id)
    assert (row.state, row.handler_id) == (S.HANDLING, world.people["officer_x"].pk)
    assert [each.key for each in app.button if str(each.key).startswith("do_")] == [f"do_handle_{issue_id}"]


@pytest.mark.parametrize(
    ("state", "before", "who", "group", "after"),
    [
        (S.REGISTERED, (), "lead_a", "accept", S.ACCEPTED),
        (S.EXTENSION_REQUESTED, (), "coordinator", "extension", S.HANDLING),
        (S.CALL_BACK, ("confirm",), "coordinator", "close", S.CLOSED),
        (S.RESOLVED, (), "coordinator", "review", S.RESOLVED),
    ],
)
def test_steps_that_need_no_words_are_taken_in_the_list(  # noqa: PLR0917 - what is given, done and expected
    show: Show, world: IssueWorld, state: S, before: tuple[str, ...], who: str, group: str, after: S
) -> None:
    issue_id = world.issue(state)
    for name in before:
        world.step(issue_id, name)

    app = _press(show(who, PAGE, group=group), f"do_{group}_{issue_id}_yes")

    assert not app.exception
    assert world.row(issue_id).state is after
    assert not [each for each in app.button if each.key == f"do_{group}_{issue_id}_yes"]


def test_a_hurried_second_press_is_told_as_the_first(
    show: Show, world: IssueWorld, pressed_twice: PressedTwice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a dispatched issue, when its officer confirms twice in a hurry, then they read that it is done."""
    issue_id = world.issue(S.DISPATCHED)
    app = show("officer_x", PAGE)
    pressed_twice(issues, "acknowledge")
    press = replace(steps.PRESSES[Verb.ACKNOWLEDGE], take=issues.acknowledge)
    monkeypatch.setitem(steps.PRESSES, Verb.ACKNOWLEDGE, press)
    app.run()

    _press(app, f"do_acknowledge_{issue_id}_yes")

    assert not app.exception
    assert not app.error
    assert len(app.toast) == 1
    assert world.row(issue_id).state is S.HANDLING


def test_whoever_was_slower_is_told_what_happened(show: Show, world: IssueWorld) -> None:
    """Given a list somebody has before their eyes, when another was quicker, then they read what happened first."""
    issue_id = world.issue(S.DISPATCHED)
    app = show("officer_x", PAGE)
    issues.comment(world.actor("coordinator"), issue_id, "请尽快签收")

    _press(app, f"do_acknowledge_{issue_id}_yes")

    assert "coordinator" in app.error[0].value
    assert world.row(issue_id).state is S.DISPATCHED

    _press(app, f"do_acknowledge_{issue_id}_yes")

    assert not app.error
    assert world.row(issue_id).state is S.HANDLING


def test_the_coordinator_reads_why_and_the_third_return_asks_for_a_ruling(show: Show, world: IssueWorld) -> None:
    issue_id = world.issue(S.RETURNED)
    for _ in range(2):
        world.step(issue_id, "redispatch")
        world.step(issue_id, "return")

    shown = _texts(show("coordinator", PAGE))

    assert "已退回 3 次，请裁定主办部门" in shown
    assert "不属于我局职责，应由 Y 局办理" in shown


def test_urging_takes_the_issue_off_todays_list(show: Show, world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    clock.advance(timedelta(days=30))
    app = show("lead_a", PAGE)

    _press(app, f"do_overdue_{issue_id}_yes")

    assert world.row(issue_id).urges == 1
    assert "目前没有待办" in _texts(app)


def test_the_ledger_opens_with_what_is_to_be_urged(show: Show, world: IssueWorld) -> None:
    """Given late issues of which one waits for the coordinator and one was urged, then the list to urge has neither."""
    left, urged, own = world.issue(S.HANDLING), world.issue(S.HANDLING), world.issue(S.ACCEPTED)
    clock.advance(timedelta(days=30))
    issues.urge(world.actor("coordinator"), urged)
    app = show("coordinator", PAGE, group="overdue")
    assert "今日已催办 1 件" in "".join(each.value for each in app.caption)

    app = _press(app, "ledger_overdue")

    assert not app.exception
    assert list(app.dataframe[0].value["number"]) == [world.row(left).number]
    assert world.row(own).number not in list(app.dataframe[0].value["number"])
    assert "今日已催办 1 件" in "".join(each.value for each in app.caption)


def test_a_deadline_of_a_task_is_told_from_that_of_the_issue(show: Show, world: IssueWorld) -> None:
    """Given an issue a department assists with, late by both deadlines, then each department reads which is meant."""
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "协助测量")
    clock.advance(timedelta(days=30))

    assert "-badge[协办任务逾期 " in _texts(show("officer_y", PAGE))
    assert "-badge[逾期 " in _texts(show("officer_x", PAGE))


def test_a_group_shows_more_when_asked(show: Show, world: IssueWorld) -> None:
    for _ in range(25):
        world.issue(S.ACCEPTED)

    app = show("coordinator", PAGE, group="dispatch")
    shown = [each for each in app.button if str(each.key).startswith("do_dispatch_")]
    assert len(shown) == 20
    _press(app, "more")

    assert len([each for each in app.button if str(each.key).startswith("do_dispatch_")]) == 25


def test_nothing_to_do_is_good_news(show: Show) -> None:
    assert "目前没有待办" in _texts(show("officer_z", PAGE))


def test_start_pages_tell_what_is_late_and_with_whom(show: Show, world: IssueWorld) -> None:
    """Given late issues, then coordinator, manager and lead read on their start page how many and with whom."""
    world.issue(S.HANDLING)
    world.issue(S.REGISTERED)
    clock.advance(timedelta(days=30))

    for who in ("coordinator", "manager", "lead_a"):
        app = show(who)
        assert not app.exception
        assert "逾期 2" in _texts(app) + " ".join(each.label for each in app.button)
        late = [each.label for each in app.button if str(each.key).startswith("late_")]
        assert any("X 局" in label for label in late)
        assert any("待受理" in label for label in late)
    assert "逾期 2" not in _texts(show("lead_b"))


@pytest.mark.parametrize(
    ("who", "state", "key"),
    [
        ("worker_a", S.REGISTERED, "do_settle_"),
        ("lead_a", S.REGISTERED, "do_accept_"),
        ("officer_x", S.DISPATCHED, "do_acknowledge_"),
        ("coordinator", S.ACCEPTED, "do_dispatch_"),
    ],
)
def test_each_start_page_shows_the_next_action_itself(
    show: Show, world: IssueWorld, who: str, state: S, key: str
) -> None:
    issue_id = world.issue(state)

    app = show(who)

    keys = {str(each.key).removesuffix("_yes") for each in app.button}
    assert f"{key}{issue_id}" in keys
    assert any(str(each.key).startswith("tile_issues_") for each in app.button)


def test_the_board_shows_columns_and_the_next_step(show: Show, world: IssueWorld) -> None:
    issue_id = world.issue(S.DISPATCHED)

    app = show("officer_x", "pages/issues/board.py")

    assert not app.exception
    assert app.title[0].value == "部门看板"
    assert not app.selectbox
    _press(app, f"step_{issue_id}_yes")
    assert world.row(issue_id).state is S.HANDLING


def test_a_coordinator_chooses_the_department_of_the_board(show: Show, world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)

    app = show("coordinator", "pages/issues/board.py", department=world.departments["Y"].pk)
    assert not [each for each in app.button if each.key == f"open_{issue_id}"]
    app.selectbox(key="board_department").set_value(world.departments["X"].pk).run()

    assert app.button(key=f"open_{issue_id}")


def test_more_of_what_was_closed_lately_is_in_the_ledger(show: Show, world: IssueWorld) -> None:
    """Given more closed issues than the board shows and one closed long ago, then the ledger opens with the lately."""
    world.issue(S.CLOSED)
    clock.advance(timedelta(days=1))
    world.issue(S.CLOSED)
    clock.advance(timedelta(days=14, hours=2))
    for _number in range(8):
        world.issue(S.CLOSED)

    app = show("coordinator", "pages/issues/board.py", department=world.departments["X"].pk)
    assert "还有 1 件" in app.button(key="more_closed").label
    _press(app, "more_closed")

    assert not app.exception
    assert len(app.dataframe[0].value) == 9


def test_a_step_that_needs_words_opens_its_form_at_once(show: Show, world: IssueWorld) -> None:
    """Given an issue being handled, when its officer presses “resolve” in the list, then its form stands open."""
    issue_id = world.issue(S.HANDLING)

    app = _press(show("officer_x", PAGE), f"do_handle_{issue_id}")

    assert not app.exception
    assert app.title[0].value == "A 企业有限公司"
    assert app.button(key="submit_resolve")
