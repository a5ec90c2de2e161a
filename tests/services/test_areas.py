"""The tree of areas: walking, adding, moving with its history, and figures counted in the tree of their month."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.account import Role
from models.area import Area, AreaPlacement, Tier
from models.audit import AuditEntry
from models.campaign import Campaign
from models.visit import Outcome, Visit, VisitState
from services.actor import SYSTEM, Actor
from services.areas import AREAS
from services.areas.moving import move, preview, standings, targets
from services.areas.past import path_at, placed
from services.areas.tree import areas_in, place, search
from services.entities import save
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@dataclass
class Tree:
    zone: Area
    west: Area
    east: Area
    village: Area
    grid: Area


@pytest.fixture
def tree(database: str, frozen_clock: object) -> Tree:  # noqa: ARG001 - asked for their effect
    zone = given.area(Tier.ZONE, name="高新区")
    west, east = given.area(Tier.STREET, zone, "西街道"), given.area(Tier.STREET, zone, "东街道")
    village = given.area(Tier.VILLAGE, west, "李家村")
    return Tree(zone, west, east, village, given.area(Tier.GRID, village, "第1网格"))


@pytest.fixture
def admin(database: str) -> Actor:  # noqa: ARG001 - asked for its effect
    return given.actor(Role.ADMINISTRATOR)


def paths() -> dict[str, str]:
    return {row.name: row.path for row in given.rows(Area)}


def test_a_place_tells_the_way_to_it_and_what_lies_below_with_its_counts(tree: Tree) -> None:
    given.enterprise(tree.grid)
    given.team(tree.village, "李家村服务队")

    found = place(given.actor(Role.GRID_WORKER), tree.west.pk)

    assert [node.name for node in found.trail] == ["高新区", "西街道"]
    assert [(node.name, node.areas, node.enterprises, node.teams) for node in found.below] == [
        ("李家村", 1, 1, "李家村服务队")
    ]
    assert [node.name for node in place(given.actor(Role.MANAGER), None).below] == ["高新区"]


def test_a_search_finds_names_and_codes_with_the_way_there(tree: Tree) -> None:
    actor = given.actor(Role.COORDINATOR)

    assert [(hit.name, hit.within) for hit in search(actor, "家村")] == [("李家村", "高新区 › 西街道")]
    assert [hit.id for hit in search(actor, tree.grid.code)] == [tree.grid.id]


def test_an_area_is_added_below_another_with_path_and_placement(tree: Tree, admin: Actor) -> None:
    row_id = save(admin, areas_in(admin, tree.village.pk), {"code": "G2", "name": "第2网格"})

    assert paths()["第2网格"] == f"{tree.village.path}{row_id}."
    assert [p.path for p in given.rows(AreaPlacement) if p.area_id == row_id] == [f"{tree.village.path}{row_id}."]
    assert next(row for row in given.rows(Area) if row.id == row_id).tier is Tier.GRID
    with pytest.raises(NotFoundError):
        areas_in(admin, row_id)


def test_a_code_that_is_taken_is_told_beside_its_field(tree: Tree, admin: Actor) -> None:
    with pytest.raises(InvalidError) as told:
        save(admin, areas_in(admin, tree.village.pk), {"code": tree.grid.code, "name": "x"})

    assert set(told.value.problems) == {"code"}


def test_the_preview_of_a_move_tells_what_it_affects_and_changes_nothing(tree: Tree, admin: Actor) -> None:
    given.enterprise(tree.grid)
    given.enterprise(tree.village)
    given.team(tree.village, "李家村服务队")
    before = paths()

    told = preview(admin, tree.village.pk, tree.east.pk)

    assert (told.areas, told.enterprises, told.teams, told.open_visits) == (2, 2, ["李家村服务队"], 0)
    assert (told.old, told.new) == ("高新区 › 西街道", "高新区 › 东街道")
    assert paths() == before


def test_a_move_takes_the_whole_branch_and_closes_and_opens_placements(tree: Tree, admin: Actor) -> None:
    clock.advance(timedelta(days=3))
    move(admin, tree.village.pk, tree.east.pk)

    assert paths()["李家村"] == f"{tree.east.path}{tree.village.id}."
    assert paths()["第1网格"] == f"{tree.east.path}{tree.village.id}.{tree.grid.id}."
    of_grid = [row for row in given.rows(AreaPlacement) if row.area_id == tree.grid.id]
    assert [(row.path, row.valid_to) for row in of_grid] == [
        (tree.grid.path, clock.now()),
        (paths()["第1网格"], None),
    ]
    assert of_grid[1].valid_from == clock.now()
    assert [way for _row, way in standings(admin, tree.village.pk)] == ["高新区 › 东街道", "高新区 › 西街道"]
    moved = next(entry for entry in _audit() if entry.action == "area.moved")
    assert moved.after["areas"] == 2


def test_a_move_that_makes_no_sense_is_refused_with_its_reason(tree: Tree, admin: Actor) -> None:
    for area, parent, reason in (
        (tree.village, tree.zone, "cannot belong to"),
        (tree.grid, tree.east, "cannot belong to"),
        (tree.zone, tree.west, "below it"),
        (tree.village, tree.west, "already"),
    ):
        with in_locale("en"), pytest.raises(InvalidError, match=reason):
            move(admin, area.pk, parent.pk)

    assert [hit.name for hit in targets(admin, tree.village.pk)] == ["东街道"]


def test_of_the_tiers_each_belongs_to_the_one_above(tree: Tree, admin: Actor) -> None:
    for tier, parent in ((Tier.GRID, tree.west), (Tier.STREET, tree.village), (Tier.VILLAGE, None)):
        with pytest.raises(InvalidError) as told:
            save(admin, AREAS, {"code": "x", "name": "x", "tier": tier, "parent_id": parent and parent.id})
        assert set(told.value.problems) == {"parent_id"}


def test_an_area_in_use_is_not_made_inactive(tree: Tree, admin: Actor) -> None:
    given.enterprise(tree.grid)

    for area in (tree.village, tree.grid):
        with pytest.raises(InvalidError) as told:
            save(admin, AREAS, {"active": False}, area.pk)
        assert set(told.value.problems) == {"active"}

    save(admin, AREAS, {"active": False}, tree.east.pk)


def test_visits_of_a_past_month_count_where_their_area_lay_that_month(tree: Tree, admin: Actor) -> None:
    november, december = clock.now(), clock.now() + timedelta(days=30)
    _visit(tree.grid, november + timedelta(days=1))
    clock.advance(timedelta(days=20))
    move(admin, tree.village.pk, tree.east.pk)
    _visit(tree.grid, december)
    _visit(tree.grid, december + timedelta(days=1))

    def counted(street: Area) -> int:
        statement = select(func.count(col(Visit.id))).join(AreaPlacement, placed(Visit.area_id, Visit.recorded_at))
        with transaction(actor=SYSTEM) as session:
            return session.exec(statement.where(col(AreaPlacement.path).startswith(street.path))).one()

    assert (counted(tree.west), counted(tree.east), counted(tree.zone)) == (1, 2, 3)
    with transaction(actor=SYSTEM) as session:
        assert path_at(session, tree.grid.pk, november) == tree.grid.path
        assert path_at(session, tree.grid.pk, december) == paths()["第1网格"]
        assert path_at(session, tree.grid.pk, november - timedelta(days=999)) is None


def test_only_an_administrator_changes_the_tree(tree: Tree) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        outsider = given.actor(role)
        for call in (
            lambda who: preview(who, tree.village.pk, tree.east.pk),
            lambda who: targets(who, tree.village.pk),
        ):
            with pytest.raises(NotAllowedError):
                call(outsider)
        with pytest.raises(NotAllowedError):
            move(outsider, tree.village.pk, tree.east.pk)
        with pytest.raises(NotAllowedError):
            save(outsider, AREAS, {"name": "x"}, tree.village.pk)


def _audit() -> list[AuditEntry]:
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all())


def _visit(area: Area, moment: object) -> Visit:
    worker = given.account(Role.GRID_WORKER)
    team = given.team(area)
    enterprise = given.enterprise(area)
    campaign = given.stored(
        Campaign(name=f"Campaign {enterprise.id}", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    )
    return given.stored(
        Visit(
            campaign_id=campaign.pk, enterprise_id=enterprise.pk, area_id=area.pk, team_id=team.pk,
            assignee_id=worker.pk, assigned_by_id=worker.pk, planned_on=date(2023, 12, 1),
            state=VisitState.RECORDED, outcome=Outcome.MET, recorded_at=moment,
        )
    )  # fmt: skip
