"""The official ledger as XLSX and the dispatch sheet as DOCX, read back as Excel and Word would."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from core import clock
from core.db import transaction
from core.errors import NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.audit import AuditEntry
from models.enterprise import Contact
from models.issue import IssueState
from models.issue_log import IssueClock
from services import issues
from services.actor import SYSTEM
from services.enterprises.profile import profile
from services.issues import ledger
from services.issues.dispatch_sheet import dispatch_sheet
from services.issues.ledger import Query
from services.issues.ledger_filters import QuickView
from services.issues.ledger_xlsx import ledger_workbook
from services.tallies import reading
from services.tallies.measures import Measure
from services.tallies.scope import Asked
from tests import factories
from tests.issue_world import IssueWorld

TITLES = [
    "序号", "编号", "企业名称", "所属网格/镇街", "联系人及电话", "问题类别", "问题描述", "来源（走访方式/日期）",
    "首接责任人", "主办部门", "协办部门", "登记日期", "交办日期", "办理时限", "办理进展/措施", "办结日期",
    "是否解决", "企业是否满意", "回访人", "销号日期", "备注",
]  # fmt: skip


@pytest.fixture(autouse=True)
def contacts(world: IssueWorld) -> None:
    for letter in "AB":
        factories.stored(
            Contact(enterprise_id=world.enterprises[letter].pk, name="王海", phone="+8613812345678", is_primary=True)
        )


def _sheet(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _rows(content: bytes) -> list[dict[str, object]]:
    head, *rows = list(_sheet(content).iter_rows(min_row=3, values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def _audited(form: str) -> list[AuditEntry]:
    with transaction(actor=SYSTEM) as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "issue.exported"))
        return [entry for entry in found if entry.after.get("form") == form]


def test_the_ledger_tells_an_issue_from_registration_to_closure(world: IssueWorld) -> None:
    closed = world.row(world.issue(IssueState.CLOSED))

    (row,) = _rows(ledger_workbook(world.actor("coordinator"), Query()))

    assert list(row) == TITLES
    assert (row["序号"], row["编号"], row["企业名称"]) == (1, closed.number, "A 企业有限公司")
    assert row["所属网格/镇街"] == "A 街道A 社区A 网格"
    assert row["联系人及电话"] == "王海 13812345678"
    assert row["问题描述"] == closed.text
    assert (row["主办部门"], row["首接责任人"]) == ("X 局", "worker_a")
    assert row["办理进展/措施"] == closed.solution
    assert (row["是否解决"], row["企业是否满意"]) == ("是", "是")
    assert [row[day].date() for day in ("登记日期", "交办日期", "办结日期", "销号日期")] == [  # type: ignore[attr-defined]
        moment.astimezone().date() if moment else None
        for moment in (closed.created_at, closed.dispatched_at, closed.resolved_at, closed.closed_at)
    ]
    assert row["办理时限"] == datetime(2023, 12, 27)  # noqa: DTZ001 - a cell has no zone


def test_a_provisional_limit_is_a_day_too_and_remarked(world: IssueWorld) -> None:
    """Given limits in a year whose holidays are not published, then they sort as days and the remarks say so."""
    world.issue(IssueState.HANDLING)
    with transaction(actor=SYSTEM) as session:
        for each in session.exec(select(IssueClock)):
            each.provisional = True

    (row,) = _rows(ledger_workbook(world.actor("coordinator"), Query()))

    assert isinstance(row["办理时限"], datetime)
    assert row["备注"] == "时限为暂定"


def test_an_issue_without_a_limit_has_an_empty_cell(world: IssueWorld) -> None:
    world.register()

    (row,) = _rows(ledger_workbook(world.actor("coordinator"), Query()))

    assert row["办理时限"] is None
    assert row["备注"] is None


def test_a_result_the_enterprise_refused_is_not_told_as_progress(world: IssueWorld) -> None:
    """Given a need resolved on site, when it is not solved, then papers, view and figures know no result of it."""
    coordinator, issue_id = world.actor("coordinator"), world.issue(IssueState.RESOLVED_ON_SITE)
    on_site = Query(view=QuickView.ON_SITE)
    assert _rows(ledger_workbook(coordinator, on_site))[0]["办理进展/措施"] == world.row(issue_id).solution

    issues.answer(world.actor("worker_a"), issue_id, "当场告知")
    issues.start_call_back(coordinator, issue_id)
    issues.record_call_back(coordinator, issue_id, reached=True, solved=False, satisfied=False, note="又停电了")

    (row,) = _rows(ledger_workbook(coordinator, Query()))
    assert (row["办理进展/措施"], row["办结日期"], row["是否解决"]) == ("已受理：又停电了", None, "否")
    refused = world.row(issue_id).solution
    assert refused
    assert refused not in _cells(_read(dispatch_sheet(coordinator, issue_id).content))["办理结果"]
    assert refused not in profile(coordinator, world.row(issue_id).enterprise_id).moments[0].text
    figures = reading.issues(world.actor("manager"), Asked())
    assert ledger.count(coordinator, on_site).number == figures[Measure.ON_SITE] == 0


def test_the_ledger_is_laid_out_to_be_printed(world: IssueWorld) -> None:
    world.register()
    sheet = _sheet(ledger_workbook(world.actor("coordinator"), Query(), paper="A4"))

    assert sheet["A1"].value == "“政务服务进千企”走访问题台账"
    assert sheet["A2"].value == "填报单位：高新区"
    assert str(sheet["L2"].value).startswith("共 1 件    填报日期：2023年12月6日")
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:U1", "A2:K2", "L2:U2"}
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == "D4"
    assert "第 &P 页" in sheet.oddFooter.center.text.replace("&[Page]", "&P")
    assert sheet["A1"].font.name == "方正小标宋简体"
    for cell in sheet[4]:
        assert cell.border.left.style == cell.border.bottom.style == "thin"
        assert cell.alignment.wrap_text


def test_what_begins_like_a_formula_stays_text_and_long_text_gets_a_higher_row(world: IssueWorld) -> None:
    world.register(text='=HYPERLINK("http://evil.example","点我")')
    world.register(text="电压不稳。" * 60, at="B", by="worker_b")

    sheet = _sheet(ledger_workbook(world.actor("coordinator"), Query()))

    formula = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if "HYPERLINK" in str(cell.value))
    assert formula.data_type == "s"
    heights = sorted(sheet.row_dimensions[number].height for number in (4, 5))
    assert heights[0] < heights[1] <= 409


@pytest.mark.parametrize(("who", "places"), [
    ("coordinator", {"A", "B"}), ("manager", {"A", "B"}), ("lead_a", {"A"}), ("lead_b", {"B"}), ("officer_x", {"A"}),
    ("officer_z", set()),
])  # fmt: skip
def test_everybody_exports_what_they_may_and_phones_are_masked(world: IssueWorld, who: str, places: set[str]) -> None:
    world.issue(IssueState.HANDLING)
    world.register(at="B", by="worker_b", text="用工难")

    rows = _rows(ledger_workbook(world.actor(who), Query()))

    assert {str(row["企业名称"])[0] for row in rows} == places
    plain = who in {"coordinator", "lead_a", "lead_b"}
    assert {row["联系人及电话"] for row in rows} <= {"王海 13812345678" if plain else "王海 138****5678"}
    (entry,) = _audited("official_ledger")
    assert entry.after["rows"] == len(places)


@pytest.mark.parametrize("who", ["worker_a", "admin"])
def test_who_may_not_export_gets_neither_paper(world: IssueWorld, who: str) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    with pytest.raises(NotAllowedError):
        ledger_workbook(world.actor(who), Query())
    with pytest.raises(NotAllowedError):
        dispatch_sheet(world.actor(who), issue_id)


def test_the_ledger_follows_its_query_and_many_rows_are_told_in_batches(
    world: IssueWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.issues import ledger_xlsx

    monkeypatch.setattr(ledger_xlsx, "_BATCH", 3)
    for number in range(7):
        world.register(text=f"第 {number} 个电力问题")
    world.register(text="别的事")

    rows = _rows(ledger_workbook(world.actor("coordinator"), Query(search="电力问题")))

    assert [row["序号"] for row in rows] == list(range(1, 8))
    assert len({row["编号"] for row in rows}) == 7


def test_official_papers_are_chinese_for_everybody(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    with in_locale("en"):
        (row,) = _rows(ledger_workbook(world.actor("coordinator"), Query()))
        sheet = dispatch_sheet(world.actor("coordinator"), issue_id)
    assert str(row["问题类别"]).startswith("难点问题")
    assert sheet.file_name.startswith("问题交办单-QY-2023-")


def _read(content: bytes) -> DocumentType:
    return Document(BytesIO(content))


def _cells(document: DocumentType) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in document.tables[0].rows:
        texts = [cell.text for cell in row.cells]
        found[texts[0]] = texts[1]
        if texts[2] != texts[1]:
            found[texts[2]] = texts[3]
    return found


def test_the_dispatch_sheet_says_what_is_asked_of_whom_by_when(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    issue = world.row(issue_id)

    document = _read(dispatch_sheet(world.actor("officer_x"), issue_id).content)

    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "政务服务进千企问题交办单"
    assert texts[1] == f"编号：{issue.number}\t交办日期：2023年12月6日"
    cells = _cells(document)
    assert list(cells) == [
        "企业名称", "网格", "联系人", "联系电话", "问题类别", "紧急程度", "问题来源", "首接责任人", "问题描述",
        "交办意见", "主办单位", "协办单位", "办理时限", "督办编号", "签收人", "签收时间", "办理结果", "审核意见",
        "企业评价", "备注",
    ]  # fmt: skip
    assert (cells["企业名称"], cells["联系人"], cells["联系电话"]) == ("A 企业有限公司", "王海", "138****5678")
    assert cells["问题描述"] == issue.text
    assert (cells["主办单位"], cells["签收人"]) == ("X 局", "officer_x")
    assert cells["办理时限"] == "2023年12月27日前"
    assert "□ 已解决  □ 未解决" in cells["企业评价"]
    assert _audited("dispatch_sheet")[0].entity_id == str(issue_id)


def test_a_closed_issue_has_its_answers_ticked(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.CLOSED)
    cells = _cells(_read(dispatch_sheet(world.actor("coordinator"), issue_id).content))
    assert "☑ 已解决  □ 未解决" in cells["企业评价"]
    assert "☑ 满意  □ 不满意" in cells["企业评价"]
    assert world.row(issue_id).solution in cells["办理结果"]
    assert cells["联系电话"] == "13812345678"


@pytest.mark.parametrize(("state", "step", "said", "by"), [
    (IssueState.CALL_BACK, "not_satisfied", "仍偶尔跳闸", "worker_a"),
    (IssueState.CLOSED, "reopen", "企业再次反映", "coordinator"),
])  # fmt: skip
def test_done_again_the_sheet_keeps_what_the_coordinator_asked_and_says_why(
    world: IssueWorld, state: IssueState, step: str, said: str, by: str
) -> None:
    """Given an issue handled in vain, when it begins anew, then instruction and dispatcher are the coordinator's."""
    issue_id = world.issue(state)
    asked = world.row(issue_id).instruction
    clock.advance(timedelta(days=7))
    world.step(issue_id, step)

    document = _read(dispatch_sheet(world.actor("coordinator"), issue_id).content)

    cells = _cells(document)
    assert asked == "请牵头办理"
    assert cells["交办意见"] == f"{asked}\ncoordinator  2023年12月6日"
    assert cells["重办原因"].startswith(said)
    assert cells["重办原因"].endswith(f"{by}  2023年12月13日")
    assert "经办人：coordinator " in document.paragraphs[-1].text
    assert world.row(issue_id).instruction == asked


def _told_limit(world: IssueWorld, issue_id: int) -> tuple[str, str]:
    """Return the time limit as the dispatch sheet and as the ledger tell it to the coordinator."""
    coordinator = world.actor("coordinator")
    (row,) = _rows(ledger_workbook(coordinator, Query(view=QuickView.ALL)))
    day = row["办理时限"]
    cells = _cells(_read(dispatch_sheet(coordinator, issue_id).content))
    return cells["办理时限"], f"{day:%Y-%m-%d}" if isinstance(day, datetime) else ""


def test_every_dispatch_is_told_with_its_own_limit_before_it_is_acknowledged(world: IssueWorld) -> None:
    """Given an issue dispatched, acknowledged and given to another, then papers say by when the one asked must end."""
    issue_id, coordinator = world.issue(IssueState.DISPATCHED), world.actor("coordinator")
    before = ("2023年12月27日前", "2023-12-27")
    assert _told_limit(world, issue_id) == before
    world.step(issue_id, "acknowledge")
    assert _told_limit(world, issue_id) == before

    clock.advance(timedelta(days=7))
    issues.redispatch(coordinator, issue_id, world.departments["Y"].pk, instruction="改由 Y 局办理")

    after = ("2024年1月4日前", "2024-01-04")
    assert _told_limit(world, issue_id) == after
    issues.acknowledge(world.actor("officer_y"), issue_id)
    assert _told_limit(world, issue_id) == after


def test_the_next_round_has_its_own_limit_and_nobody_none(world: IssueWorld) -> None:
    """Given a call-back in vain, then the sheet tells the new limit; once no department leads it, it tells none."""
    issue_id = world.issue(IssueState.CALL_BACK)
    clock.advance(timedelta(days=7))

    world.step(issue_id, "not_satisfied")
    assert _told_limit(world, issue_id) == ("2024年1月4日前", "2024-01-04")

    world.step(issue_id, "return")
    assert _told_limit(world, issue_id) == ("", "")


def test_closed_issues_keep_the_limit_they_were_handled_by_until_they_begin_anew(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.CLOSED)
    assert _told_limit(world, issue_id) == ("2023年12月27日前", "2023-12-27")

    world.step(issue_id, "reopen")

    assert _told_limit(world, issue_id) == ("", "")


def test_the_dispatch_sheet_has_the_page_and_fonts_of_official_papers(world: IssueWorld) -> None:
    document = _read(dispatch_sheet(world.actor("coordinator"), world.issue(IssueState.HANDLING)).content)

    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]

    def east_asian(run: object) -> str:
        return run._element.rPr.rFonts.get(qn("w:eastAsia"))  # type: ignore[attr-defined,no-any-return]

    assert east_asian(document.paragraphs[0].runs[0]) == "方正小标宋简体"
    first = document.tables[0].rows[0].cells
    assert east_asian(first[0].paragraphs[0].runs[0]) == "黑体"
    assert east_asian(first[1].paragraphs[0].runs[0]) == "仿宋_GB2312"
    height = sum(row.height for row in document.tables[0].rows)
    assert height < Mm(297 - 37 - 35 - 30), "with usual content it stays on one page"


def test_an_issue_out_of_sight_has_no_dispatch_sheet(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    for who in ("lead_b", "officer_z"):
        with pytest.raises(NotFoundError):
            dispatch_sheet(world.actor(who), issue_id)
