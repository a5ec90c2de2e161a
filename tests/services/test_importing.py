"""Imports of enterprises from end to end: what each row does, and every way a row can be wrong."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from core import text
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, UserError
from core.i18n import in_locale
from models.account import Role
from models.area import Tier
from models.audit import AuditEntry
from models.configuration import Extensible, ExtraField
from models.enterprise import Contact, Enterprise, Scale
from models.importing import Decision, ImportMapping, ImportRun, ImportState
from models.outbox import OutboxMessage
from models.uscc import check_character
from services.actor import SYSTEM, Actor
from services.enterprises import ENTERPRISES, contacts
from services.entities import Query
from services.exporting import export
from services.importing import runs, work
from tests import factories
from tests.services.imports import TITLES, checked, imported, reasons, xlsx

pytestmark = pytest.mark.usefixtures("database")
GRID = "东村第1网格"


def code(number: int) -> str:
    """Return a credit code that follows every rule."""
    body = f"91370303MA{number:07d}"
    return body + check_character(body)


def row(number: int, **more: object) -> list[object]:
    """Return a good row of a file with `TITLES`."""
    values: dict[str, object] = {
        "name": f"淄博甲{number}机械有限公司",
        "code": code(number),
        "grid": GRID,
        "address": f"柳泉路{number}号",
        "contact": "李四",
        "phone": f"1380013{number:04d}",
    }
    return list({**values, **more}.values())


@pytest.fixture
def coordinator() -> Actor:
    """A coordinator who reads Chinese, and a grid to put enterprises into."""
    village = factories.area(Tier.VILLAGE, name="东村")
    factories.area(Tier.GRID, village, name=GRID)
    return factories.actor(Role.COORDINATOR, locale="zh_CN")


def test_a_clean_file_is_imported_with_contacts_and_an_audit_trail(coordinator: Actor) -> None:
    run = imported(coordinator, xlsx([TITLES, row(1), row(2)]))

    assert (run.state, run.rows_new, run.rows_bad) == (ImportState.DONE, 2, 0)
    first, _second = factories.rows(Enterprise)
    assert (first.credit_code, first.address, first.name_key) == (code(1), "柳泉路1号", "甲1机械")
    assert [(each.name, each.phone, each.is_primary) for each in factories.rows(Contact)] == [
        ("李四", "+8613800130001", True),
        ("李四", "+8613800130002", True),
    ]
    with transaction() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry)).all() if entry.actor_id == coordinator.pk]
    assert actions.count("enterprise.created") == 2
    assert actions.count("import_run.applied") == 1


def test_the_same_file_twice_changes_nothing(coordinator: Actor) -> None:
    content = xlsx([TITLES, row(1), row(2)])
    imported(coordinator, content)
    before = [each.updated_at for each in factories.rows(Enterprise)]

    again = imported(coordinator, content)

    assert (again.state, again.rows_same, again.rows_new, again.rows_changed) == (ImportState.DONE, 2, 0, 0)
    assert again.message == "没有需要更改的内容：文件中的每一行都已存在且完全一致。"
    assert [each.updated_at for each in factories.rows(Enterprise)] == before


def test_what_an_english_reader_is_told_is_english() -> None:
    reader = factories.acting(factories.account(Role.COORDINATOR, locale="en"))
    with in_locale("en"):
        run = checked(reader, xlsx([TITLES, row(1, grid="Nowhere")]))

        assert reasons(reader, run) == [(2, "所属网格", "“Nowhere” was not found")]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"code": "9.13703E+17"}, "统一社会信用代码",
         "被 Excel 当作数字，末尾几位已丢失（9.13703E+17）。请先把该列设为“文本”格式，再重新填写"),
        ({"code": 9.13703031234568e17}, "统一社会信用代码",
         "被 Excel 当作数字，末尾几位已丢失（9.13703E+17）。请先把该列设为“文本”格式，再重新填写"),
        ({"address": b"#REF!"}, "地址", "单元格显示 Excel 错误 #REF!，请更正公式或直接填写内容"),
        ({"grid": "西村第9网格"}, "所属网格", "没有找到“西村第9网格”"),
        ({"name": ""}, "企业名称", "必须填写"),
        ({"phone": "一三八"}, "联系电话", "电话号码不正确"),
        ({"name": "长" * 201}, "企业名称", "有 201 个字，最多 200 个字"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told_with_row_column_and_reason(
    coordinator: Actor, change: dict[str, object], column: str, reason: str
) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1), row(2, **change)], above=["高新区企业名单", "2023 年 12 月"]))

    assert (run.state, run.rows_new, run.rows_bad) == (ImportState.READY, 1, 1)
    assert reasons(coordinator, run) == [(5, column, reason)]


def _people() -> list[tuple[str, str, str, bool]]:
    return [(each.name, each.title, each.phone, each.is_primary) for each in factories.rows(Contact)]


def test_another_main_contact_leaves_the_former_one_a_contact(coordinator: Actor) -> None:
    """Given a main contact, when a file names somebody else, then the two stay two people, and the preview says so."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    with transaction(actor=SYSTEM) as session:
        session.exec(select(Contact)).one().title = "人事经理"
    later = xlsx([TITLES, row(1, contact="王五", phone="13900139000")])

    run = checked(coordinator, later)

    assert ["主要联系人", "李四", "王五（改为主要联系人，李四仍是联系人）"] in run.preview[0]["fields"]
    imported(coordinator, later)
    assert _people() == [("李四", "人事经理", "+8613800130001", False), ("王五", "", "+8613900139000", True)]
    assert imported(coordinator, later).rows_same == 1


def test_a_main_contact_of_the_same_name_gets_the_number_of_the_file(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))

    imported(coordinator, xlsx([TITLES, row(1, phone="13900139000")]))

    assert _people() == [("李四", "", "+8613900139000", True)]


def test_a_contact_who_is_known_becomes_the_main_one(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))
    (made,) = factories.rows(Enterprise)
    factories.stored(Contact(enterprise_id=made.pk, name="王五", title="厂长", phone="+8613900139000"))

    imported(coordinator, xlsx([TITLES, row(1, contact="王五", phone="")]))

    assert sorted(_people()) == sorted([
        ("李四", "", "+8613800130001", False), ("王五", "厂长", "+8613900139000", True)
    ])  # fmt: skip


def test_a_number_without_a_name_gets_its_name_later(coordinator: Actor) -> None:
    """Given a file with the number alone, when a later one names its person, then there is one contact."""
    imported(coordinator, xlsx([TITLES, row(1, contact="")]))
    assert _people() == [("主要联系人", "", "+8613800130001", True)]

    imported(coordinator, xlsx([TITLES, row(1)]))

    assert _people() == [("李四", "", "+8613800130001", True)]


def test_all_that_is_wrong_with_a_row_is_told_at_once(coordinator: Actor) -> None:
    """Given rows with another error each, then a wrong code, half a place and a code of another row are told too."""
    titles = (*TITLES, "经度", "纬度")
    rows = [
        [*row(1), None, None],
        [*row(2, code="12345", grid="西村"), None, None],
        [*row(3, code="12345", name=""), "118.05", None],
        [*row(4, code=code(1), phone="一三八"), None, None],
    ]

    run = checked(coordinator, xlsx([titles, *rows]))

    told = [(number, column) for number, column, _reason in reasons(coordinator, run)]
    assert sorted(told) == sorted([
        (3, "所属网格"), (3, "统一社会信用代码"),
        (4, "企业名称"), (4, "统一社会信用代码"), (4, "纬度"),
        (5, "联系电话"), (5, "统一社会信用代码"),
    ])  # fmt: skip
    assert run.rows_new == 1


def test_a_credit_code_that_breaks_a_rule_is_told_which(coordinator: Actor) -> None:
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")

    run = checked(coordinator, xlsx([TITLES, row(1, code=wrong)]))

    (number, column, reason) = reasons(coordinator, run)[0]
    assert (number, column) == (2, "统一社会信用代码")
    assert code(1)[-1] in reason


def test_cells_as_people_type_them_are_understood(coordinator: Actor) -> None:
    titles = ("企业名称*", "信用代码", "所属网格", "规模", "职工人数", "成立年份", "联系人", "手机", "经度", "纬度")
    full_width = code(1).translate({ord(c): ord(c) + 0xFEE0 for c in code(1)})
    line = ["  淄博甲１机械（集团）有限公司　", full_width.lower(), GRID + " ", "小型", "１，２３４", "2010年", "—",
            "13,800,138,000", "118.05", "36.81"]  # fmt: skip

    imported(coordinator, xlsx([titles, line]))

    (stored,) = factories.rows(Enterprise)
    assert (stored.name, stored.credit_code) == ("淄博甲1机械(集团)有限公司", code(1))
    assert (stored.scale, stored.employees, stored.founded_year) == (Scale.SMALL, 1234, 2010)
    assert [each.phone for each in factories.rows(Contact)] == ["+8613800138000"]


def test_a_code_that_excel_keeps_as_a_whole_number_is_read(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1, phone=13800138000, address=12)]))

    assert run.rows_bad == 0
    assert ["主要联系人电话", "", "13800138000"] in run.preview[0]["fields"]


def test_rows_that_the_file_has_twice_are_told(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1), [], row(2), row(1)]))

    assert (run.rows_new, run.rows_bad) == (2, 1)
    assert reasons(coordinator, run) == [(5, "统一社会信用代码", "与文件第 2 行重复")]


def test_of_two_equal_rows_the_first_changes_the_entry_that_is_there(coordinator: Actor) -> None:
    """Given an enterprise, when a file has it twice, then the first row is its change the second is refused."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    twice = xlsx([("信用代码", "地址"), [code(1), "新地址"], [code(1), "新地址"]])

    run = imported(coordinator, twice, good_rows_only=True)

    assert (run.rows_changed, run.rows_new, run.rows_bad, run.rows_left_out) == (1, 0, 1, 0)
    assert reasons(coordinator, run) == [(3, "信用代码", "与文件第 2 行重复")]
    assert [each.address for each in factories.rows(Enterprise)] == ["新地址"]


def test_all_or_nothing_refuses_a_file_with_a_bad_row_and_good_rows_only_takes_the_rest(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1), row(2, grid="?")]))

    with pytest.raises(UserError, match="仍有错误或尚未确定的行"):
        runs.confirm(coordinator, run.pk)
    runs.confirm(coordinator, run.pk, good_rows_only=True)
    work.apply({"run_id": run.pk})

    done = runs.get(coordinator, run.pk)
    assert (done.state, done.rows_new, done.rows_bad) == (ImportState.DONE, 1, 1)
    assert [each.credit_code for each in factories.rows(Enterprise)] == [code(1)]


def test_the_bad_rows_come_back_as_a_workbook_that_is_corrected_and_uploaded_as_it_is(coordinator: Actor) -> None:
    lost = 9.13703031234568e17
    run = checked(coordinator, xlsx([TITLES, row(1), row(2, code=lost, address="=1+1")], above=["企业名单"]))

    book = openpyxl.load_workbook(io.BytesIO(runs.problems_file(coordinator, run.pk)))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["错误原因", "原文件行号", *TITLES]
    assert sheet.max_row == 2
    assert sheet["A2"].value.startswith("统一社会信用代码：被 Excel 当作数字")
    assert sheet["B2"].value == 4
    assert sheet["D2"].fill.fgColor.rgb == "FFFDE2E1"
    assert sheet["C2"].fill.fill_type is None
    assert (sheet["D2"].number_format, sheet["F2"].value, sheet["F2"].data_type) == ("@", "=1+1", "s")
    sheet["D2"] = code(2)
    corrected = io.BytesIO()
    book.save(corrected)

    again = imported(coordinator, corrected.getvalue())

    assert (again.state, again.rows_new) == (ImportState.DONE, 1)
    assert [each.credit_code for each in factories.rows(Enterprise)] == [code(2)]


def test_changed_fields_are_shown_and_what_the_file_does_not_say_stays(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1), row(2)]))

    run = imported(coordinator, xlsx([("信用代码", "地址", "联系人"), [code(1), "新地址", ""], [code(2), "", "王五"]]))

    assert (run.rows_changed, run.rows_new, run.rows_bad) == (2, 0, 0)
    assert run.preview[0] == {
        "number": 2, "kind": "changed", "name": code(1), "fields": [["地址", "柳泉路1号", "新地址"]],
    }  # fmt: skip
    assert [(each.name, each.address) for each in factories.rows(Enterprise)] == [
        ("淄博甲1机械有限公司", "新地址"), ("淄博甲2机械有限公司", "柳泉路2号"),
    ]  # fmt: skip
    people = sorted((each.enterprise_id, each.name, each.is_primary) for each in factories.rows(Contact))
    first, second = (each.pk for each in factories.rows(Enterprise))
    assert people == [(first, "李四", True), (second, "李四", False), (second, "王五", True)]


def test_an_empty_cell_empties_the_field_when_that_is_asked_for(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))

    imported(coordinator, xlsx([("信用代码", "企业名称", "地址"), [code(1), "", ""]]), clear_empty=True)

    (stored,) = factories.rows(Enterprise)
    assert (stored.name, stored.address) == ("淄博甲1机械有限公司", "")


@pytest.mark.parametrize(("phone", "shown", "stored"), [("13900139009", "13900139009", "+8613900139009"), ("", "", "")])
def test_an_empty_cell_never_empties_the_name_of_the_main_contact(
    coordinator: Actor, phone: str, shown: str, stored: str
) -> None:
    """Given a main contact, when a file that empties fields gives no name, then only the number is the file's."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    content = xlsx([TITLES, row(1, contact="", phone=phone)])

    run = imported(coordinator, content, clear_empty=True)

    assert run.rows_changed == 1
    assert run.preview[0]["fields"] == [["主要联系人电话", "13800130001", shown]]
    assert _people() == [("李四", "", stored, True)]
    assert imported(coordinator, content, clear_empty=True).rows_same == 1


def test_empty_cells_make_up_no_main_contact(coordinator: Actor) -> None:
    """Given an enterprise without contacts, when a file that empties fields gives none, then nothing changes."""
    content = xlsx([TITLES, row(1, contact="", phone="")])
    imported(coordinator, content, clear_empty=True)

    assert imported(coordinator, content, clear_empty=True).rows_same == 1
    assert _people() == []


def test_without_a_code_an_enterprise_is_known_by_its_name(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))

    run = imported(coordinator, xlsx([("企业名称", "地址"), ["淄博甲1机械有限公司", "新地址"]]))

    assert run.rows_changed == 1
    assert [each.address for each in factories.rows(Enterprise)] == ["新地址"]


def test_a_name_alike_is_asked_about_and_never_merged_by_itself(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))
    alike = xlsx([TITLES, row(2, name="山东甲1机械股份有限公司"), row(3, name="淄博市甲1机械公司"), row(4)])

    run = checked(coordinator, alike)

    assert (run.rows_asked, run.rows_new, run.rows_bad) == (2, 1, 0)
    first, second = runs.questions(coordinator, run.pk)
    (known,) = factories.rows(Enterprise)
    assert first.candidates == [{"id": known.pk, "text": f"淄博甲1机械有限公司 {code(1)}"}]
    assert second.candidates[-1] == {"id": None, "text": "本文件第 2 行"}
    with pytest.raises(UserError):
        runs.confirm(coordinator, run.pk)
    runs.decide(coordinator, run.pk, Decision.NEW, rows=[2])
    runs.decide(coordinator, run.pk, Decision.SKIP)
    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    done = runs.get(coordinator, run.pk)
    assert (done.state, done.rows_new, done.rows_left_out) == (ImportState.DONE, 2, 1)
    assert [each.credit_code for each in factories.rows(Enterprise)] == [code(1), code(2), code(4)]


@pytest.mark.parametrize("fault", [{"grid": ""}, {"code": "12345"}])
def test_a_row_that_is_wrong_is_not_asked_about(coordinator: Actor, fault: dict[str, str]) -> None:
    """Given a wrong row and a good one with names alike, when all are said to be new, then only the good one counts."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    wrong, good = row(2, name="山东甲1机械股份有限公司", **fault), row(3, name="淄博市甲1机械公司")
    run = checked(coordinator, xlsx([TITLES, wrong, good]))
    assert (run.rows_bad, run.rows_asked) == (1, 1)
    assert [each.row_number for each in runs.questions(coordinator, run.pk)] == [3]

    runs.decide(coordinator, run.pk, Decision.NEW)

    run = runs.get(coordinator, run.pk)
    assert (run.rows_new, run.rows_bad, run.rows_asked) == (1, 1, 0)


def test_a_row_said_to_be_the_same_changes_the_existing_one(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(2, name="山东甲1机械股份有限公司")]))

    with pytest.raises(InvalidError, match="第 2 行：请从列出的条目中选择"):
        runs.decide(coordinator, run.pk, Decision.SAME, same_id=999)
    runs.decide(coordinator, run.pk, Decision.SAME)
    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    assert runs.get(coordinator, run.pk).rows_changed == 1
    assert [(each.name, each.credit_code) for each in factories.rows(Enterprise)] == [
        ("山东甲1机械股份有限公司", code(2))
    ]


@pytest.mark.parametrize(
    ("decision", "name", "numbers"),
    [
        (Decision.NEW, "淄博甲1机械有限公司", [1, 2, 3]),
        (Decision.SAME, "山东甲1机械股份有限公司", [2, 3]),
        (Decision.SKIP, "淄博甲1机械有限公司", [1, 3]),
    ],
)
def test_what_was_decided_still_holds_when_the_file_is_checked_again(
    coordinator: Actor, decision: Decision, name: str, numbers: list[int]
) -> None:
    """Given a decided question, when the file is checked again, then the import does what was decided."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(2, name="山东甲1机械股份有限公司"), row(3)]))
    runs.decide(coordinator, run.pk, decision)

    runs.check_again(coordinator, run.pk)
    work.check({"run_id": run.pk})

    (question,) = runs.questions(coordinator, run.pk)
    assert (question.decision, len(question.candidates)) == (decision, 1)
    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})
    assert runs.get(coordinator, run.pk).state is ImportState.DONE
    stored = factories.rows(Enterprise)
    assert [each.credit_code for each in stored] == [code(number) for number in numbers]
    assert stored[0].name == name


def test_an_entry_said_to_be_the_same_is_so_under_its_new_name_too(coordinator: Actor) -> None:
    """Given a row said to be an entry, when that is renamed and the file checked again, then it still is."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(2, name="山东甲1机械股份有限公司")]))
    runs.decide(coordinator, run.pk, Decision.SAME)
    with transaction(actor=SYSTEM) as session:
        entry = session.exec(select(Enterprise)).one()
        entry.name, entry.name_key = "乙陶瓷有限公司", "乙陶瓷"

    runs.check_again(coordinator, run.pk)
    work.check({"run_id": run.pk})
    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    assert runs.get(coordinator, run.pk).rows_changed == 1
    assert [each.name for each in factories.rows(Enterprise)] == ["山东甲1机械股份有限公司"]


def test_a_row_that_somebody_changed_since_the_check_is_not_overwritten(coordinator: Actor) -> None:
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(1, address="甲地址"), row(2)]))
    with transaction(actor=SYSTEM) as session:
        session.exec(select(Enterprise)).one().address = "乙地址"

    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    failed = runs.get(coordinator, run.pk)
    assert failed.state is ImportState.FAILED
    assert "检查文件之后，有人修改了该条目" in failed.message
    assert [each.address for each in factories.rows(Enterprise)] == ["乙地址"]
    runs.check_again(coordinator, run.pk)
    work.check({"run_id": run.pk})
    assert runs.get(coordinator, run.pk).rows_changed == 1


def test_a_main_contact_whom_somebody_changed_since_the_check_is_not_overwritten(coordinator: Actor) -> None:
    """Given a checked file, when somebody corrects the main contact's number, then the import leaves it and says so."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(1, phone="13900139009")]))
    (contact,) = factories.rows(Contact)
    contacts.save(coordinator, contact.enterprise_id, {"phone": "13700137007"}, contact.pk)

    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    failed = runs.get(coordinator, run.pk)
    assert failed.state is ImportState.FAILED
    assert "检查文件之后，有人修改了该条目" in failed.message
    assert _people() == [("李四", "", "+8613700137007", True)]
    runs.check_again(coordinator, run.pk)
    work.check({"run_id": run.pk})
    assert ["主要联系人电话", "13700137007", "13900139009"] in runs.get(coordinator, run.pk).preview[0]["fields"]


def test_a_contact_who_would_become_the_main_one_is_not_overwritten_either(coordinator: Actor) -> None:
    """Given a file that makes another contact the main one, when that one is corrected meanwhile, then it stays so."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    (made,) = factories.rows(Enterprise)
    other = factories.stored(Contact(enterprise_id=made.pk, name="王五", phone="+8613900139000"))
    run = checked(coordinator, xlsx([TITLES, row(1, contact="王五", phone="13900139009")]))
    contacts.save(coordinator, made.pk, {"phone": "13700137007"}, other.pk)

    runs.confirm(coordinator, run.pk, good_rows_only=True)
    work.apply({"run_id": run.pk})

    assert (runs.get(coordinator, run.pk).rows_changed, runs.get(coordinator, run.pk).rows_bad) == (0, 1)
    assert [(name, phone) for name, _title, phone, _main in _people()] == [
        ("李四", "+8613800130001"), ("王五", "+8613700137007"),
    ]  # fmt: skip


def test_a_contact_added_since_the_check_does_not_stop_the_import(coordinator: Actor) -> None:
    """Given a checked file, when a visit adds somebody the file does not mean, then the main contact is changed."""
    imported(coordinator, xlsx([TITLES, row(1)]))
    run = checked(coordinator, xlsx([TITLES, row(1, phone="13900139009")]))
    (made,) = factories.rows(Enterprise)
    factories.stored(Contact(enterprise_id=made.pk, name="王五", phone="+8613900139000"))

    runs.confirm(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    assert runs.get(coordinator, run.pk).state is ImportState.DONE
    assert _people()[0] == ("李四", "", "+8613900139009", True)


def test_a_mapping_is_remembered_whatever_the_order_of_the_columns(coordinator: Actor) -> None:
    odd = ("单位（全称）", "编号", "哪里")
    line = ["淄博甲1机械有限公司", code(1), GRID]
    mapping = {"单位(全称)": "name", "编号": "credit_code", "哪里": "area_id"}
    assert imported(coordinator, xlsx([odd, line]), header_row=1, mapping=mapping).rows_new == 1

    run_id = runs.upload(coordinator, "enterprise", "b.xlsx", io.BytesIO(xlsx([odd[::-1], line[::-1]])))
    layout = runs.layout(coordinator, run_id)

    assert layout.remembered
    assert layout.mapping == mapping
    assert len(factories.rows(ImportMapping)) == 1


def test_a_column_left_out_stays_so_though_its_title_differs_in_brackets_only(coordinator: Actor) -> None:
    """Given two numbers of which one was left out, when the same file comes again, then it can be checked as it is."""
    content = xlsx([(*TITLES, "联系电话（法人）"), [*row(1), "13900139000"]])
    first = imported(coordinator, content)

    again = imported(coordinator, content)

    assert "联系电话(法人)" not in first.mapping
    assert again.mapping == first.mapping
    assert again.rows_same == 1


def test_several_columns_may_name_one_area_and_must_agree(coordinator: Actor) -> None:
    other = factories.area(Tier.GRID, factories.area(Tier.VILLAGE, name="西村"), name=GRID)
    titles = ("企业名称", "所属网格", "网格编码")

    run = checked(
        coordinator,
        xlsx([titles, ["甲机械", GRID, other.code], ["乙陶瓷", GRID, ""], ["丙化工", "东村", other.code]]),
    )

    assert run.rows_new == 1
    assert [reason for _row, _column, reason in reasons(coordinator, run)] == [
        f"有 2 个条目名为“{GRID}”，请同时填写编码", "该行各列所指的条目不一致",
    ]  # fmt: skip


def test_an_administrators_own_field_is_imported_like_any_other(coordinator: Actor) -> None:
    factories.stored(ExtraField(entity=Extensible.ENTERPRISE, key="output", label="产值（万元）", kind="number"))

    imported(coordinator, xlsx([(*TITLES, "产值（万元）"), [*row(1), "1,234.5"]]))

    (stored,) = factories.rows(Enterprise)
    assert stored.extra == {"output": 1234.5}


def test_nothing_is_stored_by_a_run_that_is_cancelled(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1)]))
    runs.confirm(coordinator, run.pk)

    runs.cancel(coordinator, run.pk)
    work.apply({"run_id": run.pk})

    assert runs.get(coordinator, run.pk).state is ImportState.CANCELLED
    assert factories.rows(Enterprise) == []
    with pytest.raises(ConflictError):
        runs.confirm(coordinator, run.pk)


def test_a_run_whose_worker_died_each_time_fails_and_says_so(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1)]))
    runs.confirm(coordinator, run.pk)
    with transaction(actor=SYSTEM) as session:
        session.get_one(ImportRun, run.pk).attempts = work.MAX_ATTEMPTS

    work.apply({"run_id": run.pk})

    failed = runs.get(coordinator, run.pk)
    assert (failed.state, failed.message) == (ImportState.FAILED, "导入已尝试 3 次，每次都中断。请联系管理员。")


def test_a_run_that_its_worker_cut_off_for_good_fails_and_says_so(
    coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an import that outlasts what a worker allows, then whoever waits for it hears: nobody begins it again."""

    class TooLate(BaseException):
        """As a worker's time limit is."""

    def cut_off(*_args: object) -> None:
        raise TooLate

    run = checked(coordinator, xlsx([TITLES, row(1)]))
    runs.confirm(coordinator, run.pk)
    monkeypatch.setattr(work, "_apply", cut_off)

    with pytest.raises(TooLate):
        work.apply({"run_id": run.pk})

    failed = runs.get(coordinator, run.pk)
    assert failed.state is ImportState.FAILED
    assert "用时过长" in failed.message


def test_a_message_delivered_twice_imports_once(coordinator: Actor) -> None:
    run = imported(coordinator, xlsx([TITLES, row(1)]))

    work.apply({"run_id": run.pk})
    work.check({"run_id": run.pk})

    assert runs.get(coordinator, run.pk).state is ImportState.DONE
    assert len(factories.rows(Enterprise)) == 1
    topics = [message.topic for message in factories.rows(OutboxMessage)]
    assert [topic for topic in topics if topic.startswith("import.")] == [runs.CHECK, runs.APPLY]


def test_a_file_without_rows_fails(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES]))

    assert (run.state, run.message) == (ImportState.FAILED, "标题行下面没有数据。")


def test_two_columns_for_one_field_are_refused(coordinator: Actor) -> None:
    with pytest.raises(InvalidError, match="有两列同时对应“地址”"):
        checked(coordinator, xlsx([("地址", "住所"), ["a", "b"]]), mapping={"地址": "address", "住所": "address"})


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.MANAGER])
def test_other_roles_may_not_import(role: Role) -> None:
    outsider = factories.actor(role)
    with pytest.raises(NotAllowedError):
        runs.upload(outsider, "enterprise", "a.xlsx", io.BytesIO(xlsx([TITLES])))
    with pytest.raises(NotAllowedError):
        runs.history(outsider)


def test_a_run_is_seen_by_its_starter_and_administrators_only(coordinator: Actor) -> None:
    run = checked(coordinator, xlsx([TITLES, row(1)]))
    other, administrator = factories.actor(Role.COORDINATOR), factories.actor(Role.ADMINISTRATOR)

    for ask in (runs.get, runs.layout, runs.problems, runs.questions, runs.problems_file, runs.cancel, runs.confirm):
        with pytest.raises(NotFoundError):
            ask(other, run.pk)  # type: ignore[operator]  # each takes an actor and a run
    assert runs.history(other) == []
    assert [entry.run.pk for entry in runs.history(administrator)] == [run.pk]
    with pytest.raises(NotAllowedError):
        runs.confirm(administrator, run.pk)


def test_an_administrator_may_not_import_enterprises() -> None:
    with pytest.raises(NotAllowedError):
        runs.upload(factories.actor(Role.ADMINISTRATOR), "enterprise", "a.xlsx", io.BytesIO(xlsx([TITLES])))


names = st.text(min_size=1, max_size=40).map(text.clean).filter(lambda name: len(name.split()) == 1 and len(name) < 50)


@settings(
    max_examples=8,
    database=None,
    phases=[Phase.generate],  # each example stores and imports: shrinking a failure would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            names, names, st.none() | st.integers(0, 10**6), st.none() | st.floats(-90, 90), st.sampled_from(Scale)
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["xlsx", "csv"]),
)
def test_what_is_exported_is_imported_again_unchanged(coordinator: Actor, rows: list[tuple], form: str) -> None:
    with transaction(actor=SYSTEM) as session:
        for each in session.exec(select(Enterprise)).all():
            session.delete(each)
        session.flush()
        grid = next(area.pk for area in factories.rows(type(factories.area(Tier.GRID))) if area.name == GRID)
        for number, (name, note, employees, latitude, scale) in enumerate(rows):
            session.add(
                Enterprise(
                    name=name, credit_code=code(number), area_id=grid, note=note, employees=employees, scale=scale,
                    latitude=latitude, longitude=None if latitude is None else 118.05,
                )
            )  # fmt: skip

    run = imported(coordinator, export(coordinator, ENTERPRISES, Query(), form=form), name=f"x.{form}")  # type: ignore[arg-type]

    assert reasons(coordinator, run) == []
    assert (run.rows_same, run.rows_new, run.rows_changed) == (len(rows), 0, 0), run.preview
