"""Service teams: who sees them, joining, moving, leaving, leading, and days of leave."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core import clock
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.account import Account, Role
from models.area import Area, Tier
from models.campaign import Campaign
from models.team import Team, TeamMember
from models.visit import Visit
from services.actor import Actor
from services.entities import save
from services.teams import TEAMS, leave, members
from services.teams.overview import team, teams
from tests import factories as given
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
TODAY = date(2023, 12, 6)


@dataclass
class World:
    village: Area
    grid: Area
    team: Team
    other: Team
    lead: Account
    worker: Account
    member: TeamMember
    coordinator: Actor


@pytest.fixture
def world(database: str, frozen_clock: object) -> World:  # noqa: ARG001 - asked for their effect
    street = given.area(Tier.STREET)
    village, elsewhere = given.area(Tier.VILLAGE, street), given.area(Tier.VILLAGE, street)
    grid = given.area(Tier.GRID, village)
    here, other = given.team(village, "李家村服务队"), given.team(elsewhere, "王家村服务队")
    lead, worker = given.account(Role.TEAM_LEAD, "孙立国"), given.account(Role.GRID_WORKER, "李娜")
    given.member(here, lead, lead=True)
    member = given.member(here, worker, grid=grid)
    return World(village, grid, here, other, lead, worker, member, given.actor(Role.COORDINATOR))


def visit(world: World, person: Account, day: date = TODAY) -> Visit:
    company = given.enterprise(world.grid)
    campaign = given.stored(
        Campaign(name=f"Campaign {company.id}", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    )
    return given.stored(
        Visit(
            campaign_id=campaign.pk, enterprise_id=company.pk, area_id=world.grid.pk, team_id=world.team.pk,
            assignee_id=person.pk, assigned_by_id=world.lead.pk, planned_on=day,
        )
    )  # fmt: skip


def role_of(person: Account) -> Role:
    return next(row.role for row in given.rows(Account) if row.id == person.id)


def test_the_list_of_teams_tells_lead_size_load_and_who_is_away(world: World) -> None:
    visit(world, world.worker)
    leave.enter(world.coordinator, world.worker.pk, TODAY, TODAY + timedelta(days=2))

    first = teams(world.coordinator)[0]

    assert (first.name, first.lead, first.members, first.away, first.open_visits) == ("李家村服务队", "孙立国", 2, 1, 1)
    assert [row.name for row in teams(given.acting(world.lead))] == ["李家村服务队"]
    assert len(teams(given.actor(Role.MANAGER))) == 2
    with pytest.raises(NotAllowedError):
        teams(given.actor(Role.DEPARTMENT_OFFICER))


def test_a_team_shows_its_members_with_grid_load_and_leave(world: World) -> None:
    visit(world, world.worker)
    leave.enter(world.coordinator, world.worker.pk, TODAY, TODAY + timedelta(days=2))

    shown = team(given.acting(world.lead), world.team.pk)

    assert [(m.name, m.is_lead, m.grid, m.open_visits) for m in shown.members] == [
        ("孙立国", True, "", 0),
        ("李娜", False, world.grid.name, 1),
    ]
    assert shown.members[1].away_until == TODAY + timedelta(days=2)
    with pytest.raises(NotFoundError):
        team(given.acting(world.lead), world.other.pk)


def test_phone_numbers_are_masked_for_whoever_may_not_see_them(world: World) -> None:
    person = given.account(Role.GRID_WORKER, phone="+8613812345678")
    members.add(world.coordinator, world.team.pk, person.pk)

    def shown(actor: Actor) -> str:
        return next(m.phone for m in team(actor, world.team.pk).members if m.account_id == person.id)

    assert shown(given.acting(world.lead)) == "+8613812345678"
    assert shown(given.actor(Role.MANAGER)) == "138****5678"


def test_somebody_joins_with_a_grid_of_the_team_and_is_no_candidate_any_more(world: World) -> None:
    free = given.account(Role.GRID_WORKER)
    assert list(members.candidates(world.coordinator)) == [free.id]
    assert list(members.grids(world.coordinator, world.team.pk)) == [world.grid.id]

    members.add(world.coordinator, world.team.pk, free.pk, grid_id=world.grid.id)

    assert members.candidates(world.coordinator) == {}
    assert len(team(world.coordinator, world.team.pk).members) == 3


def test_who_cannot_join_is_told_why(world: World) -> None:
    free = given.account(Role.GRID_WORKER)
    foreign = given.area(Tier.GRID, given.area(Tier.VILLAGE))
    add = members.add

    with pytest.raises(ConflictError):
        add(world.coordinator, world.other.pk, world.worker.pk)
    for bad in (
        lambda: add(world.coordinator, world.team.pk, given.account(Role.MANAGER).pk),
        lambda: add(world.coordinator, world.team.pk, free.pk, grid_id=foreign.id),
        lambda: add(world.coordinator, world.team.pk, free.pk, joined_on=TODAY + timedelta(days=1)),
    ):
        with pytest.raises(InvalidError):
            bad()
    assert len(given.rows(TeamMember)) == 2


def test_a_new_lead_takes_over_and_the_roles_follow(world: World) -> None:
    members.make_lead(world.coordinator, world.member.pk)

    assert (role_of(world.worker), role_of(world.lead)) == (Role.TEAM_LEAD, Role.GRID_WORKER)
    assert [m.name for m in team(world.coordinator, world.team.pk).members if m.is_lead] == ["李娜"]


def test_of_two_made_leads_at_once_one_leads(world: World) -> None:
    other = given.member(world.team, given.account(Role.GRID_WORKER, "王芳"))

    meanwhile(
        lambda: members.make_lead(world.coordinator, world.member.pk),
        lambda: members.make_lead(world.coordinator, other.pk),
    )

    assert [m.name for m in team(world.coordinator, world.team.pk).members if m.is_lead] == ["王芳"]
    assert role_of(world.worker) is Role.GRID_WORKER


def test_nobody_joins_a_team_that_is_just_made_inactive(world: World) -> None:
    free = given.account(Role.GRID_WORKER)

    with pytest.raises(InvalidError, match="停用"):
        meanwhile(
            lambda: save(world.coordinator, TEAMS, {"active": False}, world.other.pk),
            lambda: members.add(world.coordinator, world.other.pk, free.pk),
        )


def test_a_move_ends_one_membership_and_begins_another(world: World) -> None:
    members.move(world.coordinator, world.member.pk, world.other.pk)

    periods = [(m.team_id, m.left_on) for m in given.rows(TeamMember) if m.account_id == world.worker.id]
    assert periods == [(world.team.id, TODAY), (world.other.id, None)]
    assert [m.name for m in team(world.coordinator, world.team.pk).former] == ["李娜"]


def test_who_still_has_visits_leaves_only_after_they_are_given_to_others(world: World) -> None:
    open_visit = visit(world, world.worker)

    for leaving in (
        lambda: members.remove(world.coordinator, world.member.pk),
        lambda: members.move(world.coordinator, world.member.pk, world.other.pk),
    ):
        with pytest.raises(members.OpenVisitsError) as told:
            leaving()
        assert [each.id for each in told.value.visits] == [open_visit.id]

    assert [m.left_on for m in given.rows(TeamMember)] == [None, None]


def test_a_lead_leaves_only_after_another_leads(world: World) -> None:
    lead = next(m for m in given.rows(TeamMember) if m.is_lead)

    with pytest.raises(ConflictError):
        members.remove(world.coordinator, lead.pk)

    members.make_lead(world.coordinator, world.member.pk)
    members.remove(world.coordinator, lead.pk)
    assert [m.name for m in team(world.coordinator, world.team.pk).members] == ["李娜"]


def test_leaving_can_be_taken_back(world: World) -> None:
    members.remove(world.coordinator, world.member.pk)
    with pytest.raises(NotFoundError):
        members.set_grid(world.coordinator, world.member.pk, None)

    members.bring_back(world.coordinator, world.member.pk)

    assert len(team(world.coordinator, world.team.pk).members) == 2


def test_a_team_with_members_is_not_made_inactive(world: World) -> None:
    with pytest.raises(InvalidError):
        save(world.coordinator, TEAMS, {"active": False}, world.team.pk)

    save(world.coordinator, TEAMS, {"active": False}, world.other.pk)


def test_only_coordinators_and_administrators_change_members(world: World) -> None:
    for outsider in (given.acting(world.lead), given.acting(world.worker), given.actor(Role.MANAGER)):
        for change in (members.make_lead, members.remove, members.bring_back):
            with pytest.raises(NotAllowedError):
                change(outsider, world.member.pk)
        with pytest.raises(NotAllowedError):
            members.move(outsider, world.member.pk, world.other.pk)
        with pytest.raises(NotAllowedError):
            members.add(outsider, world.team.pk, world.worker.pk)


def test_a_worker_enters_their_own_leave_and_is_told_of_visits_in_it(world: World) -> None:
    visit(world, world.worker, TODAY + timedelta(days=1))
    worker = given.acting(world.worker)

    assert list(leave.people(worker)) == [world.worker.id]
    assert leave.enter(worker, world.worker.pk, TODAY, TODAY + timedelta(days=3), " 年休假 ") == 1

    assert [(row.name, row.reason, row.days, row.open_visits) for row in leave.leaves(worker)] == [
        ("李娜", "年休假", 4, 1)
    ]
    with pytest.raises(NotFoundError):
        leave.enter(worker, world.lead.pk, TODAY, TODAY)


def test_a_lead_keeps_the_leave_of_the_team_and_of_nobody_else(world: World) -> None:
    stranger = given.account(Role.GRID_WORKER)
    given.member(world.other, stranger)
    leave.enter(world.coordinator, stranger.pk, TODAY, TODAY)
    lead = given.acting(world.lead)

    leave.enter(lead, world.worker.pk, TODAY, TODAY)

    assert list(leave.people(lead)) == [world.lead.id, world.worker.id]
    assert [row.name for row in leave.leaves(lead)] == ["李娜"]
    theirs = next(row for row in leave.leaves(world.coordinator) if row.account_id == stranger.id)
    with pytest.raises(NotFoundError):
        leave.enter(lead, stranger.pk, TODAY, TODAY)
    with pytest.raises(NotFoundError):
        leave.cancel(lead, theirs.id)
    with pytest.raises(NotAllowedError):
        leave.leaves(given.actor(Role.MANAGER))


def test_overlapping_leave_is_refused_in_a_clear_sentence(world: World) -> None:
    leave.enter(world.coordinator, world.worker.pk, date(2023, 12, 8), date(2023, 12, 12))

    for first, last in ((8, 8), (12, 20), (1, 8), (1, 31), (9, 10)):
        with in_locale("en"), pytest.raises(ConflictError, match="李娜 already has leave from Dec 8, 2023"):
            leave.enter(world.coordinator, world.worker.pk, date(2023, 12, first), date(2023, 12, last))
    leave.enter(world.coordinator, world.worker.pk, date(2023, 12, 13), date(2023, 12, 13))
    with pytest.raises(InvalidError):
        leave.enter(world.coordinator, world.worker.pk, date(2023, 12, 20), date(2023, 12, 19))


def test_cancelled_leave_can_be_entered_again(world: World) -> None:
    leave.enter(world.coordinator, world.worker.pk, TODAY, TODAY, "病假")
    row = leave.leaves(world.coordinator)[0]

    values = leave.cancel(world.coordinator, row.id)
    assert leave.leaves(world.coordinator) == []
    leave.enter(world.coordinator, *values)

    assert leave.leaves(world.coordinator)[0].reason == "病假"
    clock.advance(timedelta(days=1))
    assert leave.leaves(world.coordinator) == []
