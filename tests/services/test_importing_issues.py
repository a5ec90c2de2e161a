"""An older 问题台账 as a file: each line becomes an issue with a number and a log of its own, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from core.db import transaction
from core.errors import NotAllowedError
from models.account import Role
from models.importing import ImportRun, ImportState
from models.issue import Issue, IssueKind, IssueSource, IssueState, NumberSeries, Urgency
from models.lifecycle import Verb
from services import issues
from services.actor import SYSTEM, Actor
from services.importing import runs
from services.importing.entities import issues as entity
from services.importing.registry import importable
from services.issues import Heard, events
from services.issues.registering import Old
from tests import factories, issue_world
from tests.issue_world import IssueWorld
from tests.services.imports import checked, imported, reasons, xlsx

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
TITLES = (
    "序号", "编号", "企业名称", "问题类型", "问题类别", "紧急程度",
    "问题内容", "登记日期", "首接人", "责任部门", "办理状态", "办理结果",
)  # fmt: skip
A, B = "A 企业有限公司", "B 企业有限公司"
LINES = (
    (1, "2022-001", A, "难点问题", "供电", "紧急", "夏季用电高峰经常限电", date(2022, 8, 15),
     "worker_a", "X 局", "办理中", "已联系供电公司"),
    (2, "2022-002", B, "意见建议", "要素保障 / 供水排水", "", "建议增设供水检修口", "2022年9月1日",
     "", "", "待受理", ""),
    (3, "2022-003", A, "咨询", "", "一般", "创业担保贷款额度是多少", date(2022, 9, 3),
     "lead_a", "Y 局", "已办结", "已答复额度与贴息比例"),
    (4, "2022-004", B, "", "道路交通", "特急", "厂区门口道路塌陷", date(2022, 9, 4), "", "X 局", "已销号", ""),
)  # fmt: skip


@pytest.fixture
def world() -> IssueWorld:
    """The small world of the ledger."""
    return issue_world.build()


@pytest.fixture
def coordinator(world: IssueWorld) -> Actor:
    """A coordinator who reads Chinese."""
    return factories.acting(world.people["coordinator"], locale="zh_CN")


def bring(actor: Actor, *lines: object, titles: tuple[str, ...] = TITLES, **more: Any) -> ImportRun:
    rows: list[Any] = [titles, *lines]
    return imported(actor, xlsx(rows), entity="issue", name="问题台账2022.xlsx", **more)


def test_each_line_becomes_an_issue_with_number_state_and_log(world: IssueWorld, coordinator: Actor) -> None:
    """Given lines in every state, when they are imported, then rows and logs say what the file said."""
    run = bring(coordinator, *LINES)

    assert (run.state, run.rows_new, run.rows_bad) == (ImportState.DONE, 4, 0), reasons(coordinator, run)
    rows = factories.rows(Issue)
    assert [row.number for row in rows] == [f"LS-2023-{place:06d}" for place in range(1, 5)]
    assert [row.old_number for row in rows] == [line[1] for line in LINES]
    assert [row.state for row in rows] == [
        IssueState.ACCEPTED, IssueState.REGISTERED, IssueState.RESOLVED_ON_SITE, IssueState.CLOSED,
    ]  # fmt: skip
    assert [row.kind for row in rows] == [
        IssueKind.DIFFICULT_ISSUE, IssueKind.SUGGESTION, IssueKind.ENQUIRY, IssueKind.DIFFICULT_ISSUE,
    ]  # fmt: skip
    assert [row.category for row in rows] == ["power", "water", "", "road"]
    assert [row.urgency for row in rows] == [Urgency.URGENT, Urgency.NORMAL, Urgency.NORMAL, Urgency.EMERGENCY]
    assert [f"{row.created_at:%Y-%m-%d}" for row in rows] == ["2022-08-15", "2022-09-01", "2022-09-03", "2022-09-04"]
    assert {row.source for row in rows} == {IssueSource.FILE}
    people = {person.pk: name for name, person in world.people.items()}
    assert [people[row.first_receiver_id] for row in rows] == ["worker_a", "coordinator", "lead_a", "coordinator"]
    assert [row.department_id for row in rows] == [
        world.departments["X"].pk, None, world.departments["Y"].pk, world.departments["X"].pk,
    ]  # fmt: skip
    assert [row.solution for row in rows] == ["", "", "已答复额度与贴息比例", "见原台账。"]


def test_the_logs_replay_to_the_rows_and_tell_where_they_come_from(world: IssueWorld, coordinator: Actor) -> None:
    """Given imported lines, then every log folds to its row, and says the number the line had."""
    bring(coordinator, *LINES)

    for row in factories.rows(Issue):
        log = world.events(row.pk)
        assert events.replay(log) == events.snapshot(row)
        assert [event.seq for event in log] == list(range(1, row.version + 1))
        assert row.old_number in log[0].reason
    first, _second, _third, fourth = (world.events(row.pk) for row in factories.rows(Issue))
    assert [event.verb for event in first] == [Verb.REGISTER, Verb.ACCEPT]
    assert "已联系供电公司" in first[0].reason
    assert [event.verb for event in fourth] == [Verb.REGISTER, Verb.ANSWER, Verb.START_CALL_BACK, Verb.CLOSE]
    assert [row.due_at is not None for row in factories.rows(Issue)] == [True, True, True, False]


def test_the_same_file_again_changes_nothing(coordinator: Actor) -> None:
    """Given an imported file, when it comes again after an issue went on, then every line is there already."""
    bring(coordinator, *LINES)
    issues.decline(coordinator, factories.rows(Issue)[1].pk, "不属于涉企问题")

    run = bring(coordinator, *LINES)

    assert (run.state, run.rows_same, run.rows_new, run.rows_changed) == (ImportState.DONE, 4, 0, 0)
    assert len(factories.rows(Issue)) == 4
    assert factories.rows(Issue)[1].state is IssueState.DECLINED


def test_lines_without_a_number_are_known_by_enterprise_and_words(coordinator: Actor, world: IssueWorld) -> None:
    """Given a file without numbers, when it comes twice, then its second coming changes nothing."""
    titles = ("企业", "诉求内容")
    lines = [(A, "停水"), (B, "停水")]

    assert bring(coordinator, *lines, titles=titles).rows_new == 2
    assert bring(coordinator, *lines, titles=titles).rows_same == 2
    assert world


def test_a_line_the_file_has_twice_becomes_one_issue_however_often_the_file_comes(coordinator: Actor) -> None:
    """Given a file without numbers and one line twice, when it comes again, then no further issue is registered."""
    titles = ("企业", "诉求内容")
    lines = [(A, "停水"), (A, "停水"), (B, "停水")]
    bring(coordinator, *lines, titles=titles, good_rows_only=True)

    again = bring(coordinator, *lines, titles=titles, good_rows_only=True)

    assert (again.rows_new, again.rows_same, again.rows_bad) == (0, 2, 1)
    assert len(factories.rows(Issue)) == 2


def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_stored(coordinator: Actor) -> None:
    """Given wrong cells, when the file is checked, then each is told; numbers are not used up."""
    lines = [
        (1, "1", "C 企业有限公司", "", "", "", "找不到的企业", "", "", "", "", ""),
        (2, "2", A, "投诉", "", "", "不知道的类型", "", "", "", "", ""),
        (3, "3", A, "", "", "", "明年的日期", date(2024, 5, 1), "", "", "", ""),
        (4, "4", A, "", "", "", "干部不能首接", "", "manager", "", "", ""),
        (5, "5", A, "", "", "", "", "", "", "", "", ""),
        (6, "6", A, "", "没有的类别", "", "没有的类别", "", "", "", "", ""),
    ]

    run = checked(coordinator, xlsx([TITLES, *lines]), entity="issue")

    assert [(row, column) for row, column, _reason in reasons(coordinator, run)] == [
        (2, "企业名称"), (3, "问题类型"), (4, "登记日期"), (5, "首接人"), (6, "问题内容"), (7, "问题类别"),
    ]  # fmt: skip
    assert not factories.rows(Issue)
    with transaction(actor=SYSTEM) as session:
        assert session.exec(select(NumberSeries)).all() == []


def test_good_lines_alone_can_be_imported_without_a_gap(coordinator: Actor) -> None:
    """Given a wrong line between two good ones, when the good ones are imported, then they have numbers 1 and 2."""
    wrong = (2, "2022-009", "C 企业有限公司", "", "", "", "没有这家企业", "", "", "", "", "")

    run = bring(coordinator, LINES[0], wrong, LINES[1], good_rows_only=True)

    assert (run.rows_new, run.rows_bad) == (2, 1)
    assert [row.number for row in factories.rows(Issue)] == ["LS-2023-000001", "LS-2023-000002"]


def test_nobody_waits_for_an_import_to_register_a_need(world: IssueWorld, coordinator: Actor) -> None:
    """Given an import that is under way, when somebody registers a need, then it has its number at once."""
    old = Old("2022-001", None, None, "")
    heard = Heard(kind=IssueKind.ENQUIRY, text="旧台账的一行")
    with transaction(actor=SYSTEM) as session, ThreadPoolExecutor(1) as beside:
        enterprise = world.enterprises["A"]
        line = issues.register_in(session, coordinator, enterprise, heard, source=IssueSource.FILE, old=old)
        session.flush()
        registered = beside.submit(world.register).result(timeout=5)
        assert (line.number, world.row(registered).number) == ("LS-2023-000001", "QY-2023-000001")


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.ADMINISTRATOR])
def test_only_coordinators_import_issues(world: IssueWorld, role: Role) -> None:
    """Given another role, when it uploads a ledger, then it may not."""
    actor = factories.actor(role)

    with pytest.raises(NotAllowedError):
        checked(actor, xlsx([TITLES, *LINES]), entity="issue")
    assert "issue" not in [each.entity.key for each in importable(actor)]
    assert "issue" in [each.entity.key for each in importable(world.actor("coordinator"))]
    assert not runs.history(world.actor("coordinator"))


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("正在解决", IssueState.ACCEPTED), ("协调解决中", IssueState.ACCEPTED), ("无法解决", IssueState.ACCEPTED),
        ("不能解决", IssueState.ACCEPTED), ("部分解决", IssueState.ACCEPTED), ("未解决", IssueState.ACCEPTED),
        ("暂无法办理", IssueState.ACCEPTED), ("申请销号", IssueState.ACCEPTED), ("不可销号", IssueState.ACCEPTED),
        ("办理中", IssueState.ACCEPTED), ("已受理", IssueState.ACCEPTED), ("未受理", IssueState.REGISTERED),
        ("待办理", IssueState.REGISTERED), ("否", IssueState.REGISTERED), ("已办结", IssueState.RESOLVED_ON_SITE),
        ("已解决", IssueState.RESOLVED_ON_SITE), ("完成", IssueState.RESOLVED_ON_SITE),
        ("是", IssueState.RESOLVED_ON_SITE), ("已销号", IssueState.CLOSED), ("closed", IssueState.CLOSED),
    ],
)  # fmt: skip
def test_words_of_state_that_deny_or_go_on_do_not_end_an_issue(words: str, state: IssueState) -> None:
    """Given a cell of an old ledger, then what is denied, asked for or going on stays open."""
    assert entity._state(words) == state.value


def test_what_was_not_taken_up_is_refused_for_a_person_to_decide(coordinator: Actor) -> None:
    """Given a line that was declined, when the file is checked, then its state is told as wrong."""
    lines = [(A, "修路", "不予受理"), (B, "修路", "暂不受理")]

    run = checked(coordinator, xlsx([("企业", "诉求内容", "状态"), *lines]), entity="issue")

    assert [(row, column) for row, column, _reason in reasons(coordinator, run)] == [(2, "状态"), (3, "状态")]


def test_a_long_account_of_what_was_done_is_cut_to_what_the_log_holds(world: IssueWorld, coordinator: Actor) -> None:
    """Given a solution as long as can be of an open issue, when it is imported, then the log holds what fits."""
    run = bring(coordinator, (A, "修路", "办理中", "长" * 4000), titles=("企业", "诉求内容", "状态", "办理结果"))

    assert run.state is ImportState.DONE, reasons(coordinator, run)
    [row] = factories.rows(Issue)
    assert {len(event.reason) for event in world.events(row.pk)} == {4000}
