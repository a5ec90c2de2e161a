"""The ledger's page: what each role sees, asks and keeps."""

from typing import Any

import pytest
from streamlit.proto.Dataframe_pb2 import Dataframe
from streamlit.testing.v1 import AppTest

from core.db import transaction
from models.account import Account
from models.issue import IssueState
from models.lifecycle import Verb
from pages.common import ui
from services import issues
from services.actor import SYSTEM
from services.issues import ledger, ledger_views
from services.issues.ledger_filters import QuickView
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp

LEDGER = "pages/issues/ledger.py"
S = IssueState
_MULTI_ROW = Dataframe.SelectionMode.MULTI_ROW


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    """The small world with four issues: one open of each street, one dispatched, one closed."""
    assert database
    assert frozen_clock
    made = issue_world.build()
    made.register(text="车间电压不稳")
    made.register(by="worker_b", at="B", text="希望尽快协调用地")
    made.issue(S.DISPATCHED, text="门口道路破损")
    made.issue(S.CLOSED, text="咨询专利申请")
    return made


def _open(open_app: OpenApp, world: IssueWorld, who: str, **query: object) -> AppTest:
    app = open_app(world.people[who], LEDGER, **query)
    assert not app.exception
    return app


def _numbers(app: AppTest) -> list[str]:
    return [number[-1] for number in app.dataframe[0].value["number"]] if app.dataframe else []


def _texts(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*app.caption, *app.markdown])


@pytest.mark.parametrize(
    ("who", "numbers"),
    [
        ("coordinator", {"1", "2", "3"}),
        ("manager", {"1", "2", "3"}),
        ("lead_a", {"1", "3"}),
        ("worker_b", {"2"}),
        ("officer_x", {"3"}),
        ("officer_z", set()),
    ],
)
def test_each_role_sees_what_is_open_and_theirs(
    open_app: OpenApp, world: IssueWorld, who: str, numbers: set[str]
) -> None:
    app = _open(open_app, world, who)

    assert set(_numbers(app)) == numbers
    assert ("共 " in _texts(app)) == bool(numbers)


def test_a_last_page_that_was_worked_off_shows_what_is_left(open_app: OpenApp, world: IssueWorld) -> None:
    """Given the last page of what is registered, when its row is accepted, then the rows before are shown, counted."""
    query = ledger.Query(filters={"state": [S.REGISTERED]}, view=QuickView.OPEN)
    first = ledger.find(world.actor("coordinator"), query, size=1)
    app = _open(open_app, world, "coordinator", state=S.REGISTERED, _at=first.after)
    assert len(_numbers(app)) == 1
    issues.accept(world.actor({"1": "lead_a", "2": "lead_b"}[_numbers(app)[0]]), int(_numbers(app)[0]))

    app.run()

    assert len(_numbers(app)) == 1
    assert "共 1 件" in _texts(app)


def test_values_nobody_knows_are_no_filter(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an address with values that are none, when opened, then all is shown and no filter is said to be set."""
    app = _open(open_app, world, "coordinator", state="foo", remaining="zzz", solved="perhaps")

    assert set(_numbers(app)) == {"1", "2", "3"}
    assert not [each.label for each in app.get("popover") if "（" in each.proto.popover.label]
    assert "state" not in app.query_params


@pytest.mark.parametrize(("who", "choosing"), [("coordinator", 1), ("worker_a", 1), ("officer_x", 0), ("manager", 0)])
def test_rows_are_chosen_by_those_who_can_do_something_with_several(
    open_app: OpenApp, world: IssueWorld, who: str, choosing: int
) -> None:
    app = _open(open_app, world, who)

    modes = list(app.dataframe[0].proto.selection_mode)
    assert (_MULTI_ROW in modes) == bool(choosing)


def test_the_address_holds_the_whole_question(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an address with view, search, filter and order, then the page shows just that, and so do its widgets."""
    app = _open(open_app, world, "coordinator", _view="all", _q="电压", state="registered", _sort="number")

    assert _numbers(app) == ["1"]
    assert app.text_input(key="ledger_0_search").value == "电压"
    assert app.multiselect(key="ledger_0_filter_state").value == ["registered"]


def test_what_nobody_can_choose_any_more_still_narrows_the_list(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a department that was made inactive and one that never was, then their issues are shown, and none."""
    with transaction(actor=SYSTEM) as session:
        session.add(world.departments["X"])
        world.departments["X"].active = False
        department_id = world.departments["X"].pk
        name = world.departments["X"].name

    app = _open(open_app, world, "coordinator", department_id=department_id)
    assert _numbers(app) == ["3"]
    assert app.multiselect(key="ledger_0_filter_department_id").options == ["Y 局", "Z 局", name]

    for unknown in (987654, "99999999999"):
        app = _open(open_app, world, "coordinator", department_id=unknown)
        assert _numbers(app) == []
    app = _open(open_app, world, "coordinator", area_id="99999999999")
    assert _numbers(app) == []


def test_what_is_asked_stands_in_the_address(open_app: OpenApp, world: IssueWorld) -> None:
    app = _open(open_app, world, "coordinator")
    app.text_input(key="ledger_0_search").input("道路").run()
    app.multiselect(key="ledger_0_filter_kind").set_value(["difficult_issue"]).run()

    assert _numbers(app) == ["3"]
    assert app.query_params["_q"] == "道路"
    assert app.query_params["kind"] == "difficult_issue"

    app.button(key="ledger_clear").click().run()
    assert len(_numbers(app)) == 3
    assert "_q" not in app.query_params


def test_nothing_found_says_what_to_do(open_app: OpenApp, world: IssueWorld) -> None:
    app = _open(open_app, world, "coordinator", _q="没有这样的问题")
    assert "没有符合条件的记录" in _texts(app)

    empty = _open(open_app, world, "coordinator", _view="cards")
    assert "下没有问题" in _texts(empty)
    empty.button(key="ledger_show_all").click().run()
    assert len(_numbers(empty)) == 4


def test_pages_are_turned_by_cursors_in_the_address(open_app: OpenApp, world: IssueWorld) -> None:
    """Given more issues than a page holds, when turned forth and back, then each stands on its page."""
    for number in range(20):
        world.register(text=f"问题 {number}")
    app = _open(open_app, world, "coordinator", _view="all", _sort="number")
    first = list(app.dataframe[0].value["number"])
    assert app.button(key="ledger_before").disabled
    assert "第 1–20 件，共 24 件" in _texts(app)

    app.button(key="ledger_after").click().run()
    second = list(app.dataframe[0].value["number"])
    assert app.query_params["_at"]
    assert "第 21–24 件，共 24 件" in _texts(app)
    app.button(key="ledger_before").click().run()
    assert "第 1–20 件，共 24 件" in _texts(app)

    assert (len(first), len(second)) == (20, 4)
    assert list(app.dataframe[0].value["number"]) == first
    app.text_input(key="ledger_0_search").input("问题").run()
    assert "_at" not in app.query_params


def test_a_view_is_saved_and_opened(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a search saved as a view, when it is opened from elsewhere, then its question is asked again."""
    app = _open(open_app, world, "coordinator", _q="用地")
    app.text_input(key="ledger_view_name").input("用地问题")
    app.button(key="FormSubmitter:ledger_view_new-保存视图").click().run()
    [view] = ledger_views.saved(world.actor("coordinator"))
    assert view.query == {"_q": ["用地"]}

    again = _open(open_app, world, "coordinator", _view="closed")
    again.button(key=f"ledger_view_{view.view_id}").click().run()

    assert _numbers(again) == ["2"]
    assert again.text_input(key="ledger_1_search").value == "用地"
    assert ledger_views.saved(world.actor("manager")) == []


def test_a_view_is_named_as_it_is_written(open_app: OpenApp, world: IssueWorld) -> None:
    """Given a view whose name looks like Markdown, when it is open, then its menu bears that name."""
    name = "![](http://x) ~a~ $b$"
    ledger_views.save(world.actor("coordinator"), name, {"_q": ["用地"]})

    app = _open(open_app, world, "coordinator", _q="用地")

    labels = [block.proto.popover.label for block in _popovers(app)]
    assert ui.plain(name) in labels
    assert name not in labels


def _popovers(app: AppTest) -> list[Any]:
    return [block for block in _within(app.main) if block.type == "popover"]


def _within(block: Any) -> list[Any]:
    found = list(getattr(block, "children", {}).values())
    return [*found, *(inner for each in found for inner in _within(each))]


def test_several_are_changed_as_they_were_looked_at(world: IssueWorld) -> None:
    """Given an issue about to be urged, when something happens to it before the press, then it is refused."""
    issue_id = world.issue(S.DISPATCHED)
    app = AppTest.from_function(_asking, args=(world.actor("coordinator"), Verb.URGE, [issue_id])).run()
    issues.comment(world.actor("officer_x"), issue_id, "本周四现场勘查")

    app.button(key="bulk_do").click().run()

    assert not app.exception
    assert [event.verb for event in world.events(issue_id)].count(Verb.URGE) == 0
    assert "officer\\_x" in _texts(app)
    app.button(key="bulk_do").click().run()
    assert [event.verb for event in world.events(issue_id)].count(Verb.URGE) == 1


def test_whoever_has_left_is_not_offered_for_the_call_backs(world: IssueWorld) -> None:
    issue_id = world.issue(S.ANSWERED)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["worker_b"].pk).active = False

    app = AppTest.from_function(_asking, args=(world.actor("coordinator"), Verb.START_CALL_BACK, [issue_id])).run()

    assert not app.exception
    assert app.selectbox(key="bulk_caller").options == ["coordinator", "lead_a", "lead_b", "worker_a"]


def _asking(actor, verb, chosen) -> None:  # type: ignore[no-untyped-def]  # runs by itself, without imports
    from pages.issues.parts import ledger_bulk

    ledger_bulk.results()
    ledger_bulk.ask(actor, verb, chosen)


def test_columns_are_kept_for_the_next_visit(open_app: OpenApp, world: IssueWorld) -> None:
    app = _open(open_app, world, "coordinator")
    app.multiselect(key="ledger_0_columns").set_value(["number", "category"]).run()

    assert list(app.dataframe[0].value) == ["number", "category"]
    assert list(_open(open_app, world, "coordinator").dataframe[0].value) == ["number", "category"]
    assert "text" in _open(open_app, world, "manager").dataframe[0].value


def test_a_foreign_address_is_no_way_in(open_app: OpenApp, world: IssueWorld) -> None:
    """Given an address with nonsense, when an officer opens it, then they see the first page of their own."""
    app = _open(open_app, world, "officer_x", _view="no", _sort="no", _size="1000", _at="no", area_id="x", state="no")

    assert _numbers(app) == ["3"]
