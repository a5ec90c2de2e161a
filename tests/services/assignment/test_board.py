"""What a lead sees before assigning, and the suggested plan."""

from datetime import date, timedelta

import pytest

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.i18n import in_locale
from models.account import Account
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise, EnterpriseStatus
from models.visit import Outcome
from services import assignment
from services.actor import SYSTEM
from services.assignment import Among, Filters, Placement, suggesting
from tests.visit_world import World, one, put, recorded


def names(board: assignment.Board) -> set[str]:
    return {target.name for target in board.targets}


def test_a_lead_sees_the_unassigned_enterprises_of_their_area_only(world: World) -> None:
    world.visit("two", "worker_1a")
    seen = assignment.board(world.actor("lead_a"))
    assert names(seen) == {"one公司", "three公司", "four公司"}
    assert seen.total == 3
    assert seen.campaign_id == world.campaign.pk


def test_the_coordinator_sees_the_zone(world: World) -> None:
    assert "far公司" in names(assignment.board(world.actor("coordinator")))


@pytest.mark.parametrize("who", ["worker_1a", "manager", "officer", "admin"])
def test_others_see_no_board(world: World, who: str) -> None:
    with pytest.raises(NotAllowedError):
        assignment.board(world.actor(who))


def test_search_and_area_narrow_the_list(world: World) -> None:
    lead = world.actor("lead_a")
    assert names(assignment.board(lead, filters=Filters(search="柳泉路2"))) == {"three公司"}
    below = assignment.board(lead, filters=Filters(area_id=world.areas["grid_1"].pk))
    assert names(below) == {"one公司", "two公司"}
    distances = [target.distance for target in below.targets]
    assert distances[0] == pytest.approx(0, abs=0.01)
    assert distances == sorted(distances)


def test_met_and_moved_away_leave_the_list_and_a_closed_door_comes_back(world: World) -> None:
    recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)
    recorded(world.visit("two", "worker_1a"), outcome=Outcome.NOT_FOUND)
    recorded(world.visit("three", "worker_1a"), outcome=Outcome.MOVED_AWAY)
    assert names(assignment.board(world.actor("lead_a"))) == {"two公司", "four公司"}
    assert assignment.board(world.actor("lead_a")).again == 1


def test_an_enterprise_that_closed_down_is_not_offered(world: World) -> None:
    row = Enterprise(name="停业公司", area_id=world.areas["grid_1"].pk, status=EnterpriseStatus.CLOSED)
    put(row)
    assert "停业公司" not in names(assignment.board(world.actor("lead_a")))


def test_a_recent_visit_of_any_campaign_is_flagged_and_an_old_one_is_not(world: World) -> None:
    recorded(world.visit("two", "worker_1a"), days_ago=13, outcome=Outcome.REFUSED)
    recorded(world.visit("three", "worker_2a"), days_ago=15, outcome=Outcome.REFUSED)
    targets = {target.name: target for target in assignment.board(world.actor("lead_a")).targets}
    last = targets["two公司"].last_visit
    assert last is not None
    assert (last.day, last.visitor) == (clock.today() - timedelta(days=13), "worker_1a")
    assert targets["three公司"].last_visit is None


def test_members_come_with_load_and_leave(world: World) -> None:
    world.visit("one", "worker_1a")
    world.visit("two", "worker_1a", days=9)
    world.leave("worker_2a", clock.today() + timedelta(days=1), clock.today() + timedelta(days=2))
    members = {member.name: member for member in assignment.board(world.actor("lead_a")).members}
    assert set(members) == {"lead_a", "second_lead_a", "worker_1a", "worker_2a"}
    assert (members["worker_1a"].open_visits, members["worker_1a"].this_week) == (2, 1)
    assert members["worker_2a"].is_away(clock.today() + timedelta(days=2))
    assert not members["worker_2a"].is_away(clock.today())


def test_open_visits_of_other_teams_are_not_listed(world: World) -> None:
    world.visit("one", "worker_1a")
    world.visit("far", "worker_3b")
    listed = assignment.open_visits(world.actor("lead_a"), world.campaign.pk)
    assert [visit.enterprise for visit in listed.visits] == ["one公司"]


def test_open_visits_are_counted_and_narrowed_before_the_list_is_cut(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given more open visits than a list shows, then those of who left, the last ones, are listed when asked for."""
    monkeypatch.setattr("services.assignment.opened.LIMIT", 1)
    for name in ("one", "two"):
        world.visit(name, "worker_1a", days=-2)
    world.visit("three", "worker_2a", days=5)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["worker_2a"].pk).active = False

    found = assignment.open_visits(world.actor("lead_a"), world.campaign.pk, among=Among.LEFT)

    assert [visit.enterprise for visit in found.visits] == ["three公司"]
    assert dict(found.counts) == {
        Among.ALL: 3, Among.OVERDUE: 2, Among.RETURNED: 0, Among.OPEN: 1, Among.LEFT: 1,
    }  # fmt: skip
    late = assignment.open_visits(world.actor("lead_a"), world.campaign.pk, among=Among.OVERDUE)
    assert (len(late.visits), late.total) == (1, 2)


def test_a_kind_there_are_none_of_means_all(world: World) -> None:
    world.visit("one", "worker_1a")
    found = assignment.open_visits(world.actor("lead_a"), world.campaign.pk, among=Among.RETURNED)
    assert (found.among, len(found.visits)) == (Among.ALL, 1)


def test_the_search_narrows_open_visits_too(world: World) -> None:
    world.visit("one", "worker_1a")
    world.visit("two", "worker_1a")
    found = assignment.open_visits(world.actor("lead_a"), world.campaign.pk, Filters(search="two"))
    assert [visit.enterprise for visit in found.visits] == ["two公司"]
    assert found.counts[Among.ALL] == 1


def test_a_suggestion_follows_grids_and_says_why(world: World) -> None:
    lead = world.actor("lead_a")
    workers = [world.people["worker_1a"].pk, world.people["worker_2a"].pk]
    wanted = [world.enterprises[name].pk for name in ("one", "two", "three", "four", "far")]
    with in_locale("zh_CN"):
        plan = assignment.suggest(lead, world.campaign.pk, Filters(), wanted, workers, clock.today())
    assert {line.enterprise: line.assignee_id for line in plan} == {
        "one公司": workers[0],
        "two公司": workers[0],
        "three公司": workers[1],
        "four公司": workers[1],
    }
    assert "本人网格" in plan[0].reasons
    assert "距离 0.0 km" in plan[0].reasons


def test_leads_are_suggested_only_if_they_are_chosen(world: World) -> None:
    lead, ids = world.actor("lead_a"), [world.enterprises[name].pk for name in ("one", "two", "three", "four")]
    plan = assignment.suggest(lead, world.campaign.pk, Filters(), ids, [], clock.today())
    workers = {world.people["worker_1a"].pk, world.people["worker_2a"].pk}
    assert {line.assignee_id for line in plan} == workers
    own = assignment.suggest(lead, world.campaign.pk, Filters(), ids, [world.people["lead_a"].pk], clock.today())
    assert {line.assignee_id for line in own} == {world.people["lead_a"].pk}


def test_a_suggestion_tells_who_was_visited_lately(world: World) -> None:
    recorded(world.visit("two", "worker_1a"), days_ago=3, outcome=Outcome.REFUSED)
    ids = [world.enterprises["two"].pk]
    (line,) = assignment.suggest(world.actor("lead_a"), world.campaign.pk, Filters(), ids, [], clock.today())
    assert "近期已走访" in line.reasons


def test_a_suggestion_avoids_leave(world: World) -> None:
    world.leave("worker_1a", clock.today(), clock.today() + timedelta(days=60))
    workers = [world.people["worker_1a"].pk, world.people["worker_2a"].pk]
    plan = assignment.suggest(
        world.actor("lead_a"), world.campaign.pk, Filters(), [world.enterprises["one"].pk], workers, clock.today()
    )
    assert [line.assignee_id for line in plan] == [workers[1]]


def test_a_suggestion_stays_within_the_campaign_and_tells_what_does_not_fit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given two days until the campaign ends and one visit a day, two of three enterprises fit."""
    monkeypatch.setattr(suggesting, "PER_DAY", 1)
    tomorrow = clock.today() + timedelta(days=1)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Campaign, world.campaign.pk).ends_on = tomorrow
    lead, worker = world.actor("lead_a"), world.people["worker_1a"].pk
    ids = [world.enterprises[name].pk for name in ("one", "two", "three")]

    plan = assignment.suggest(lead, world.campaign.pk, Filters(), ids, [worker], clock.today())

    wanted = [Placement(each.enterprise_id, each.assignee_id, each.planned_on) for each in plan]
    members = assignment.board(lead, world.campaign.pk).members
    assert {each.planned_on for each in plan} == {clock.today(), tomorrow}
    assert (assignment.crowded(members, wanted), assignment.crowded(members, wanted[:2])) == (1, 0)
    assert len(assignment.assign(lead, world.campaign.pk, wanted).visit_ids) == 3

    later = assignment.board(lead, world.campaign.pk).members
    assert assignment.crowded(later, wanted[:2]) == 2  # both days are full by now


def test_why_there_is_no_suggestion_is_told(world: World) -> None:
    lead, campaign = world.actor("lead_a"), world.campaign
    ids, workers = [world.enterprises["one"].pk], [world.people["worker_1a"].pk]
    world.leave("worker_1a", clock.today(), clock.today() + timedelta(days=60))
    with pytest.raises(ConflictError, match="不在岗"):
        assignment.suggest(lead, campaign.pk, Filters(), ids, workers, clock.today())
    with pytest.raises(InvalidError) as late:
        assignment.suggest(lead, campaign.pk, Filters(), ids, workers, campaign.ends_on + timedelta(days=1))
    assert "结束" in late.value.problems["planned_on"]
    world.visit("one", "worker_2a")
    with pytest.raises(ConflictError, match="已被分派"):
        assignment.suggest(lead, campaign.pk, Filters(), ids, workers, clock.today())


def test_a_suggestion_is_made_for_the_campaign_asked_for_or_for_none(world: World) -> None:
    """Given another campaign that runs, when the one asked for is paused, there is no plan of the other."""
    other = one(
        Campaign(name="回头看", starts_on=date(2023, 12, 1), ends_on=date(2023, 12, 31), state=CampaignState.RUNNING)
    )
    put(CampaignTarget(campaign_id=other.pk, enterprise_id=world.enterprises["one"].pk))
    world.set_state(CampaignState.PAUSED)
    ids = [world.enterprises["one"].pk]

    with pytest.raises(ConflictError, match="政务服务进千企"):
        assignment.suggest(world.actor("lead_a"), world.campaign.pk, Filters(), ids, [], clock.today())


def test_the_campaign_with_something_left_comes_first_and_one_that_runs_no_more_is_left(world: World) -> None:
    put(Campaign(name="更早结束", starts_on=date(2023, 11, 1), ends_on=date(2023, 12, 7), state=CampaignState.RUNNING))

    lead = world.actor("lead_a")
    assert assignment.board(lead).campaign_id == world.campaign.pk
    assert assignment.board(lead, 999_999).campaign_id == world.campaign.pk

    world.set_state(CampaignState.PAUSED)
    assert assignment.board(lead, world.campaign.pk).campaign_id != world.campaign.pk
