"""Giving visits to members: who may, what is refused, and what happens when two do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.audit import AuditEntry
from models.campaign import CampaignState
from models.enterprise import Enterprise, EnterpriseStatus
from models.team import TeamMember
from models.visit import Outcome as Met
from models.visit import Visit, VisitState
from services import assignment
from services.actor import SYSTEM
from services.assignment import OnLeaveError, Placement
from services.campaigns import targets
from services.teams import members
from tests.meanwhile import meanwhile
from tests.visit_world import World, everything, recorded, refreshed


def placements(world: World, *names: str, to: str = "worker_1a", days: int = 1) -> list[Placement]:
    day = clock.today() + timedelta(days=days)
    return [Placement(world.enterprises[name].pk, world.people[to].pk, day) for name in names]


def test_a_lead_assigns_several_at_once(world: World) -> None:
    outcome = assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one", "three"))
    visits = everything(Visit)
    assert [visit.pk for visit in visits] == outcome.visit_ids
    assert {visit.assignee_id for visit in visits} == {world.people["worker_1a"].pk}
    assert {visit.team_id for visit in visits} == {world.teams["A"].pk}
    assert {visit.state for visit in visits} == {VisitState.PLANNED}
    assert [entry.entity_id for entry in everything_audited("visit.created")] == [str(v.pk) for v in visits]


def test_a_coordinator_assigns_in_every_area(world: World) -> None:
    outcome = assignment.assign(world.actor("coordinator"), world.campaign.pk, placements(world, "far", to="worker_3b"))
    assert len(outcome.visit_ids) == 1


@pytest.mark.parametrize("who", ["worker_1a", "manager", "officer", "admin"])
def test_other_roles_assign_nothing(world: World, who: str) -> None:
    with pytest.raises(NotAllowedError):
        assignment.assign(world.actor(who), world.campaign.pk, placements(world, "one"))


def test_an_enterprise_outside_the_leads_area_does_not_exist_for_them(world: World) -> None:
    with pytest.raises(NotFoundError):
        assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one", "far"))
    assert not everything(Visit)


def test_a_member_of_another_team_is_refused(world: World) -> None:
    with pytest.raises(NotFoundError, match="成员"):
        assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one", to="worker_3b"))


def test_a_manager_is_nobody_to_send(world: World) -> None:
    with pytest.raises(NotFoundError):
        assignment.assign(world.actor("coordinator"), world.campaign.pk, placements(world, "one", to="manager"))


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.PAUSED, CampaignState.FINISHED])
def test_only_a_running_campaign_is_assigned(world: World, state: CampaignState) -> None:
    world.set_state(state)
    with pytest.raises(ConflictError, match="政务服务进千企"):
        assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one"))


@pytest.mark.parametrize("days", [-1, 21])
def test_a_day_that_has_passed_or_lies_after_the_campaign_is_refused(world: World, days: int) -> None:
    with pytest.raises(InvalidError) as problem:
        assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one", days=days))
    assert set(problem.value.problems) == {"planned_on"}


def test_somebody_on_leave_is_sent_only_after_a_confirmation(world: World) -> None:
    world.leave("worker_1a", clock.today() + timedelta(days=1))
    lead, wanted = world.actor("lead_a"), placements(world, "one")
    with pytest.raises(OnLeaveError, match="worker_1a"):
        assignment.assign(lead, world.campaign.pk, wanted)
    assert len(assignment.assign(lead, world.campaign.pk, wanted, despite_leave=True).visit_ids) == 1


def test_whoever_is_later_is_told_who_has_it_and_keeps_the_rest(world: World) -> None:
    world.visit("one", "worker_2a")
    outcome = assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one", "two"))
    assert [(taken.enterprise, taken.assignee) for taken in outcome.taken] == [("one公司", "worker_2a")]
    assert len(outcome.visit_ids) == 1
    created = everything_audited("visit.created")
    assert {entry.after["enterprise_id"] for entry in created} == {
        world.enterprises["one"].pk,
        world.enterprises["two"].pk,
    }
    assert len(created) == 2  # the refused row left no trace


def test_what_was_visited_taken_out_or_closed_meanwhile_is_not_given_out_again(world: World) -> None:
    """Given a list left open, when three of its four enterprises need no visit any more, only the fourth gets one."""
    recorded(world.visit("one", "worker_2a"), outcome=Met.MET)
    targets.remove(world.actor("coordinator"), world.campaign.pk, [world.enterprises["two"].pk])
    close(world, "three")

    wanted = placements(world, "one", "two", "three", "four")
    outcome = assignment.assign(world.actor("lead_a"), world.campaign.pk, wanted)

    assert outcome.settled == ["one公司", "two公司", "three公司"]
    assert not outcome.taken
    assert [refreshed(Visit, row_id).enterprise_id for row_id in outcome.visit_ids] == [world.enterprises["four"].pk]


@pytest.mark.parametrize("came_of_it", [Met.REFUSED, Met.NOT_FOUND])
def test_an_enterprise_visited_in_vain_is_given_out_again(world: World, came_of_it: Met) -> None:
    recorded(world.visit("one", "worker_2a"), outcome=came_of_it)
    outcome = assignment.assign(world.actor("lead_a"), world.campaign.pk, placements(world, "one"))
    assert len(outcome.visit_ids) == 1


def test_an_enterprise_that_is_just_being_closed_is_not_given_out(world: World) -> None:
    """Given an enterprise that is being closed, when a lead gives it out meanwhile, then it waits and is left out."""
    lead, wanted = world.actor("lead_a"), placements(world, "one")

    outcome = meanwhile(lambda: close(world, "one"), lambda: assignment.assign(lead, world.campaign.pk, wanted))

    assert outcome.settled == ["one公司"]
    assert not everything(Visit)


def test_two_leads_at_once_each_enterprise_has_one_winner(world: World) -> None:
    leads = [world.actor("lead_a"), world.actor("second_lead_a")]
    batches = [
        placements(world, "one", "two", "three", "four", to="worker_1a"),
        placements(world, "four", "three", "two", "one", to="worker_2a"),
    ]
    start = Barrier(2)

    def run(number: int) -> assignment.Outcome:
        start.wait()
        return assignment.assign(leads[number], world.campaign.pk, batches[number])

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, range(2)))

    visits = everything(Visit)
    assert sorted(visit.enterprise_id for visit in visits) == sorted(
        world.enterprises[name].pk for name in ("one", "two", "three", "four")
    )
    assert sum(len(outcome.visit_ids) for outcome in outcomes) == 4
    assert sum(len(outcome.taken) for outcome in outcomes) == 4
    assert all(taken.assignee in {"worker_1a", "worker_2a"} for outcome in outcomes for taken in outcome.taken)


def test_nobody_who_is_just_leaving_is_given_a_visit(world: World) -> None:
    """Given a member who is being removed, when a lead gives them a visit meanwhile, then it waits and is refused."""
    coordinator, lead, leaving = world.actor("coordinator"), world.actor("lead_a"), member(world, "worker_1a")
    given_them = lambda: assignment.assign(lead, world.campaign.pk, placements(world, "one"))  # noqa: E731

    with pytest.raises(NotFoundError):
        meanwhile(lambda: members.remove(coordinator, leaving), given_them)

    assert not everything(Visit)


def test_nobody_leaves_who_is_just_being_given_a_visit(world: World) -> None:
    coordinator, lead, leaving = world.actor("coordinator"), world.actor("lead_a"), member(world, "worker_1a")
    given_them = lambda: assignment.assign(lead, world.campaign.pk, placements(world, "one"))  # noqa: E731

    with pytest.raises(members.OpenVisitsError):
        meanwhile(given_them, lambda: members.remove(coordinator, leaving))

    assert len(everything(Visit)) == 1


def test_a_visit_taken_back_is_not_restored_to_somebody_who_left(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    assignment.take_back(world.actor("lead_a"), [visit.pk])
    members.remove(world.actor("coordinator"), member(world, "worker_1a"))

    with pytest.raises(NotFoundError, match="成员"):
        assignment.restore(world.actor("lead_a"), [visit.pk])


@pytest.mark.parametrize("gone", ["closed", "taken out"])
def test_a_visit_taken_back_is_not_restored_where_nobody_is_to_go(world: World, gone: str) -> None:
    visit = world.visit("one", "worker_1a")
    assignment.take_back(world.actor("lead_a"), [visit.pk])
    if gone == "closed":
        close(world, "one")
    else:
        targets.remove(world.actor("coordinator"), world.campaign.pk, [world.enterprises["one"].pk])

    with pytest.raises(ConflictError, match="one公司"):
        assignment.restore(world.actor("lead_a"), [visit.pk])
    assert refreshed(Visit, visit.pk).state is VisitState.TAKEN_BACK


def close(world: World, name: str) -> None:
    with transaction(actor=SYSTEM) as session:
        session.get_one(Enterprise, world.enterprises[name].pk).status = EnterpriseStatus.CLOSED


def member(world: World, name: str) -> int:
    return next(row.pk for row in everything(TeamMember) if row.account_id == world.people[name].pk)


def test_open_visits_move_to_another_member_and_day(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    day = clock.today() + timedelta(days=3)
    assignment.move(world.actor("lead_a"), [visit.pk], assignee_id=world.people["worker_2a"].pk, planned_on=day)
    moved = refreshed(Visit, visit.pk)
    assert (moved.assignee_id, moved.planned_on) == (world.people["worker_2a"].pk, day)
    assert moved.version == visit.version + 1


def test_moving_to_somebody_on_leave_needs_a_confirmation(world: World) -> None:
    visit = world.visit("one", "worker_1a")
    world.leave("worker_2a", clock.today())
    with pytest.raises(OnLeaveError):
        assignment.move(world.actor("lead_a"), [visit.pk], assignee_id=world.people["worker_2a"].pk)


def test_another_teams_visit_can_neither_be_moved_nor_taken_back(world: World) -> None:
    visit = world.visit("far", "worker_3b")
    with pytest.raises(NotFoundError):
        assignment.move(world.actor("lead_a"), [visit.pk], assignee_id=world.people["worker_1a"].pk)
    with pytest.raises(NotFoundError):
        assignment.take_back(world.actor("lead_a"), [visit.pk])


def test_taking_back_can_be_undone(world: World) -> None:
    lead, visit = world.actor("lead_a"), world.visit("one", "worker_1a")
    assignment.take_back(lead, [visit.pk])
    assert refreshed(Visit, visit.pk).state is VisitState.TAKEN_BACK
    assignment.restore(lead, [visit.pk])
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED


def test_undo_is_refused_once_somebody_else_has_the_enterprise(world: World) -> None:
    lead, visit = world.actor("lead_a"), world.visit("one", "worker_1a")
    assignment.take_back(lead, [visit.pk])
    assignment.assign(lead, world.campaign.pk, placements(world, "one", to="worker_2a"))
    with pytest.raises(ConflictError):
        assignment.restore(lead, [visit.pk])


def test_a_recorded_visit_is_not_taken_back(world: World) -> None:
    visit = recorded(world.visit("one", "worker_1a"))
    with pytest.raises(ConflictError):
        assignment.take_back(world.actor("lead_a"), [visit.pk])


def everything_audited(action: str) -> list[AuditEntry]:
    with transaction(actor=SYSTEM) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == action)).all()
    return sorted(entries, key=lambda entry: int(entry.entity_id))
