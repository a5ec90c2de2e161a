"""What a finished campaign leaves open keeps nobody busy, and nothing can be asked of it any more."""

import pytest

from core import clock
from core.errors import ConflictError
from models.campaign import Campaign, CampaignState
from models.team import TeamMember
from models.visit import Outcome, Visit, VisitState
from services import accounts, assignment
from services.teams import leave, members, overview
from services.visits import review, today
from tests.visit_world import World, everything, one, recorded, refreshed


def _membership(world: World, who: str) -> TeamMember:
    return next(each for each in everything(TeamMember) if each.account_id == world.people[who].pk)


def test_who_has_only_visits_of_a_finished_campaign_can_leave_the_team(world: World) -> None:
    world.visit("one", "worker_1a")
    admin, member = world.actor("coordinator"), _membership(world, "worker_1a")
    with pytest.raises(members.OpenVisitsError):
        members.remove(admin, member.pk)

    world.set_state(CampaignState.FINISHED)
    members.remove(admin, member.pk)

    assert refreshed(TeamMember, member.pk).left_on == clock.today()


def test_visits_of_a_finished_campaign_leave_the_day_and_those_of_a_paused_one_wait(world: World) -> None:
    world.visit("one", "worker_1a", days=-2)
    recorded(world.visit("two", "worker_1a"), outcome=Outcome.MET)
    worker = world.actor("worker_1a")
    world.set_state(CampaignState.PAUSED)
    assert [(card.enterprise, card.paused) for card in today.day(worker).overdue] == [("one公司", True)]

    world.set_state(CampaignState.FINISHED)

    day = today.day(worker)
    assert (day.overdue, [card.enterprise for card in day.done]) == ([], ["two公司"])


def test_visits_of_a_finished_campaign_are_no_load(world: World) -> None:
    world.visit("one", "worker_1a")
    leave.enter(world.actor("lead_a"), world.people["worker_1a"].pk, clock.today(), clock.today())
    day = clock.today()
    other = one(Campaign(name="服务企业", starts_on=day, ends_on=day, state=CampaignState.RUNNING))
    assert set(_loads(world, other.pk).values()) == {1}

    world.set_state(CampaignState.FINISHED)

    assert set(_loads(world, other.pk).values()) == {0}


def _loads(world: World, campaign_id: int) -> dict[str, int]:
    """Return the load of `worker_1a` wherever it is told, and nobody else of their team has one."""
    lead, worker = world.actor("lead_a"), world.people["worker_1a"].pk
    team = overview.team(lead, world.teams["A"].pk)
    return {
        "board": sum(each.open_visits for each in assignment.board(lead, campaign_id).members),
        "members": sum(each.open_visits for each in team.members),
        "teams": sum(each.open_visits for each in overview.teams(lead)),
        "leave": sum(each.open_visits for each in leave.leaves(lead)),
        "account": accounts.open_work(world.actor("admin"), worker).visits,
    }


def test_a_record_of_a_finished_campaign_is_not_returned(world: World) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MOVED_AWAY)
    lead = world.actor("lead_a")
    assert review.record(lead, visit.pk).may_return

    world.set_state(CampaignState.FINISHED)

    shown = review.record(lead, visit.pk)
    assert (shown.may_return, shown.may_confirm_moved) == (False, True)
    with pytest.raises(ConflictError, match="已结束"):
        review.give_back(lead, visit.pk, "缺少小结")
    assert refreshed(Visit, visit.pk).state is VisitState.RECORDED
