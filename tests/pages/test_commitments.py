"""The page of commitments, the enterprise's profile and the start page, as each role sees them."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import transaction
from models.account import Account, Department, Role
from models.area import Tier
from models.commitment import Commitment
from models.enterprise import Enterprise
from services import entities
from services.actor import SYSTEM
from services.entities import references
from tests import factories as given
from tests.pages.conftest import OpenApp, PressedTwice

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
LIST = "pages/commitments/list.py"


@pytest.fixture
def officer(database: str) -> Account:
    assert database
    department = given.stored(Department(name="行政审批服务局"))
    return given.account(Role.DEPARTMENT_OFFICER, "王建华", department_id=department.pk, locale="zh_CN")


@pytest.fixture
def overdue(officer: Account) -> Commitment:
    """A commitment of the officer's department that was due yesterday."""
    return given.stored(
        Commitment(
            enterprise_id=_enterprise().pk, matter="食品经营许可", text="补交平面布局图",
            department_id=officer.department_id, approved_on=date(2023, 11, 6), due_on=date(2023, 12, 5),
        )
    )  # fmt: skip


def _enterprise() -> Enterprise:
    return given.enterprise(given.area(Tier.GRID, given.area(Tier.VILLAGE)), "淄博甲机械有限公司")


def test_what_was_made_good_is_recorded_with_a_note(open_app: OpenApp, officer: Account, overdue: Commitment) -> None:
    app = open_app(officer, LIST, _row=overdue.pk)
    assert "逾期 1 天" in " ".join(each.value for each in app.markdown)

    app.button(key=f"fulfil_{overdue.pk}_yes").click().run()
    assert [each.value for each in app.error] == ["请简要说明履行情况。"]

    app.text_input(key=f"fulfil_note_{overdue.pk}").set_value("已补交至窗口").run()
    app.button(key=f"fulfil_{overdue.pk}_yes").click().run()

    assert not app.exception
    (row,) = given.rows(Commitment)
    assert (row.fulfilled_by_id, row.fulfilled_note) == (officer.pk, "已补交至窗口")
    app.button(key=f"take_back_{overdue.pk}_yes").click().run()
    assert given.rows(Commitment)[0].fulfilled_at is None


def test_a_hurried_second_press_brings_back_one(
    open_app: OpenApp, database: str, overdue: Commitment, pressed_twice: PressedTwice
) -> None:
    """Given a commitment deleted, when undo is pressed again meanwhile, then it is back once."""
    assert database
    app = open_app(given.account(Role.COORDINATOR, locale="zh_CN"), LIST, _row=overdue.pk)
    app.button(key="commitment_delete_yes").click().run()
    assert not given.rows(Commitment)
    pressed_twice(entities, "save")

    app.button(key="commitment_undo").click().run()

    assert not app.exception
    assert len(given.rows(Commitment)) == 1
    assert len(app.toast) == 1


def test_the_list_shows_what_is_chosen(open_app: OpenApp, officer: Account, overdue: Commitment) -> None:
    app = open_app(officer, LIST)
    assert app.button(key=f"commitment_open_{overdue.pk}")

    app = open_app(officer, LIST, show="made_good")

    assert not app.exception
    assert not [each for each in app.button if str(each.key).startswith("commitment_open_")]


@pytest.mark.parametrize(
    ("asked", "said"), [({}, "没有逾期"), ({"_q": "没有这家"}, "没有符合条件")], ids=["everything", "a search"]
)
def test_that_nothing_is_overdue_is_said_of_the_whole_list_only(
    open_app: OpenApp, officer: Account, asked: dict[str, str], said: str
) -> None:
    """Given a commitment made good late, then none is called in time, and a search that finds none claims nothing."""
    given.stored(
        Commitment(
            enterprise_id=_enterprise().pk, matter="食品经营许可", text="补交平面布局图", due_on=date(2023, 12, 1),
            department_id=officer.department_id, approved_on=date(2023, 11, 6), fulfilled_at=clock.now(),
        )
    )  # fmt: skip

    app = open_app(officer, LIST, show="overdue", **asked)

    texts = " ".join(each.value for each in [*app.markdown, *app.caption])
    assert said in texts
    assert "期限内" not in texts


def _filled(app: AppTest, form: str) -> None:
    """Enter what else a commitment needs, and save it."""
    app.text_input(key=f"{form}_matter").set_value("食品经营许可")
    app.text_area(key=f"{form}_text").set_value("补交平面布局图")
    app.date_input(key=f"{form}_approved_on").set_value(date(2023, 12, 1))
    app.date_input(key=f"{form}_due_on").set_value(date(2023, 12, 29))
    next(each for each in app.button if str(each.key).startswith(f"{form}_save")).click().run()
    assert not app.exception


def test_an_officer_enters_one(open_app: OpenApp, officer: Account) -> None:
    enterprise = _enterprise()
    app = open_app(officer, LIST)
    app.button(key="new").click().run()
    form = "commitment_form_new"

    app.selectbox(key=f"{form}_enterprise_id").set_value(enterprise.pk)
    _filled(app, form)

    (row,) = given.rows(Commitment)
    assert (row.enterprise_id, row.department_id) == (enterprise.pk, officer.department_id)


def test_an_enterprise_beyond_those_offered_is_found_by_part_of_its_name(
    open_app: OpenApp, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = given.area(Tier.GRID, given.area(Tier.VILLAGE))
    given.enterprise(grid, "安达化工厂")
    last = given.enterprise(grid, "淄博甲机械有限公司")
    monkeypatch.setattr(references, "MOST", 1)
    app = open_app(officer, LIST)
    app.button(key="new").click().run()
    field = "commitment_form_new_enterprise_id"
    assert app.selectbox(key=field).options == ["安达化工厂"]

    app.text_input(key=f"{field}_search").set_value("甲机械").run()

    assert app.selectbox(key=field).options == ["淄博甲机械有限公司"]
    app.selectbox(key=field).set_value(last.pk)
    _filled(app, "commitment_form_new")
    assert [row.enterprise_id for row in given.rows(Commitment)] == [last.pk]


def test_what_can_be_chosen_no_more_outlives_a_change_of_another_field(
    open_app: OpenApp, officer: Account, overdue: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a department and a follower that are inactive and an enterprise beyond what is offered, all three stay."""
    follower = given.account(Role.DEPARTMENT_OFFICER, "赵敏", department_id=officer.department_id)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Commitment, overdue.pk).follower_id = follower.pk
        session.get_one(Account, follower.pk).active = False
        session.get_one(Department, officer.department_id).active = False
    monkeypatch.setattr(references, "MOST", 0)
    form = f"commitment_form_{overdue.pk}"
    app = open_app(given.account(Role.COORDINATOR, locale="zh_CN"), LIST, _row=overdue.pk)
    assert app.selectbox(key=f"{form}_follower_id").options == ["赵敏"]

    app.text_input(key=f"{form}_matter").set_value("食品生产许可")
    next(each for each in app.button if str(each.key).startswith(f"{form}_save")).click().run()

    assert not app.exception
    (row,) = given.rows(Commitment)
    assert (row.matter, row.follower_id, row.department_id) == ("食品生产许可", follower.pk, officer.department_id)
    assert row.enterprise_id == overdue.enterprise_id


def test_a_manager_sees_and_changes_nothing(open_app: OpenApp, overdue: Commitment) -> None:
    app = open_app(given.account(Role.MANAGER, locale="zh_CN"), LIST, _row=overdue.pk)

    keys = {str(each.key) for each in app.button}
    assert not app.exception
    assert "补交平面布局图" in " ".join(each.value for each in app.markdown)
    assert not keys & {"new", "import", f"fulfil_{overdue.pk}_yes", "commitment_delete_yes"}


def test_the_profile_and_the_start_page_lead_to_it(open_app: OpenApp, officer: Account, overdue: Commitment) -> None:
    app = open_app(officer, "pages/enterprises/profile.py", enterprise=overdue.enterprise_id)
    assert app.button(key=f"fulfil_{overdue.pk}_yes")

    app = open_app(officer)
    assert "1 项已逾期" in " ".join(each.value for each in app.markdown)
    app.button(key="commitments").click().run()

    assert not app.exception
    assert app.button(key=f"commitment_open_{overdue.pk}")


@pytest.mark.parametrize("who", ["officer", "worker"])
def test_the_list_opened_from_the_start_page_has_what_it_counted(
    open_app: OpenApp, officer: Account, overdue: Commitment, who: str
) -> None:
    """Given commitments that others follow or that are due later, then the start page counts and opens the own ones."""
    colleague = given.account(Role.DEPARTMENT_OFFICER, department_id=officer.department_id)
    worker = given.account(Role.GRID_WORKER, locale="zh_CN")
    theirs = _another(overdue, follower_id=worker.pk)
    _another(overdue, follower_id=colleague.pk)
    for follower in (None, worker.pk):
        _another(overdue, follower_id=follower, due_on=date(2024, 3, 1))
    person, expected = {"officer": (officer, overdue), "worker": (worker, theirs)}[who]

    app = open_app(person)
    assert "1 项已逾期" in " ".join(each.value for each in app.markdown)
    app.button(key="commitments").click().run()

    assert not app.exception
    opening = {str(each.key) for each in app.button if str(each.key).startswith("commitment_open_")}
    assert opening == {f"commitment_open_{expected.pk}"}


def test_what_is_others_to_follow_can_be_asked_for(open_app: OpenApp, officer: Account, overdue: Commitment) -> None:
    colleague = given.account(Role.DEPARTMENT_OFFICER, department_id=officer.department_id)
    theirs = _another(overdue, follower_id=colleague.pk)

    app = open_app(officer, LIST, mine="no")

    opening = {str(each.key) for each in app.button if str(each.key).startswith("commitment_open_")}
    assert opening == {f"commitment_open_{theirs.pk}"}


def _another(like: Commitment, **more: object) -> Commitment:
    """Store another commitment of the same enterprise and department."""
    values = {
        "enterprise_id": like.enterprise_id, "matter": f"许可 {len(given.rows(Commitment))}", "text": "补交材料",
        "department_id": like.department_id, "approved_on": like.approved_on, "due_on": like.due_on,
    }  # fmt: skip
    return given.stored(Commitment(**(values | more)))
