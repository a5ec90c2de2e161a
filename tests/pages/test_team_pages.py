"""Service teams, their members and days of leave on their pages."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core.db import transaction
from models.account import Account, Role
from models.area import Area, Tier
from models.campaign import Campaign
from models.team import Leave, Team, TeamMember
from models.visit import Visit
from services.actor import SYSTEM
from tests import factories as given
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.usefixtures("frozen_clock")
TODAY = date(2023, 12, 6)
MEMBERS = "pages/teams/members.py"


@dataclass
class World:
    village: Area
    team: Team
    lead: Account
    worker: Account
    member: TeamMember
    coordinator: Account


@pytest.fixture
def world(database: str, frozen_clock: object) -> World:  # noqa: ARG001 - asked for their effect
    village = given.area(Tier.VILLAGE)
    team = given.team(village, "李家村服务队")
    lead = given.account(Role.TEAM_LEAD, "孙立国", locale="en")
    worker = given.account(Role.GRID_WORKER, "李娜", locale="en")
    given.member(team, lead, lead=True)
    member = given.member(team, worker)
    return World(village, team, lead, worker, member, given.account(Role.COORDINATOR, locale="en"))


def test_the_teams_are_listed_and_one_press_goes_to_the_members(world: World, open_app: OpenApp) -> None:
    app = open_app(world.coordinator, "pages/teams/teams.py")
    assert [metric.value for metric in app.metric] == ["1", "2", "0", "0"]

    app.button(key=f"team_open_{world.team.id}").click().run()

    assert not app.exception
    assert app.title[0].value == "李家村服务队"
    assert list(app.dataframe[0].value["Member"]) == ["孙立国", "李娜"]


def test_a_lead_sees_the_own_team_and_no_button_to_change_it(world: World, open_app: OpenApp) -> None:
    app = open_app(world.lead, MEMBERS)

    assert app.title[0].value == "李家村服务队"
    assert "member_new" not in [button.key for button in app.button]
    assert app.button(key=f"member_open_{world.member.id}").disabled


def _grid_of(member: TeamMember) -> int | None:
    return next(row.grid_id for row in given.rows(TeamMember) if row.id == member.id)


def _given_grid(member: TeamMember, grid: Area) -> None:
    with transaction(actor=SYSTEM) as session:
        session.get_one(TeamMember, member.pk).grid_id = grid.pk


def test_looking_at_a_member_takes_no_grid_from_them(world: World, open_app: OpenApp) -> None:
    """Given a grid that is inactive, when the member is opened, they keep it, and it is shown."""
    grid = given.area(Tier.GRID, world.village, "一网格")
    _given_grid(world.member, grid)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Area, grid.pk).active = False

    app = open_app(world.coordinator, MEMBERS, _team=world.team.id, _member=world.member.id)

    assert not app.exception
    assert app.selectbox(key=f"member_grid_{world.member.id}").value == grid.pk
    assert _grid_of(world.member) == grid.pk


def test_an_open_drawer_leaves_the_grid_somebody_else_gave_and_gives_the_one_chosen(
    world: World, open_app: OpenApp
) -> None:
    first, second, third = (given.area(Tier.GRID, world.village) for _each in range(3))
    _given_grid(world.member, first)
    app = open_app(world.coordinator, MEMBERS, _team=world.team.id, _member=world.member.id)

    _given_grid(world.member, second)
    app.run()
    assert _grid_of(world.member) == second.pk

    app.selectbox(key=f"member_grid_{world.member.id}").set_value(third.pk).run()
    assert _grid_of(world.member) == third.pk


def test_somebody_joins_leads_leaves_and_is_brought_back(world: World, open_app: OpenApp) -> None:
    free = given.account(Role.GRID_WORKER, "新人")
    app = open_app(world.coordinator, MEMBERS)
    app.query_params["_team"] = str(world.team.id)
    app.run()

    app.button(key="member_new").click().run()
    app.selectbox(key="member_account").set_value(free.id).run()
    app.button(key="member_save").click().run()
    assert set(app.dataframe[0].value["Member"]) == {"孙立国", "李娜", "新人"}

    app.button(key=f"member_open_{world.member.id}").click().run()
    app.button(key="member_lead_yes").click().run()
    assert app.metric[0].value == "李娜"

    former = next(m for m in given.rows(TeamMember) if m.account_id == world.lead.id)
    app.button(key=f"member_open_{former.id}").click().run()
    app.button(key="member_remove_yes").click().run()
    assert set(app.dataframe[0].value["Member"]) == {"李娜", "新人"}
    app.button(key="member_undo").click().run()

    assert not app.exception
    assert len(app.dataframe[0].value) == 3


def test_who_has_open_visits_stays_and_the_page_lists_them(world: World, open_app: OpenApp) -> None:
    company = given.enterprise(given.area(Tier.VILLAGE), "山东新材料有限公司")
    campaign = given.stored(Campaign(name="c", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31)))
    given.stored(
        Visit(
            campaign_id=campaign.pk, enterprise_id=company.pk, area_id=company.area_id, team_id=world.team.pk,
            assignee_id=world.worker.pk, assigned_by_id=world.lead.pk, planned_on=TODAY,
        )
    )  # fmt: skip
    app = open_app(world.coordinator, MEMBERS)
    app.query_params.update({"_team": str(world.team.id), "_member": str(world.member.id)})
    app.run()

    app.button(key="member_remove_yes").click().run()

    assert [error.value for error in app.error] == ["李娜 still has 1 open visits. Give them to others first."]
    assert any("山东新材料有限公司" in text.value for text in app.markdown)
    assert [member.left_on for member in given.rows(TeamMember)] == [None, None]


def test_a_worker_enters_and_cancels_their_own_leave(world: World, open_app: OpenApp) -> None:
    app = open_app(world.worker, "pages/teams/leave.py")

    app.button(key="leave_enter").click().run()
    assert [error.value for error in app.error] == ["Choose who is away and the days."]
    app.date_input(key="leave_days").set_value((TODAY, TODAY + timedelta(days=2)))
    app.button(key="leave_enter").click().run()
    row = given.rows(Leave)[0]
    assert (row.account_id, row.starts_on, row.ends_on) == (world.worker.id, TODAY, TODAY + timedelta(days=2))

    app.button(key=f"leave_cancel_{row.id}_yes").click().run()
    assert given.rows(Leave) == []
    app.button(key="leave_undo").click().run()

    assert not app.exception
    assert len(given.rows(Leave)) == 1


def test_overlapping_leave_is_told_and_what_was_entered_stays(world: World, open_app: OpenApp) -> None:
    given.stored(Leave(account_id=world.worker.pk, starts_on=TODAY, ends_on=TODAY))
    app = open_app(world.lead, "pages/teams/leave.py")

    app.selectbox(key="leave_who").set_value(world.worker.id)
    app.date_input(key="leave_days").set_value((TODAY, TODAY))
    app.text_input(key="leave_reason").set_value("again")
    app.button(key="leave_enter").click().run()

    assert [error.value for error in app.error] == ["李娜 already has leave from Dec 6, 2023 to Dec 6, 2023."]
    assert app.text_input(key="leave_reason").value == "again"
