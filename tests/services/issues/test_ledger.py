"""The ledger: each question it can be asked, page by page, for each role."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError
from models.area import Area
from models.campaign import Campaign
from models.configuration import ChoiceItem, Extensible, ExtraField
from models.issue import Card, Issue, IssueKind, IssueState, Urgency
from models.issue_log import LedgerView
from models.visit import Visit
from services import issues
from services.actor import SYSTEM
from services.issues import Assistance, ledger, ledger_fields, ledger_filters, ledger_views, reading
from services.issues.ledger import Count, Query
from services.issues.ledger_filters import QuickView
from services.issues.ledger_order import Order
from services.issues.registering import CATEGORIES
from tests import factories
from tests.issue_world import IssueWorld

S = IssueState
Ids = list[int]


def _ids(world: IssueWorld, who: str = "coordinator", **query: Any) -> Ids:
    query.setdefault("view", QuickView.ALL)
    return [row["id"] for row in ledger.find(world.actor(who), Query(**query)).rows]


def _change(issue_id: int, **values: Any) -> None:
    with transaction(actor=SYSTEM) as session:
        row = session.get_one(Issue, issue_id)
        for key, value in values.items():
            setattr(row, key, value)


def _pair(world: IssueWorld, change: Callable[[int], None] = lambda _issue: None, **more: Any) -> tuple[int, int]:
    """Return an issue that a question means and one that it does not."""
    other = world.register()
    meant = world.register(**more)
    change(meant)
    return meant, other


@pytest.mark.parametrize(
    "search", ["车间电压", "压", "QY-2023-000002", "当场联系", "B 企业", "b 企业有限", "ｂ 企业"],
)  # fmt: skip
def test_search_finds_number_text_solution_and_the_enterprises_name(world: IssueWorld, search: str) -> None:
    """Given two issues, when any part of one's words is sought, then it alone is found."""
    other = world.register(text="希望尽快协调用地")
    meant = world.register(by="worker_b", at="B", text="车间电压不稳")
    issues.resolve_on_site(world.actor("worker_b"), meant, "当场联系供电所处理")

    assert _ids(world, search=search) == [meant]
    assert other not in _ids(world, search=search)


def test_search_takes_signs_as_they_are(world: IssueWorld) -> None:
    meant = world.register(text="电价上涨 5% 左右")
    world.register(text="电价上涨 50 左右")

    assert _ids(world, search="5%") == [meant]
    assert _ids(world, search="_") == []


@pytest.mark.parametrize(
    ("filters", "more"),
    [
        ({"kind": ["enquiry"]}, {"kind": IssueKind.ENQUIRY}),
        ({"urgency": ["emergency"]}, {"urgency": Urgency.EMERGENCY}),
        ({"state": ["resolved_on_site"]}, {"solution": "已处理"}),
        ({"source": ["page"], "kind": ["suggestion"]}, {"kind": IssueKind.SUGGESTION}),
    ],
)
def test_filters_by_what_an_issue_says(world: IssueWorld, filters: dict[str, Any], more: dict[str, Any]) -> None:
    meant, _other = _pair(world, **more)

    assert _ids(world, filters=filters) == [meant]


@pytest.mark.parametrize(
    ("filters", "values"),
    [
        ({"card": ["red"]}, {"card": Card.RED}),
        ({"supervised": [True]}, {"supervision": "DB-2023-0001"}),
        ({"cross_department": [True]}, {"cross_department": True}),
        ({"solved": [True]}, {"solved": True}),
        ({"satisfied": [False]}, {"satisfied": False}),
        ({"remaining": ["none"]}, {"due_at": None}),
        ({"park": ["east"]}, {"extra": {"park": "east"}}),
    ],
)
def test_filters_by_how_an_issue_stands(world: IssueWorld, filters: dict[str, Any], values: dict[str, Any]) -> None:
    field = ExtraField(entity=Extensible.ISSUE, label="园区", key="park", kind="choice", options="east | 东区")
    factories.stored(field)
    meant, _other = _pair(world, lambda issue_id: _change(issue_id, **values))

    assert _ids(world, filters=filters) == [meant]


def test_a_category_means_those_below_it(world: IssueWorld) -> None:
    """Given a tree of categories, when one is asked for, then issues of those below it are found too."""
    with transaction(actor=SYSTEM) as session:
        for value, parent in (("t1", ""), ("t2", "t1"), ("t3", "t2"), ("t4", "")):
            session.add(ChoiceItem(list_key=CATEGORIES, value=value, label=value, parent_value=parent))
    deep, own, other = (world.register(category=each) for each in ("t3", "t1", "t4"))

    assert set(_ids(world, filters={"category": ["t1"]})) == {deep, own}
    assert _ids(world, filters={"category": ["t4"]}) == [other]


def test_an_area_means_those_below_it(world: IssueWorld) -> None:
    meant, other = world.register(by="worker_b", at="B"), world.register()
    street = factories.rows(Area, lambda area: area.name == "B 街道")[0]
    zone = factories.rows(Area, lambda area: area.name == "高新区")[0]

    assert _ids(world, filters={"area_id": [street.pk]}) == [meant]
    assert set(_ids(world, filters={"area_id": [zone.pk]})) == {meant, other}


def test_filters_by_departments_and_people(world: IssueWorld) -> None:
    """Given an issue with a lead and an assisting department, then each of them and its people find it."""
    meant, other = world.issue(S.ACCEPTED), world.issue(S.ACCEPTED)
    x, y, z = (world.departments[letter].pk for letter in "XYZ")
    assisting = [Assistance(y, "协助测量")]
    issues.dispatch(world.actor("coordinator"), meant, x, assisting=assisting)
    issues.acknowledge(world.actor("officer_x"), meant)
    handler, receiver = world.people["officer_x"].pk, world.people["worker_a"].pk

    assert _ids(world, filters={"department_id": [x]}) == [meant]
    assert _ids(world, filters={"assisting": [y]}) == [meant]
    assert _ids(world, filters={"assisting": [z]}) == []
    assert _ids(world, filters={"handler_id": [handler]}) == [meant]
    assert set(_ids(world, filters={"first_receiver_id": [receiver]})) == {meant, other}
    assert _ids(world, filters={"first_receiver_id": [handler]}) == []


def test_filters_by_campaign(world: IssueWorld) -> None:
    """Given an issue heard in a campaign's visit, when another campaign is asked for, then it is not there."""
    today = clock.today()
    campaign = factories.stored(Campaign(name="送政策", starts_on=today, ends_on=today))
    meant, _other = _pair(world)
    visit = factories.stored(
        Visit(
            campaign_id=campaign.pk, enterprise_id=world.enterprises["A"].pk, area_id=world.enterprises["A"].area_id,
            team_id=world.actor("worker_a").team_ids[0], assignee_id=world.people["worker_a"].pk,
            assigned_by_id=world.people["lead_a"].pk, planned_on=clock.today(),
        )
    )  # fmt: skip
    _change(meant, visit_id=visit.pk)

    assert _ids(world, filters={"campaign": [campaign.pk]}) == [meant]
    assert _ids(world, filters={"campaign": [campaign.pk + 1]}) == []


def test_days_from_and_to_include_both(world: IssueWorld) -> None:
    old, new = world.register(), world.register()
    day = clock.today() - timedelta(days=5)
    _change(old, created_at=clock.now() - timedelta(days=5), due_at=clock.now() - timedelta(days=4))

    assert _ids(world, filters={"created_at": (day, day)}) == [old]
    assert _ids(world, filters={"created_at": (day + timedelta(days=1), None)}) == [new]
    assert _ids(world, filters={"due_at": (None, day + timedelta(days=1))}) == [old]


def test_quick_views_ask_what_they_say(world: IssueWorld) -> None:
    """Given issues of many kinds, then each quick view shows those it names."""
    overdue, on_site, closed = world.register(), world.register(solution="已处理"), world.issue(S.CLOSED)
    _change(overdue, due_at=clock.now() - timedelta(minutes=1))
    supervised = world.register()
    issues.supervise(world.actor("coordinator"), supervised, "限期办理")
    issues.yellow_card(world.actor("coordinator"), supervised, "超期")
    accepted = world.issue(S.ACCEPTED)

    assert set(_ids(world, view=QuickView.OPEN)) == {overdue, on_site, supervised, accepted}
    assert _ids(world, view=QuickView.OVERDUE) == [overdue]
    assert set(_ids(world, view=QuickView.SOON)) == {on_site, supervised, accepted}
    assert _ids(world, view=QuickView.SUPERVISED) == _ids(world, view=QuickView.CARDS) == [supervised]
    assert _ids(world, view=QuickView.ON_SITE) == [on_site]
    assert _ids(world, view=QuickView.ACROSS) == []
    assert _ids(world, view=QuickView.CLOSED) == [closed]
    assert set(_ids(world, "worker_a", view=QuickView.MINE)) == {overdue, on_site, supervised, accepted}
    assert _ids(world, "coordinator", view=QuickView.MINE) == []


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (S.REGISTERED, {"lead_a", "worker_a"}),
        (S.RESOLVED_ON_SITE, {"worker_a"}),
        (S.ACCEPTED, {"coordinator"}),
        (S.DISPATCHED, {"officer_x", "colleague_x"}),
        (S.RETURNED, {"coordinator"}),
        (S.EXTENSION_REQUESTED, {"coordinator"}),
        (S.SHELVED, set()),
        (S.RESOLVED, {"coordinator"}),
        (S.CALL_BACK, {"worker_a"}),
        (S.CLOSED, set()),
    ],
)
def test_an_issue_waits_for_those_whose_step_is_next(world: IssueWorld, state: IssueState, who: set[str]) -> None:
    issue_id = world.issue(state)

    assert {name for name in world.people if name != "admin" and _ids(world, name, view=QuickView.WAITING)} == who
    assert _ids(world) == [issue_id]


def test_an_assisting_department_has_its_task_waiting(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "协助测量")

    assert _ids(world, "officer_y", view=QuickView.WAITING) == [issue_id]
    assert _ids(world, "officer_z", view=QuickView.WAITING) == []


def test_each_role_sees_its_own(world: IssueWorld) -> None:
    """Given issues of two streets, one dispatched, then each sees theirs and outsiders nothing."""
    dispatched, other = world.issue(S.DISPATCHED), world.register(by="worker_b", at="B")

    for who in ("coordinator", "manager"):
        assert set(_ids(world, who)) == {dispatched, other}
    for who in ("lead_a", "worker_a", "officer_x"):
        assert _ids(world, who) == [dispatched]
    assert _ids(world, "lead_b") == [other]
    assert _ids(world, "officer_z") == []
    with pytest.raises(NotAllowedError):
        ledger.find(world.actor("admin"), Query())


def test_rows_tell_names_tasks_and_time_left(world: IssueWorld) -> None:
    issue_id = world.issue(S.ACCEPTED)
    y = world.departments["Y"].pk
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=[Assistance(y, "协助")])

    page = ledger.find(world.actor("coordinator"), Query())

    [row] = page.rows
    assert (row["remaining"], row["assisting"], row["supervised"], row["version"]) == ("soon", [y], False, 3)
    assert page.labels["assisting"] == {y: "Y 局"}
    assert page.labels["enterprise_id"] == {row["enterprise_id"]: "A 企业有限公司"}
    assert {spec.key for spec in page.specs} >= set(ledger_fields.STANDARD)


@pytest.mark.parametrize("order", list(Order))
def test_pages_forwards_and_backwards_hold_every_row_once(world: IssueWorld, order: Order) -> None:
    """Given issues that tie, when paged to the end and back, then each stands once and in the same order."""
    for number in range(7):
        issue_id = world.register(urgency=list(Urgency)[number % 3])
        if number % 3 == 0:
            _change(issue_id, due_at=None)
        if number % 3 == 1:
            _change(issue_id, paused_since=clock.now())
    actor, query = world.actor("coordinator"), Query(view=QuickView.ALL, order=order)
    whole = [row["id"] for row in ledger.find(actor, query).rows]

    forwards, cursor, pages = [], "", []
    while True:
        page = ledger.find(actor, query, cursor=cursor, size=2)
        pages.append([row["id"] for row in page.rows])
        forwards += pages[-1]
        if not page.after:
            break
        cursor = page.after
    backwards = [pages[-1]]
    while page.before:
        page = ledger.find(actor, query, cursor=page.before, size=2)
        backwards.insert(0, [row["id"] for row in page.rows])

    assert forwards == whole
    assert len(set(whole)) == 7
    assert backwards[1:] == pages[1:]
    assert [each for page in backwards for each in page][-7:] == whole
    assert page.before == ""


def test_orders_are_what_they_are_called(world: IssueWorld) -> None:
    first, second, third = (world.register(urgency=each) for each in Urgency)
    now = clock.now()
    for days, issue_id in enumerate((second, first)):
        _change(issue_id, due_at=now + timedelta(days=days))
    _change(third, due_at=now - timedelta(days=9), paused_since=now)  # while a clock is paused nothing runs out

    assert _ids(world, order=Order.DUE) == [second, first, third]
    assert _ids(world, order=Order.URGENCY) == [third, second, first]
    assert _ids(world, order=Order.NEWEST) == _ids(world, order=Order.NUMBER_DOWN) == [third, second, first]
    assert _ids(world, order=Order.OLDEST) == _ids(world, order=Order.NUMBER) == [first, second, third]


def test_what_comes_in_between_two_pages_moves_no_row(world: IssueWorld) -> None:
    """Given a first page, when issues come in before and after its end, then the next page goes on where it ended."""
    ids = [world.register() for _ in range(4)]
    actor, query = world.actor("coordinator"), Query(order=Order.NEWEST)
    first = ledger.find(actor, query, size=2)

    before = world.register()
    between = world.register()
    _change(between, created_at=world.row(ids[1]).created_at, due_at=clock.now())
    second = ledger.find(actor, query, cursor=first.after, size=2)
    back = ledger.find(actor, query, cursor=second.before, size=50)

    assert [row["id"] for row in first.rows] == [ids[3], ids[2]]
    assert [row["id"] for row in second.rows] == [ids[1], ids[0]]
    assert [row["id"] for row in back.rows] == [between, before, ids[3], ids[2], ids[1], ids[0]]


def test_a_page_whose_rows_were_all_worked_off_is_the_first_counted_anew(world: IssueWorld) -> None:
    """Given three needs on pages of two, when that on the second is worked off, then the two left are shown there."""
    for _place in range(3):
        world.register()
    actor, query = world.actor("lead_a"), Query(filters={"state": [S.REGISTERED]}, order=Order.NEWEST)
    first = ledger.find(actor, query, size=2)
    (last,) = ledger.find(actor, query, cursor=first.after, size=2, counted=False).rows
    world.step(last["id"], "accept")

    page = ledger.find(actor, query, cursor=first.after, size=2, counted=False, placed=True)

    assert [row["id"] for row in page.rows] == [row["id"] for row in first.rows]
    assert (page.count, page.passed, page.before, page.after) == (Count(2), Count(0), "", "")


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WzEsMiwzXQ", "bnVsbA", "WzAsIngiLCJ5Il0"])
def test_a_cursor_that_says_nothing_means_the_first_page(world: IssueWorld, cursor: str) -> None:
    issue_id = world.register()

    page = ledger.find(world.actor("coordinator"), Query(), cursor=cursor)

    assert [row["id"] for row in page.rows] == [issue_id]


def test_a_count_stops_at_its_cap(world: IssueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more issues than are counted, then the count says so; a page that is only turned counts nothing."""
    for _ in range(4):
        world.register()
    actor = world.actor("coordinator")

    assert ledger.count(actor, Query()) == Count(4)
    monkeypatch.setattr(ledger, "CAP", 3)
    assert ledger.find(actor, Query()).count == Count(3, more=True)
    assert ledger.find(actor, Query(), counted=False).count is None


def test_many_enterprises_of_a_name_are_searched_too(world: IssueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_filters, "_MANY", 1)
    ids = {world.register(), world.register(by="worker_b", at="B")}

    assert set(_ids(world, search="企业有限公司")) == ids


def test_filters_name_what_the_role_may_choose(world: IssueWorld) -> None:
    described = ledger_fields.describe(world.actor("lead_a"))

    assert set(described.references["area_id"].values()) == {"A 街道", "A 街道 › A 社区"}
    assert set(described.references["department_id"].values()) == {"X 局", "Y 局", "Z 局"}
    assert world.people["officer_x"].pk in described.references["handler_id"]
    assert "campaign" not in {spec.key for spec in described.specs}


def test_an_area_that_is_renamed_is_offered_by_its_new_name_at_once(world: IssueWorld) -> None:
    lead = world.actor("lead_a")
    before = ledger_fields.describe(lead).references["area_id"]
    with transaction(actor=SYSTEM) as session:
        session.get_one(Area, next(iter(before))).name = "新街道"

    assert set(ledger_fields.describe(lead).references["area_id"].values()) == {"新街道", "新街道 › A 社区"}
    assert ledger_fields.describe(world.actor("lead_b")).references["area_id"].keys().isdisjoint(before)


def test_views_are_saved_replaced_renamed_and_deleted_by_their_owner_alone(world: IssueWorld) -> None:
    """Given a saved view, when others ask, then it is not there; its owner opens, renames and deletes it."""
    lead, other = world.actor("lead_a"), world.actor("lead_b")
    view_id = ledger_views.save(lead, " 超期 ", {"_view": ["overdue"]})
    assert ledger_views.save(lead, "超期", {"kind": ["enquiry"]}) == view_id
    second = ledger_views.save(lead, "督办", {})

    [view, _second] = ledger_views.saved(lead)
    assert (view.name, view.query) == ("超期", {"kind": ["enquiry"]})
    assert ledger_views.saved(other) == []
    with pytest.raises(NotFoundError):
        ledger_views.rename(other, view_id, "我的")
    with pytest.raises(NotFoundError):
        ledger_views.delete(other, view_id)
    with pytest.raises(InvalidError, match="同名"):
        ledger_views.rename(lead, view_id, "督办")
    ledger_views.rename(lead, view_id, "已超期")
    ledger_views.delete(lead, second)
    assert [each.name for each in ledger_views.saved(lead)] == ["已超期"]


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_a_view_needs_a_name_that_fits(world: IssueWorld, name: str) -> None:
    with pytest.raises(InvalidError):
        ledger_views.save(world.actor("lead_a"), name, {})


def test_views_have_an_end(world: IssueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_views, "MOST_VIEWS", 1)
    ledger_views.keep_columns(world.actor("lead_a"), ["number"])
    ledger_views.save(world.actor("lead_a"), "一", {})
    with pytest.raises(InvalidError, match="1"):
        ledger_views.save(world.actor("lead_a"), "二", {})


def test_columns_are_kept_for_each_person(world: IssueWorld) -> None:
    lead, other = world.actor("lead_a"), world.actor("lead_b")

    ledger_views.keep_columns(lead, ["number", "due_at"])
    ledger_views.keep_columns(lead, ["number"])

    assert ledger_views.columns(lead) == ["number"]
    assert ledger_views.columns(other) == []
    assert ledger_views.saved(lead) == []


@pytest.mark.parametrize("what", ["view", "columns"])
def test_two_who_save_first_at_once_both_succeed(world: IssueWorld, what: str) -> None:
    """Given a first save that is not finished, when the same person saves too, then the later one stays."""
    lead, name = world.actor("lead_a"), "超期" if what == "view" else ""

    def save() -> None:
        if what == "view":
            ledger_views.save(lead, name, {"kind": ["enquiry"]})
        else:
            ledger_views.keep_columns(lead, ["number"])

    with ThreadPoolExecutor(1) as thread:
        with transaction(actor=SYSTEM) as session:
            session.add(LedgerView(account_id=lead.pk, name=name, query={}))
            session.flush()
            waiting = thread.submit(save)
            with pytest.raises(FutureTimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=30)

    assert [row.query for row in factories.rows(LedgerView)] == [
        {"kind": ["enquiry"]} if what == "view" else {"columns": ["number"]}
    ]


@pytest.mark.parametrize(
    ("order", "values"),
    [
        (Order.NEWEST, ["2023-12-06T10:00:00+08:00", 2**31]),
        (Order.NEWEST, ["2023-12-06T10:00:00+23:59", 1]),
        (Order.NEWEST, ["0001-01-01T00:00:00+08:00", 1]),
        (Order.URGENCY, [-(2**40), "infinity", 1]),
        (Order.NUMBER, ["QY\0"]),
        (Order.NUMBER, ["\ud800"]),
        (Order.NUMBER, [["QY"]]),
    ],
)
def test_a_cursor_the_database_could_not_hold_means_no_error(
    world: IssueWorld, order: Order, values: list[object]
) -> None:
    """Given a cursor somebody made up, when the ledger is asked with it, then it answers."""
    world.register()
    cursor = base64.urlsafe_b64encode(json.dumps([False, *values]).encode()).decode()

    page = ledger.find(world.actor("coordinator"), Query(order=order), cursor=cursor)

    assert page.specs


def test_a_department_that_returned_its_task_sees_the_issue_no_more(world: IssueWorld) -> None:
    """Given two assisting departments, when one finishes and one returns its task, then only the first still sees."""
    issue_id = world.issue(S.HANDLING)
    y, z = (world.departments[letter].pk for letter in "YZ")
    for department_id in (y, z):
        issues.add_task(world.actor("officer_x"), issue_id, department_id, "协助测量")
    done, returned = (task.pk for task in world.tasks(issue_id))
    assert _ids(world, "officer_z") == [issue_id]

    issues.finish_task(world.actor("officer_y"), issue_id, done, "已测量")
    issues.return_task(world.actor("officer_z"), issue_id, returned, "不属于本部门")

    assert (_ids(world, "officer_y"), _ids(world, "officer_z")) == ([issue_id], [])
    assert [_ids(world, filters={"assisting": [each]}) for each in (y, z)] == [[issue_id], []]
    [row] = ledger.find(world.actor("coordinator"), Query(view=QuickView.ALL)).rows
    assert row["assisting"] == [y]
    with pytest.raises(NotFoundError):
        reading.read(world.actor("officer_z"), issue_id)
