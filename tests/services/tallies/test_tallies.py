"""Figures are the count of the rows they open, whatever happened to these rows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core import clock
from core.db import engine, transaction
from core.errors import NotAllowedError, NotFoundError
from models.account import Role
from models.area import Area, Tier
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise
from models.issue import Card, Issue, IssueKind, IssueState
from models.reminder import Reminder, ReminderState, Subject
from models.tally import NOBODY, IssueTally, TallyDue
from models.visit import Outcome, Visit, VisitMode, VisitState
from services import areas, entities, issues
from services.actor import SYSTEM
from services.campaigns import progress
from services.campaigns.standing import Standing
from services.issues import ledger
from services.issues.ledger_filters import QuickView
from services.reminders import effects
from services.tallies import checking, keeping, measures, reading
from services.tallies.measures import Measure, Rate
from services.tallies.scope import Asked
from tests import factories as given
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.people import acting


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:  # noqa: ARG001 - both must outlive it
    return issue_world.build()


def _rows(actor_name: str, **filters: object) -> int:
    query = ledger.Query(filters=filters, view=QuickView.ALL)
    return ledger.count(acting(actor_name), query).number


def _campaign() -> Campaign:
    first, last = date(2023, 12, 1), date(2023, 12, 31)
    return given.stored(Campaign(name="大走访", starts_on=first, ends_on=last, state=CampaignState.RUNNING))


def _aim(campaign: Campaign, enterprise: Enterprise) -> None:
    with transaction(actor=SYSTEM) as session:
        session.add(CampaignTarget(campaign_id=campaign.pk, enterprise_id=enterprise.pk))


def test_the_columns_of_the_table_are_the_measures() -> None:
    columns = list(IssueTally.model_fields)

    assert columns[columns.index("registered") :] == [each.value for each in Measure]
    assert set(measures.CONDITIONS) == set(Measure)


@pytest.mark.usefixtures("demo_database")
def test_each_figure_of_the_demonstration_opens_as_many_rows() -> None:
    found = reading.issues(acting("manager"), Asked())

    assert {each: found[each] for each in Measure} == {each: _rows("manager", measure=[each.value]) for each in Measure}


@pytest.mark.usefixtures("demo_database")
def test_figures_by_state_month_category_department_campaign_and_area_open_as_many_rows() -> None:
    manager, november = acting("manager"), date(2023, 11, 1)
    asked = Asked(since=november, until=november)
    days = (november, date(2023, 11, 30))

    states = reading.issues(manager, asked).states
    categories = reading.issues_by_category(manager, asked)
    departments = reading.issues_by_department(manager, asked)
    with Session(engine()) as session:
        streets = [each.pk for each in session.exec(select(Area).where(Area.tier == Tier.STREET))]
        campaigns = [each.pk for each in session.exec(select(Campaign))]
    by_area = reading.issues_by_area(manager, asked, streets)

    assert states == {each: _rows("manager", created_at=days, state=[each]) for each in states}
    assert {key: each[Measure.REGISTERED] for key, each in categories.items()} == {
        key: _rows("manager", created_at=days, category=[key]) for key in categories
    }
    assert {key: each[Measure.REGISTERED] for key, each in departments.items() if key != NOBODY} == {
        key: _rows("manager", created_at=days, department_id=[key]) for key in departments if key != NOBODY
    }
    assert {key: each[Measure.REGISTERED] for key, each in by_area.items()} == {
        key: count for key in streets if (count := _rows("manager", created_at=days, area_id=[key]))
    }
    for each in campaigns:
        found = reading.issues(manager, Asked(campaign_id=each))
        assert found[Measure.REGISTERED] == _rows("manager", campaign=[each])


@pytest.mark.usefixtures("demo_database")
def test_the_finished_campaign_has_the_figures_of_the_article() -> None:
    with Session(engine()) as session:
        campaign = session.exec(select(Campaign).where(Campaign.state == CampaignState.FINISHED)).one()

    found = reading.issues(acting("manager"), Asked(campaign_id=campaign.pk))

    assert (found.kinds[IssueKind.SUGGESTION], found.kinds[IssueKind.DIFFICULT_ISSUE]) == (34, 106)
    assert found[Measure.ON_SITE] >= 72
    assert reading.coverage(acting("manager"), campaign.pk).progress.visited == 660


@pytest.mark.usefixtures("demo_database")
def test_coverage_says_what_the_campaign_page_counts_from_the_rows() -> None:
    manager = acting("manager")

    for campaign, _made in progress.campaigns(manager):
        counted = progress.of_campaign(manager, campaign.pk)
        found = reading.coverage(manager, campaign.pk)
        assert dict(found.progress.counts) == dict(counted.counts)
        assert sum(found.met.values()) == counted.visited
        by_team = reading.coverage_by_team(manager, campaign.pk)
        assert sum(each.progress.visited for each in by_team.values()) == counted.visited


@pytest.mark.usefixtures("demo_database")
def test_a_lead_gets_the_figures_of_their_area_and_of_no_other() -> None:
    lead = acting("lead")
    with Session(engine()) as session:
        elsewhere = session.exec(
            select(Area).where(Area.tier == Tier.STREET, ~Area.path.startswith(lead.area_paths[0]))  # type: ignore[attr-defined]
        ).first()
    assert elsewhere is not None

    own = reading.issues(lead, Asked())

    assert 0 < own[Measure.REGISTERED] < reading.issues(acting("manager"), Asked())[Measure.REGISTERED]
    with pytest.raises(NotFoundError):
        reading.issues(lead, Asked(area_id=elsewhere.pk))
    assert reading.issues_by_area(lead, Asked(), [elsewhere.pk]) == {}
    with pytest.raises(NotAllowedError):
        reading.issues(acting("worker"), Asked())


def test_a_step_changes_the_figures_of_the_next_look(world: IssueWorld) -> None:
    manager = world.actor("manager")
    issue_id = world.issue(IssueState.DISPATCHED)
    before = reading.issues(manager, Asked())

    world.step(issue_id, "acknowledge")
    after = reading.issues(manager, Asked())

    assert before.rate(Rate.RESPONSE) == reading.Share(0, 1)
    assert after.rate(Rate.RESPONSE) == reading.Share(1, 1)
    assert after.states == {IssueState.HANDLING: 1}
    assert checking.check() == checking.Check(4, 0)  # the zone, street, village and grid


@pytest.mark.parametrize(("state", "step", "asked"), [
    (IssueState.CLOSED, "reopen", (0, 0, 0, 0)),
    (IssueState.CALL_BACK, "not_satisfied", (1, 1, 1, 0)),
])  # fmt: skip
def test_what_an_enterprise_confirmed_counts_no_longer_when_it_is_reopened_and_a_no_counts_on(
    world: IssueWorld, state: IssueState, step: str, asked: tuple[int, ...]
) -> None:
    manager = world.actor("manager")
    issue_id = world.issue(state)
    reading.issues(manager, Asked())

    world.step(issue_id, step)
    counted = reading.issues(manager, Asked())

    told = (Measure.CALLED_BACK, Measure.SOLVED, Measure.RATED, Measure.SATISFIED)
    assert tuple(counted[each] for each in told) == asked
    assert checking.check().wrong == 0


def test_what_is_rolled_back_changes_no_figure(world: IssueWorld) -> None:
    manager = world.actor("manager")
    issue_id = world.issue(IssueState.DISPATCHED)
    keeping.catch_up()

    with Session(engine()) as session:
        session.get_one(Issue, issue_id).state = IssueState.DECLINED
        session.flush()
        session.rollback()

    assert reading.issues(manager, Asked()).states == {IssueState.DISPATCHED: 1}


def test_an_issue_is_late_when_its_department_took_too_long(world: IssueWorld) -> None:
    punctual, slow = world.issue(IssueState.HANDLING), world.issue(IssueState.HANDLING)
    world.step(punctual, "resolve")

    with clock.fixed(clock.now() + timedelta(days=60)):
        world.step(slow, "resolve")
        found = reading.issues(world.actor("manager"), Asked())

    assert (world.row(punctual).late, world.row(slow).late) == (False, True)
    assert found.rate(Rate.ON_TIME) == reading.Share(1, 2)
    assert found[Measure.LATE] == 1


def test_a_department_is_not_late_by_what_another_took(world: IssueWorld) -> None:
    """Given X that never answers, when Y resolves it at once, then Y was on time; given back to X, X was late."""
    coordinator, issue_id = world.actor("coordinator"), world.issue(IssueState.DISPATCHED)
    x, y = (world.departments[name].pk for name in "XY")

    with clock.fixed(clock.now() + timedelta(days=10)):
        issues.redispatch(coordinator, issue_id, y, instruction="X 局未签收，改由 Y 局办理")
        issues.acknowledge(world.actor("officer_y"), issue_id)
        issues.resolve(world.actor("officer_y"), issue_id, "当日办结")
        found = reading.issues_by_department(world.actor("manager"), Asked())
        assert found[y].rate(Rate.ON_TIME) == reading.Share(1, 1)
        assert (list(found), found[y][Measure.LATE]) == ([y], 0)

        issues.fail_review(coordinator, issue_id, "请附现场照片")
        issues.redispatch(coordinator, issue_id, x, instruction="经研究由 X 局办理")
        issues.acknowledge(world.actor("officer_x"), issue_id)
        issues.resolve(world.actor("officer_x"), issue_id, "已办结")
        found = reading.issues_by_department(world.actor("manager"), Asked())

    assert found[x].rate(Rate.ON_TIME) == reading.Share(0, 1)
    assert found[x][Measure.LATE] == 1


def test_a_card_counts_for_the_department_it_was_shown_to(world: IssueWorld) -> None:
    """Given cards for X's delay, for the coordinator's review and for X before Y leads it, then one counts, for X."""
    coordinator = world.actor("coordinator")
    states = (IssueState.HANDLING, IssueState.RESOLVED, IssueState.HANDLING)
    own, reviewed, given_on = (world.issue(state) for state in states)
    for issue_id in (own, reviewed, given_on):
        issues.yellow_card(coordinator, issue_id, "超期")
    y = world.departments["Y"].pk
    issues.redispatch(coordinator, given_on, y, instruction="改由 Y 局办理")

    found = reading.issues_by_department(world.actor("manager"), Asked())

    assert (found[world.departments["X"].pk][Measure.YELLOW], found[y][Measure.YELLOW]) == (1, 0)
    asked = ledger.Query(filters={"measure": [Measure.YELLOW.value]}, view=QuickView.ALL)
    assert ledger.count(coordinator, asked).number == 1
    assert ledger.count(coordinator, ledger.Query(view=QuickView.CARDS)).number == 3


def test_a_card_by_rule_for_a_review_that_runs_over_counts_against_no_department(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.RESOLVED)
    with transaction(actor=SYSTEM) as session:
        of_issue = (Reminder.subject == Subject.ISSUE, Reminder.subject_id == issue_id)
        rules = select(Reminder).where(*of_issue, col(Reminder.relation).is_(None)).order_by(col(Reminder.moment))
        shown = session.exec(rules.limit(1)).one()
        shown.state = ReminderState.CLAIMED

    with clock.fixed(shown.moment):
        effects.carry_out(shown.pk)
        found = reading.issues(world.actor("manager"), Asked())

    assert world.row(issue_id).card is Card.YELLOW
    assert found[Measure.YELLOW] == 0


def test_a_moved_area_takes_its_figures_along(world: IssueWorld) -> None:
    world.issue(IssueState.DISPATCHED)
    manager, coordinator = world.actor("manager"), world.actor("coordinator")
    with Session(engine()) as session:
        by_name = {each.name: each for each in session.exec(select(Area))}
    street_b = by_name["B 街道"].pk
    assert reading.issues(manager, Asked(area_id=street_b)) == reading.Counts()

    values = entities.fetch(world.actor("admin"), areas.AREAS, by_name["A 社区"].pk)
    entities.save(world.actor("admin"), areas.AREAS, {**values, "parent_id": street_b}, row_id=by_name["A 社区"].pk)
    keeping.run({})  # a moved area is the worker's to count

    assert reading.issues(manager, Asked(area_id=street_b))[Measure.REGISTERED] == 1
    assert checking.check().wrong == 0
    assert coordinator.role is Role.COORDINATOR


def test_coverage_follows_targets_visits_and_a_move_of_the_enterprise(world: IssueWorld) -> None:
    manager, enterprise = world.actor("manager"), world.enterprises["A"]
    campaign = _campaign()
    _aim(campaign, enterprise)
    untouched = reading.coverage(manager, campaign.pk).progress
    team_id = given.team(given.area(Tier.VILLAGE), "另一支服务队").pk
    visit = given.stored(
        Visit(
            campaign_id=campaign.pk, enterprise_id=enterprise.pk, area_id=enterprise.area_id, team_id=team_id,
            assignee_id=world.people["worker_a"].pk, assigned_by_id=world.people["lead_a"].pk,
            planned_on=clock.today() - timedelta(days=1),
        )
    )  # fmt: skip
    overdue = reading.coverage(manager, campaign.pk).progress

    with transaction(actor=SYSTEM) as session:
        row = session.get_one(Visit, visit.pk)
        row.state, row.outcome, row.mode, row.recorded_at = (
            VisitState.RECORDED,
            Outcome.MET,
            VisitMode.PHONE,
            clock.now(),
        )
        row.recorded_by_id = row.assignee_id
        session.get_one(Enterprise, enterprise.pk).area_id = world.enterprises["B"].area_id
    met = reading.coverage_by_grid(manager, campaign.pk)

    assert untouched.counts == {Standing.UNASSIGNED: 1}
    assert overdue.counts == {Standing.OVERDUE: 1}
    assert {area: each.met for area, each in met.items()} == {world.enterprises["B"].area_id: {clock.today(): 1}}
    assert reading.visits(manager, Asked())[date(2023, 12, 1)].modes == {VisitMode.PHONE: 1}
    assert checking.check().wrong == 0


def test_the_nightly_check_finds_and_heals_a_wrong_figure(world: IssueWorld) -> None:
    world.issue(IssueState.DISPATCHED)
    keeping.catch_up()
    with transaction(actor=SYSTEM) as session:
        session.execute(
            sql("UPDATE issue_tally SET registered = registered + 7 WHERE area_id = (SELECT min(id) FROM area)")
        )

    assert checking.check().wrong == 1
    assert checking.check().wrong == 0
    assert reading.issues(world.actor("manager"), Asked())[Measure.REGISTERED] == 1


def test_many_changes_are_left_to_the_worker(world: IssueWorld) -> None:
    with transaction(actor=SYSTEM) as session:
        session.add_all(TallyDue(kind="campaign", campaign_id=1, area_id=number) for number in range(600))

    keeping.catch_up()
    with Session(engine()) as session:
        left = len(session.exec(select(TallyDue.id)).all())
    planned = (keeping.plan(), keeping.plan())
    keeping.run({})

    assert left >= 600
    assert planned == (True, False)
    assert keeping.plan() is False
    assert world.people


def test_a_lead_who_leads_no_team_sees_no_figures_of_others(world: IssueWorld) -> None:
    world.issue(IssueState.DISPATCHED)
    campaign = _campaign()
    _aim(campaign, world.enterprises["A"])
    newcomer = given.acting(given.account(Role.TEAM_LEAD, "newcomer"))

    assert reading.issues(newcomer, Asked()) == reading.Counts()
    assert reading.coverage(newcomer, campaign.pk).progress.targets == 0
    assert reading.visits(newcomer, Asked()) == {}
    assert reading.coverage(world.actor("manager"), campaign.pk).progress.targets == 1


def test_a_moved_area_is_left_to_the_worker(world: IssueWorld) -> None:
    world.issue(IssueState.DISPATCHED)
    keeping.run({})
    with transaction(actor=SYSTEM) as session:
        session.add(TallyDue(kind=keeping.EVERYTHING))

    keeping.catch_up()

    with Session(engine()) as session:
        assert [each.kind for each in session.exec(select(TallyDue))] == [keeping.EVERYTHING]


def test_the_check_leaves_out_what_has_changed_since_it_settled(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.DISPATCHED)
    keeping.run({})
    world.step(issue_id, "acknowledge")

    with Session(engine()) as session:
        assert checking.compare(session).wrong == 0
