"""Imports of areas and teams, of an entity that has nothing but its declaration, and the files to fill in."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from core.db import transaction
from core.errors import NotAllowedError
from models.account import Account, Department, Role
from models.area import Area, AreaPlacement, Tier
from models.enterprise import Contact
from models.importing import ImportState
from models.team import Team, TeamMember
from services.actor import SYSTEM, Actor
from services.importing import readers, runs, work
from services.importing.registry import importable
from services.importing.templates import template
from services.teams import lead
from tests import factories
from tests.services.imports import checked, imported, reasons, xlsx

pytestmark = pytest.mark.usefixtures("database")
AREA_TITLES = ("区划代码", "名称", "层级", "上级代码")
DAY = date(2023, 1, 9)


@pytest.fixture
def administrator() -> Actor:
    """An administrator who reads Chinese."""
    return factories.actor(Role.ADMINISTRATOR, locale="zh_CN")


def test_areas_are_imported_in_any_order_with_paths_and_placements(administrator: Actor) -> None:
    content = xlsx(
        [
            AREA_TITLES,
            ["3703", "东村第1网格", "网格", "东村"],
            ["3702", "东村", "村居", 3701],
            [3701, "四宝山街道", "镇街", "高新区"],
            ["3700", "高新区", "区", ""],
        ]
    )

    run = imported(administrator, content, entity="area")

    assert (run.state, run.rows_new, run.rows_bad) == (ImportState.DONE, 4, 0), reasons(administrator, run)
    areas = {each.name: each for each in factories.rows(Area)}
    assert areas["东村第1网格"].path == "".join(
        f"{areas[name].pk}." for name in ("高新区", "四宝山街道", "东村", "东村第1网格")
    )
    assert {each.area_id: each.path for each in factories.rows(AreaPlacement)} == {
        each.pk: each.path for each in areas.values()
    }
    assert imported(administrator, content, entity="area").rows_same == 4


def test_moving_an_area_moves_what_is_below_and_keeps_where_it_was(administrator: Actor) -> None:
    zone = factories.area(Tier.ZONE)
    first, second = factories.area(Tier.STREET, zone), factories.area(Tier.STREET, zone)
    village = factories.area(Tier.VILLAGE, first)
    grid = factories.area(Tier.GRID, village)

    run = imported(administrator, xlsx([("编码", "上级"), [village.code, second.code]]), entity="area")

    assert run.rows_changed == 1
    moved = {each.pk: each for each in factories.rows(Area)}[grid.pk]
    assert moved.path == f"{second.path}{village.pk}.{grid.pk}."
    history = [each for each in factories.rows(AreaPlacement) if each.area_id == grid.pk]
    assert [(each.path, each.valid_to is None) for each in history] == [(grid.path, False), (moved.path, True)]


def test_places_in_the_tree_that_make_no_sense_are_told_and_the_check_stores_nothing(administrator: Actor) -> None:
    zone = factories.area(Tier.ZONE, name="高新区")
    lines = [
        ["1", "甲", "网格", "2"],
        ["2", "乙", "镇街", "高新区"],
        ["3", "丙", "村居", ""],
        ["4", "丁", "村居", "5"],
        ["5", "戊", "镇街", "4"],
        ["6", "己", "村居", "没有"],
        ["7", "庚", "小组", "高新区"],
    ]

    run = checked(administrator, xlsx([AREA_TITLES, *lines]), entity="area")

    assert run.rows_new == 1
    assert reasons(administrator, run) == [
        (2, "上级代码", "“网格”不能归属于“乙”（镇街）。"),
        (4, "上级代码", "只有市、区两级可以没有上级。"),
        (5, "上级代码", "上下级关系形成了循环"),
        (6, "上级代码", "上下级关系形成了循环"),
        (7, "上级代码", "没有找到“没有”"),
        (8, "层级", "“小组”不在可选范围内，可选：市、区、镇街、村居、网格"),
    ]
    assert [each.pk for each in factories.rows(Area)] == [zone.pk]


def test_teams_are_imported_with_lead_and_members(administrator: Actor) -> None:
    factories.area(Tier.STREET, name="四宝山街道")
    head = factories.account(Role.TEAM_LEAD, "孙立国")
    worker, double = factories.account(Role.GRID_WORKER, "李娜"), factories.account(Role.GRID_WORKER, "王强")
    factories.account(Role.GRID_WORKER, "王强")
    titles = ("队伍名称", "所属区域", "队长", "队员")

    run = imported(
        administrator,
        xlsx([titles, ["甲队", "四宝山街道", "孙立国", f"李娜、{double.username}"], ["乙队", "四宝山街道", "", "王强"],
              ["丙队", "四宝山街道", "李娜", ""]]),
        entity="team",
        good_rows_only=True,
    )  # fmt: skip

    assert reasons(administrator, run) == [
        (3, "队员", "有 2 个条目名为“王强”，请同时填写编码"),
        (4, "队长", "李娜不是队长账号"),
    ]
    (team,) = factories.rows(Team)
    assert {(each.account_id, each.is_lead) for each in factories.rows(TeamMember)} == {
        (head.pk, True), (worker.pk, False), (double.pk, False),
    }  # fmt: skip
    again = imported(administrator, xlsx([titles, [team.name, "", "孙立国", "李娜"]]), entity="team")
    assert again.rows_same == 1


def test_an_empty_cell_takes_no_lead_away(administrator: Actor) -> None:
    """Given a team with a lead, when a file that empties fields names none, then it promises and does nothing."""
    street = factories.area(Tier.STREET, name="四宝山街道")
    head = factories.account(Role.TEAM_LEAD, "孙立国")
    team = factories.stored(Team(name="甲队", area_id=street.pk))
    factories.stored(TeamMember(team_id=team.pk, account_id=head.pk, is_lead=True, joined_on=DAY))
    titles = ("队伍名称", "所属区域", "队长", "队员")

    run = imported(administrator, xlsx([titles, [team.name, street.name, "", ""]]), entity="team", clear_empty=True)

    assert (run.state, run.rows_same, run.rows_changed) == (ImportState.DONE, 1, 0)
    assert [each.is_lead for each in factories.rows(TeamMember)] == [True]


def test_a_lead_who_is_followed_by_another_is_a_grid_worker_of_the_team(administrator: Actor) -> None:
    street = factories.area(Tier.STREET, name="四宝山街道")
    former, new = (factories.account(Role.TEAM_LEAD, name) for name in ("孙立国", "李娜"))
    team = factories.stored(Team(name="甲队", area_id=street.pk))
    factories.stored(TeamMember(team_id=team.pk, account_id=former.pk, is_lead=True, joined_on=DAY))

    imported(administrator, xlsx([("队伍名称", "队长"), [team.name, "李娜"]]), entity="team")

    assert {(each.account_id, each.is_lead) for each in factories.rows(TeamMember)} == {
        (former.pk, False), (new.pk, True),
    }  # fmt: skip
    roles = {each.pk: each.role for each in factories.rows(Account)}
    assert (roles[former.pk], roles[new.pk]) == (Role.GRID_WORKER, Role.TEAM_LEAD)


def test_a_team_whose_lead_was_changed_since_the_check_keeps_that_lead(administrator: Actor) -> None:
    """Given a checked file that names another lead, when the team gets a third one meanwhile, then that one stays."""
    street = factories.area(Tier.STREET, name="四宝山街道")
    people = {name: factories.account(Role.TEAM_LEAD, name) for name in ("孙立国", "李娜", "王强")}
    team = factories.stored(Team(name="甲队", area_id=street.pk))
    member = factories.stored(TeamMember(team_id=team.pk, account_id=people["孙立国"].pk, is_lead=True, joined_on=DAY))
    run = checked(administrator, xlsx([("队伍名称", "队长"), [team.name, "李娜"]]), entity="team")
    with transaction(actor=SYSTEM) as session:
        lead(session, member.team_id, people["王强"].pk)

    runs.confirm(administrator, run.pk)
    work.apply({"run_id": run.pk})

    failed = runs.get(administrator, run.pk)
    assert failed.state is ImportState.FAILED
    assert "检查文件之后，有人修改了该条目" in failed.message
    leads = factories.rows(TeamMember, lambda each: each.is_lead)
    assert [each.account_id for each in leads] == [people["王强"].pk]


def test_contacts_belong_to_the_enterprise_named_by_code_or_name() -> None:
    coordinator = factories.actor(Role.COORDINATOR, locale="zh_CN")
    village = factories.area(Tier.VILLAGE)
    first = factories.enterprise(village, "淄博甲机械有限公司", credit_code="91370303MA3C000001")
    second = factories.enterprise(village, "淄博乙陶瓷有限公司")
    titles = ("企业名称", "信用代码", "联系人", "手机", "邮箱", "是否主要")

    run = imported(
        coordinator,
        xlsx([titles, ["", "91370303MA3C000001", "张三", 13800138000, "zhang@example.com", "是"],
              [second.name, "", "李四", "", "", "否"], ["没有的公司", "", "王五", "", "", ""],
              [second.name, "", "赵六", "", "zhao@@example.com", ""]]),
        entity="contact",
        good_rows_only=True,
    )  # fmt: skip

    assert reasons(coordinator, run) == [
        (4, "企业名称", "没有找到“没有的公司”"),
        (5, "邮箱", "电子邮箱格式不正确。"),
    ]
    found = factories.rows(Contact)
    assert [(each.enterprise_id, each.name, each.phone, each.email, each.is_primary) for each in found] == [
        (first.pk, "张三", "+8613800138000", "zhang@example.com", True), (second.pk, "李四", "", "", False),
    ]  # fmt: skip


def test_a_contact_the_file_has_twice_is_stored_once_however_often_the_file_comes() -> None:
    """Given a file with one person twice, when its good rows come again, then there is one contact."""
    coordinator = factories.actor(Role.COORDINATOR, locale="zh_CN")
    enterprise = factories.enterprise(factories.area(Tier.VILLAGE), "淄博甲机械有限公司")
    line = [enterprise.name, "王五", "13800138001"]
    content = xlsx([("企业名称", "姓名", "电话"), line, line])
    imported(coordinator, content, entity="contact", good_rows_only=True)

    again = imported(coordinator, content, entity="contact", good_rows_only=True)

    assert (again.rows_new, again.rows_same, again.rows_bad) == (0, 1, 1)
    assert reasons(coordinator, again) == [(3, "姓名", "与文件第 2 行重复")]
    assert [each.name for each in factories.rows(Contact)] == ["王五"]


def test_a_simple_entity_is_imported_for_free(administrator: Actor) -> None:
    run = checked(
        administrator, xlsx([("部门",), ["税务局"], ["市场监管局"]]), entity="department", mapping={"部门": "name"}
    )

    assert (run.rows_new, run.rows_bad) == (2, 0)
    assert factories.rows(Department) == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_each_template_can_be_filled_in_and_names_what_it_needs(role: Role, tmp_path: Path) -> None:
    actor = factories.actor(role, locale="zh_CN")
    factories.area(Tier.GRID, name="东村第1网格")
    for importer in importable(actor):
        path = tmp_path / importer.entity.key
        path.write_bytes(template(actor, importer.entity.key))
        run_id = runs.upload(actor, importer.entity.key, "模板.xlsx", io.BytesIO(path.read_bytes()))
        layout = runs.layout(actor, run_id)
        assert layout.missing(layout.mapping) == []
        assert set(layout.mapping) == {title for title in layout.titles if title}
        assert readers.sheets(path)[1] == "示例"


def test_a_template_has_lists_to_choose_from_and_help_at_each_title() -> None:
    actor = factories.actor(Role.COORDINATOR, locale="zh_CN")
    factories.area(Tier.GRID, name="东村第1网格")

    book = openpyxl.load_workbook(io.BytesIO(template(actor, "enterprise")))

    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert titles[0] == "企业名称*"
    assert sheet["A1"].comment.text.startswith("新条目必须填写")
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert "大型" in " ".join(lists.values())
    example = dict(zip(titles, [cell.value for cell in book["示例"][2]], strict=True))
    assert example["所属区域*" if "所属区域*" in titles else "区域*"] == "东村第1网格"


def test_an_outsider_gets_no_template() -> None:
    with pytest.raises(NotAllowedError):
        template(factories.actor(Role.GRID_WORKER), "enterprise")
    with pytest.raises(NotAllowedError):
        template(factories.actor(Role.COORDINATOR), "area")
