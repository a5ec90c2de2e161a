"""The pages of classes of issues, as each role sees them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from models.account import Account, Department, Role
from models.area import Area, Tier
from models.issue import Issue, IssueKind
from models.issue_class import ClassState, IssueClass, IssueClassMember, Standing
from models.reminder import NoticeBatch
from services import classes
from services.classes import members
from tests import factories as given
from tests.pages.conftest import OpenApp, PressedTwice

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
LIST, ONE, ISSUE = "pages/overview/classes.py", "pages/overview/one_class.py", "pages/issues/issue.py"
TEXT = "变压器容量不够，增容报装两个月没有答复"


@pytest.fixture
def coordinator(database: str) -> Account:
    assert database
    return given.account(Role.COORDINATOR, "赵敏", locale="zh_CN")


@pytest.fixture
def office(database: str) -> Department:
    assert database
    return given.stored(Department(name="公用事业服务中心"))


@pytest.fixture
def suggested(coordinator: Account) -> int:
    """A suggestion of three issues."""
    area = given.area(Tier.GRID, given.area(Tier.VILLAGE))
    for place in range(3):
        issue(coordinator, area, f"QY-{place}")
    assert classes.suggest(given.acting(coordinator)) == 1
    return given.rows(IssueClass)[0].pk


@pytest.fixture
def confirmed(coordinator: Account, office: Department, suggested: int) -> int:
    """The same confirmed, with a measure, and one more issue offered."""
    measure = {"department_id": office.pk, "measure": "增容报装一次受理"}
    by = given.acting(coordinator)
    offered = classes.of_class(by, suggested, Standing.OFFERED)
    classes.confirm(by, suggested, measure, {each.id: True for each in offered.rows})
    issue(coordinator, given.rows(Area)[-1], "QY-9")
    classes.suggest(given.acting(coordinator))
    return suggested


def issue(by: Account, area: Area, number: str) -> Issue:
    enterprise = given.enterprise(area)
    return given.stored(
        Issue(number=number, kind=IssueKind.DIFFICULT_ISSUE, text=TEXT, category="power", enterprise_id=enterprise.pk,
              area_id=area.pk, registered_by_id=by.pk, first_receiver_id=by.pk)
    )  # fmt: skip


def said(app: AppTest) -> str:
    assert not app.exception
    return " ".join(each.value for each in (*app.markdown, *app.caption, *app.title))


def standings() -> Iterator[Standing]:
    return (each.standing for each in given.rows(IssueClassMember))


def test_a_suggestion_is_looked_at_and_confirmed(
    open_app: OpenApp, coordinator: Account, office: Department, suggested: int
) -> None:
    app = open_app(coordinator, LIST)
    assert "变压器容量不够" in said(app)
    assert app.button(key=f"look_{suggested}")

    app = open_app(coordinator, ONE, id=suggested)
    app.button(key="confirm").click().run()
    assert [each.value for each in app.error] == ["请选择责任部门。"]
    left = given.rows(Issue)[0]
    app.checkbox(key=f"belongs_{left.pk}").uncheck()
    app.text_input(key=f"class_form_{suggested}_title").set_value("变压器增容")
    app.selectbox(key=f"class_form_{suggested}_department_id").set_value(office.pk)
    app.button(key="confirm").click().run()

    assert "已确认" in said(app)
    (row,) = given.rows(IssueClass)
    assert (row.title, row.state, row.department_id) == ("变压器增容", ClassState.CONFIRMED, office.pk)
    assert sorted(standings()) == [Standing.LEFT_OUT, Standing.MEMBER, Standing.MEMBER]


def test_what_is_no_class_is_dismissed_from_the_list(open_app: OpenApp, coordinator: Account, suggested: int) -> None:
    app = open_app(coordinator, LIST)

    app.button(key=f"dismiss_suggested_{suggested}_yes").click().run()

    assert not app.exception
    assert given.rows(IssueClass)[0].state is ClassState.DISMISSED
    app.button(key="suggest").click().run()
    assert not [each for each in app.button if str(each.key).startswith("look_")]


def test_offered_issues_are_put_in_or_left_out(open_app: OpenApp, coordinator: Account, confirmed: int) -> None:
    app = open_app(coordinator, ONE, id=confirmed)
    offered = given.rows(Issue)[-1].pk

    app.button(key=f"add_{offered}").click().run()

    assert not app.exception
    assert set(standings()) == {Standing.MEMBER}
    app.multiselect(key="out").set_value([offered]).run()
    app.button(key="take_out_yes").click().run()
    assert sorted(standings()) == [Standing.LEFT_OUT, *[Standing.MEMBER] * 3]


def _late(coordinator: Account, number: str) -> int:
    """Let one more issue be offered, as at night or by a colleague, and return it."""
    late = issue(coordinator, given.rows(Area)[-1], number)
    classes.suggest(given.acting(coordinator))
    return late.pk


def _standing_of(issue_id: int) -> Standing:
    return next(each.standing for each in given.rows(IssueClassMember) if each.issue_id == issue_id)


def test_all_belong_means_those_that_were_shown(open_app: OpenApp, coordinator: Account, confirmed: int) -> None:
    """Given two issues offered, when another is offered and then all are put in, then the two are, not the third."""
    second = _late(coordinator, "QY-10")
    app = open_app(coordinator, ONE, id=confirmed)
    late = _late(coordinator, "QY-11")

    next(each for each in app.button if each.label == "2 件全部归入").click().run()

    assert not app.exception
    assert _standing_of(second) is Standing.MEMBER
    assert _standing_of(late) is Standing.OFFERED
    assert list(standings()).count(Standing.MEMBER) == 5
    assert app.button(key=f"add_{late}")


def test_a_class_is_confirmed_of_the_issues_that_were_shown(
    open_app: OpenApp, coordinator: Account, office: Department, suggested: int
) -> None:
    """Given a suggestion read, when another issue is offered and it is confirmed, then that one is still offered."""
    app = open_app(coordinator, ONE, id=suggested)
    app.selectbox(key=f"class_form_{suggested}_department_id").set_value(office.pk)
    late = _late(coordinator, "QY-8")

    app.button(key="confirm").click().run()

    assert not app.exception
    assert given.rows(IssueClass)[0].state is ClassState.CONFIRMED
    assert _standing_of(late) is Standing.OFFERED
    assert app.button(key=f"add_{late}")


def test_a_suggestion_says_how_many_of_its_issues_are_not_listed(
    open_app: OpenApp, coordinator: Account, office: Department, suggested: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given more issues than a page lists, when those are confirmed, then the one not listed is still offered."""
    monkeypatch.setattr(members, "SHOWN", 2)
    app = open_app(coordinator, ONE, id=suggested)
    assert "另有 1 件未列出" in said(app)
    app.selectbox(key=f"class_form_{suggested}_department_id").set_value(office.pk)

    app.button(key="confirm").click().run()

    assert not app.exception
    assert sorted(standings()) == [Standing.MEMBER, Standing.MEMBER, Standing.OFFERED]


def test_a_measure_takes_effect_and_the_enterprises_are_told_in_one_press(
    open_app: OpenApp, coordinator: Account, confirmed: int
) -> None:
    app = open_app(coordinator, ONE, id=confirmed)
    assert "举措落地后开始评估成效" in said(app)

    app.date_input(key="effect_day").set_value(clock.today() - timedelta(days=1)).run()
    app.button(key="effect_yes").click().run()

    assert "样本太少，暂不下结论" in said(app)
    assert "还有 **3** 家企业尚未告知" in said(app)
    app.button(key="notice").click().run()
    (batch,) = given.rows(NoticeBatch)
    assert "增容报装一次受理" in batch.body
    assert app.query_params["batch"] == str(batch.pk)


def test_a_hurried_second_press_writes_one_notice(
    open_app: OpenApp, coordinator: Account, confirmed: int, pressed_twice: PressedTwice
) -> None:
    """Given a measure in force, when its notice is asked for again meanwhile, then one draft of it is open."""
    classes.take_effect(given.acting(coordinator), confirmed, clock.today())
    app = open_app(coordinator, ONE, id=confirmed)
    calls = pressed_twice(classes, "draft_notice")

    app.button(key="notice").click().run()

    (batch,) = given.rows(NoticeBatch)
    assert (app.query_params["batch"], len(calls)) == (str(batch.pk), 1)


def test_a_notice_that_was_begun_is_gone_on_with(open_app: OpenApp, coordinator: Account, confirmed: int) -> None:
    by = given.acting(coordinator)
    classes.take_effect(by, confirmed, clock.today())
    batch_id = classes.draft_notice(by, confirmed)
    app = open_app(coordinator, ONE, id=confirmed)
    assert app.button(key="notice").label == "继续拟写通知"

    app.button(key="notice").click().run()

    assert app.query_params["batch"] == str(batch_id)


def test_a_lead_who_sees_none_of_the_untold_is_not_told_that_everybody_knows(
    open_app: OpenApp, coordinator: Account, confirmed: int
) -> None:
    classes.take_effect(given.acting(coordinator), confirmed, clock.today())
    lead = given.account(Role.TEAM_LEAD, locale="zh_CN")
    given.member(given.team(given.area(Tier.STREET)), lead, lead=True)

    app = open_app(lead, ONE, id=confirmed)

    assert "另有 3 家企业尚未告知，其诉求不在您的可见范围内。" in said(app)
    assert "均已告知" not in said(app)


def test_a_class_is_edited_closed_and_reopened(open_app: OpenApp, coordinator: Account, confirmed: int) -> None:
    classes.take_effect(given.acting(coordinator), confirmed, clock.today())
    app = open_app(coordinator, ONE, id=confirmed)
    app.button(key="class_edit").click().run()
    form = f"issue_class_form_{confirmed}"
    app.text_input(key=f"{form}_title").set_value("增容报装慢")
    next(each for each in app.button if str(each.key).startswith(f"{form}_save")).click().run()
    assert given.rows(IssueClass)[0].title == "增容报装慢"

    app.text_area(key="conclusion").set_value("已形成机制").run()
    app.button(key="close_yes").click().run()
    assert "已形成机制" in said(app)
    app.button(key="reopen").click().run()

    assert not app.exception
    assert given.rows(IssueClass)[0].state is ClassState.IN_FORCE


def test_others_see_what_was_confirmed_and_change_nothing(open_app: OpenApp, confirmed: int) -> None:
    for role in (Role.MANAGER, Role.TEAM_LEAD, Role.DEPARTMENT_OFFICER):
        reader = given.account(role, locale="zh_CN")
        app = open_app(reader, LIST)
        assert "增容报装一次受理" in said(app)
        assert app.button(key=f"class_{confirmed}")

        app = open_app(reader, ONE, id=confirmed)

        assert "增容报装一次受理" in said(app)
        keys = {str(each.key) for each in app.button}
        assert not keys & {"class_edit", "effect_yes", "take_out_yes", "notice"}
        assert not [each for each in keys if each.startswith("add_")]
    assert "另有 3 件未列出" in said(app), "a department officer sees how many there are, not which"


def test_the_issue_page_leads_to_the_class_and_begins_one(
    open_app: OpenApp, coordinator: Account, office: Department, confirmed: int
) -> None:
    member = given.rows(Issue)[0]
    app = open_app(coordinator, ISSUE, issue=member.pk)
    assert app.button(key="issue_class").label == "变压器容量不够"
    other = issue(coordinator, given.rows(Area)[-1], "QY-20")

    app = open_app(coordinator, ISSUE, issue=other.pk)
    app.button(key="class_put").click().run()
    assert app.button(key="issue_class")

    alone = issue(coordinator, given.rows(Area)[-1], "QY-21")
    app = open_app(coordinator, ISSUE, issue=alone.pk)
    app.selectbox(key="class_department").set_value(office.pk).run()
    app.button(key="class_begin").click().run()

    assert not app.exception
    assert app.query_params["id"] != str(confirmed)
    assert len(given.rows(IssueClass)) == 2


def test_a_grid_worker_is_not_shown_classes(open_app: OpenApp, coordinator: Account, confirmed: int) -> None:
    worker = given.account(Role.GRID_WORKER, locale="zh_CN")
    mine = issue(worker, given.rows(Area)[-1], "QY-30")
    assert confirmed
    assert coordinator

    app = open_app(worker, ISSUE, issue=mine.pk)

    assert not app.exception
    assert not {str(each.key) for each in app.button} & {"issue_class", "class_begin"}


def test_without_a_class_the_list_says_how_one_comes_about(open_app: OpenApp) -> None:
    app = open_app(given.account(Role.MANAGER, locale="zh_CN"), LIST)
    assert "尚未确认任何一类事" in said(app)

    app = open_app(given.account(Role.MANAGER, locale="zh_CN"), ONE, id=7)
    assert not app.exception
