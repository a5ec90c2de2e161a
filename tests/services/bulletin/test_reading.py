"""What readers see of a bulletin: all figures, and of the rows behind them what is theirs to see; text and files."""

from io import BytesIO

import docx
import openpyxl
import pytest

from core.errors import NotFoundError
from core.i18n import in_locale
from models.issue import IssueState
from services import fonts
from services.bulletin import documents, issuing, reading, sheets, writing
from tests.services.bulletin.conftest import World


@pytest.fixture
def issued(world: World) -> tuple[World, int]:
    """A bulletin with an issue of each street, both dispatched to department X."""
    for street in "AB":
        who = f"worker_{street.lower()}"
        world.issue(20, by=who, at=street)
    issue_id = world.issue(21, "accept", "dispatch", by="worker_a", at="A", text="停车位不足")
    assert issue_id
    shown = world.built()
    issuing.issue(world.issues.actor("coordinator"), shown.bulletin.pk)
    return world, shown.bulletin.pk


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("manager", {"A", "B"}),
        ("coordinator", {"A", "B"}),
        ("lead_a", {"A"}),
        ("officer_x", {"A"}),
        ("officer_z", set()),
    ],
)
def test_all_rows_are_counted_and_those_of_others_tell_no_names(
    issued: tuple[World, int], who: str, seen: set[str]
) -> None:
    world, bulletin_id = issued
    shown = reading.get(world.issues.actor(who), bulletin_id)

    found = world.rows(shown, "registered", who=who)

    assert found.total == len(found.issues) == shown.printed.count("registered") == 3
    named = {each.row.enterprise[0] for each in found.issues if each.open_id}
    assert named == seen
    hidden = [each for each in found.issues if each.open_id is None]
    assert all((each.row.enterprise, each.row.text, each.state_now) == ("", "", None) for each in hidden)
    assert all(each.row.number and each.row.street for each in found.issues)


def test_a_figure_that_is_none_opens_nothing(issued: tuple[World, int]) -> None:
    world, bulletin_id = issued
    shown = reading.get(world.issues.actor("manager"), bulletin_id)

    for figure in ("nonsense", "flag_99"):
        with pytest.raises(NotFoundError):
            world.rows(shown, figure)


def test_its_text_stands_in_both_languages_and_says_nothing_where_there_is_nothing(issued: tuple[World, int]) -> None:
    world, bulletin_id = issued
    shown = reading.get(world.issues.actor("manager"), bulletin_id)

    texts = {}
    for language in ("zh_CN", "en"):
        with in_locale(language):
            texts[language] = [
                writing.opening(shown.bulletin),
                *(text for section in writing.sections(shown.bulletin, shown.printed) for text in section.paragraphs),
            ]

    chinese, english = " ".join(texts["zh_CN"]), " ".join(texts["en"])
    assert texts["zh_CN"][0] == "现将 2023 年 11 月政务服务进千企走访及企业问题办理情况通报如下。"
    assert "登记企业诉求 3 件，其中难点问题 3" in chinese
    assert "本月不排名" in chinese
    assert "3 needs were registered: Difficult issue 3." in english
    assert "{" not in chinese + english
    with in_locale("zh_CN"):
        assert "remark" not in [section.key for section in writing.sections(shown.bulletin, shown.printed)]


def test_what_is_overdue_without_a_department_is_not_called_undispatched(world: World) -> None:
    """Given an issue resolved on site and one not dispatched, both overdue, when told, then by where they wait."""
    world.issue(1, "resolve_on_site", by="worker_a", at="A")
    world.issue(1, by="worker_a", at="A")
    shown = world.built()
    with in_locale("zh_CN"):
        told = {section.key: section.paragraphs for section in writing.sections(shown.bulletin, shown.printed)}
        workbook = openpyxl.load_workbook(
            BytesIO(sheets.workbook(world.issues.actor("coordinator"), shown.bulletin.pk))
        )

    assert "逾期 2 件：已登记 1、现场办结 1。" in told["overdue"][0]
    rows = [[cell.value for cell in row] for row in workbook["逾期情况"].iter_rows(min_row=2)]
    assert rows == [["已登记", 1], ["现场办结", 1]]
    states = {each.row.state for each in world.rows(shown, "overdue", department_id=0).issues}
    assert states == {IssueState.RESOLVED_ON_SITE, IssueState.REGISTERED}


def test_a_month_that_goes_on_has_no_end_to_speak_of(world: World) -> None:
    """Given a month looked at on its 20th and once it is over, when told, then as of that day, then of its end."""
    world.issue(1, by="worker_a", at="A")
    told = []
    for month, day in ((11, 20), (12, 4)):
        with world.at(day, month=month), in_locale("zh_CN"):
            shown = world.built()
            sections = writing.sections(shown.bulletin, shown.printed)
            told.append(" ".join(text for section in sections for text in section.paragraphs))

    looked, whole = told
    assert "截至2023年11月20日逾期 1 件" in looked
    assert "截至2023年11月20日在办 1 件" in looked
    assert "月末" not in looked
    assert "截至月末逾期 1 件" in whole


def test_its_document_has_the_text_the_tables_and_a_chart_of_the_ranking(world: World) -> None:
    for day in range(6, 10):
        world.closed(day)
    actor = world.issues.actor("coordinator")
    shown = world.built()
    if not fonts.chinese():
        with in_locale("zh_CN"), pytest.raises(fonts.NoChineseFontError):
            documents.document(actor, shown.bulletin.pk, "pdf")
        return

    with in_locale("zh_CN"):
        word = docx.Document(BytesIO(documents.document(actor, shown.bulletin.pk, "docx")))
        printed = documents.document(actor, shown.bulletin.pk, "pdf")

    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "关于 2023 年 11 月政务服务进千企走访及企业问题办理情况的通报" in "".join(texts)
    assert "一、总体情况" in texts
    assert any("（草稿，未印发）" in text for text in texts)
    assert len(word.inline_shapes) == 2
    assert "X 局" in [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert printed.startswith(b"%PDF")
    assert "企业有限公司" not in "".join(texts), "a document names no enterprise"


def test_its_workbook_has_each_table_and_the_rows_as_its_reader_may_see_them(issued: tuple[World, int]) -> None:
    world, bulletin_id = issued
    with in_locale("zh_CN"):
        content = sheets.workbook(world.issues.actor("officer_x"), bulletin_id)

    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == [
        "汇总", "排名情况 部门", "排名情况 政务服务队", "红黑榜", "逾期情况", "提请核查事项", "问题明细",
        "走访和承诺明细",
    ]  # fmt: skip
    rows = list(book["问题明细"].iter_rows(min_row=2, values_only=True))
    assert [bool(row[1]) for row in rows] == [False, False, True]
    assert [row[2] for row in rows][-1] == "停车位不足"
    assert "已登记" in rows[0][-1] or rows[0][-1]
