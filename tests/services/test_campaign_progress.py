"""Progress counts every target once, in all, by team and by area."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from core import clock, db
from core.db import transaction
from core.errors import NotAllowedError
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise
from models.team import Team, TeamMember
from models.visit import Outcome, Visit, VisitState
from services.actor import SYSTEM, Actor
from services.campaigns import progress
from services.campaigns.standing import Standing
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.fixture
def coordinator() -> Actor:
    return acting("coordinator")


def _campaign(state: CampaignState) -> Campaign:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Campaign).where(Campaign.state == state)).one()


def _visit(session: Session, campaign_id: int, enterprise: Enterprise, **more: object) -> None:
    member = session.exec(select(TeamMember)).first()
    assert member is not None
    values = {
        "campaign_id": campaign_id, "enterprise_id": enterprise.pk, "area_id": enterprise.area_id,
        "team_id": member.team_id, "assignee_id": member.account_id, "assigned_by_id": member.account_id,
        "planned_on": clock.today(),
    }  # fmt: skip
    session.add(Visit(**(values | more)))


@pytest.fixture
def eight() -> int:
    """A running campaign with a target in each standing, and one whose visit was taken back."""
    day = clock.today()
    with transaction(actor=SYSTEM) as session:
        campaign = Campaign(name="八家", starts_on=day, ends_on=day, state=CampaignState.RUNNING)
        session.add(campaign)
        session.flush()
        targets = session.exec(select(Enterprise).limit(9)).all()
        session.add_all(CampaignTarget(campaign_id=campaign.pk, enterprise_id=each.pk) for each in targets)
        done = {"state": VisitState.RECORDED, "recorded_at": clock.now()}
        _visit(session, campaign.pk, targets[1])
        _visit(session, campaign.pk, targets[2], planned_on=day - timedelta(days=1))
        _visit(session, campaign.pk, targets[3], **done | {"state": VisitState.RETURNED, "outcome": Outcome.MET})
        for enterprise, outcome in zip(targets[4:8], Outcome, strict=True):
            _visit(session, campaign.pk, enterprise, **done, outcome=outcome)
        _visit(session, campaign.pk, targets[8], state=VisitState.TAKEN_BACK)
        _visit(session, campaign.pk, targets[4])  # visited already, and to be visited once more
        return campaign.pk


def test_each_target_is_counted_once_where_it_stands(coordinator: Actor, eight: int) -> None:
    found = progress.of_campaign(coordinator, eight)

    assert dict(found.counts) == dict.fromkeys(Standing, 1) | {Standing.UNASSIGNED: 2}
    assert (found.targets, found.assigned, found.visited, found.unfinished) == (9, 7, 1, 3)
    assert (found.overdue, found.unreached) == (1, 3)


def test_share_is_of_the_goal_or_of_all_targets_and_never_above_one(coordinator: Actor, eight: int) -> None:
    found = progress.of_campaign(coordinator, eight)

    assert found.share() == 1 / 9
    assert found.share(2) == 0.5
    assert progress.Progress({Standing.VISITED: 3}).share(2) == 1
    assert progress.Progress({}).share() == 0


@pytest.mark.parametrize("lines", [progress.by_team, progress.by_area])
def test_teams_and_areas_add_up_to_the_whole(coordinator: Actor, lines: object) -> None:
    campaign = _campaign(CampaignState.RUNNING)

    found = lines(coordinator, campaign.pk)  # type: ignore[operator]

    assert len(found) > 1
    whole = progress.of_campaign(coordinator, campaign.pk)
    assert sum(line.progress.targets for line in found) == whole.targets
    assert sum(line.progress.visited for line in found) == whole.visited


def test_what_no_team_has_is_a_line_of_its_own_at_the_end(coordinator: Actor, eight: int) -> None:
    last = progress.by_team(coordinator, eight)[-1]

    assert last.name == ""
    assert last.progress.targets == last.progress[Standing.UNASSIGNED] == 2


def test_the_finished_campaign_shows_the_figures_of_the_programme(coordinator: Actor) -> None:
    found = {c.state: p for c, p in progress.campaigns(coordinator)}[CampaignState.FINISHED]

    assert found.visited >= 600
    assert found.targets >= found.visited


def test_days_add_up_to_the_visits_that_met_somebody(coordinator: Actor) -> None:
    campaign = _campaign(CampaignState.FINISHED)

    assert (
        sum(progress.by_day(coordinator, campaign.pk).values())
        >= progress.of_campaign(coordinator, campaign.pk).visited
    )


def test_the_list_of_campaigns_asks_the_database_a_fixed_number_of_times(coordinator: Actor) -> None:
    asked: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))

    progress.campaigns(coordinator)

    assert (
        len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) == 4
    )  # what is noted and the session first


def test_the_list_of_campaigns_says_what_the_page_of_each_counts_from_the_rows(coordinator: Actor, eight: int) -> None:
    found = {campaign.pk: made for campaign, made in progress.campaigns(coordinator)}

    assert found[eight][Standing.OVERDUE] == 1
    for campaign_id, made in found.items():
        assert dict(made.counts) == dict(progress.of_campaign(coordinator, campaign_id).counts)


def test_managers_see_progress_and_officers_do_not(coordinator: Actor) -> None:
    campaign = _campaign(CampaignState.RUNNING)

    assert progress.of_campaign(acting("manager"), campaign.pk) == progress.of_campaign(coordinator, campaign.pk)
    with pytest.raises(NotAllowedError):
        progress.campaigns(acting("officer"))


def test_teams_have_names(coordinator: Actor) -> None:
    with transaction(actor=SYSTEM) as session:
        names = {team.name for team in session.exec(select(Team))}

    lines = progress.by_team(coordinator, _campaign(CampaignState.RUNNING).pk)

    assert {line.name for line in lines if line.name} <= names
