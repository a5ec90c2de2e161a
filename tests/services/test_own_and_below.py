"""Scopes at their edges: what is one's own is reached outside of one's area too, and a street reaches its villages."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.account import Account, Department, Role
from models.area import Area, Tier
from models.base import Row
from models.campaign import Campaign, CampaignState
from models.commitment import Commitment
from models.enterprise import Enterprise
from models.issue import Issue, IssueKind, IssueSource
from models.issue_log import IssueTask, TaskState
from models.team import Leave, Team, TeamMember
from models.visit import Promise, Visit, VisitState
from services import access
from services.accounts import ACCOUNTS
from services.actor import Actor
from services.entities import save
from services.permissions import Action
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2023, 12, 8)
_NUMBERS = count(1)


@dataclass
class Zone:
    """Two streets, each with a village: a lead of the first street, and the second, which is not theirs."""

    lead: Account
    ours: Team
    below: Team
    theirs: Team
    village: Area
    foreign: Enterprise
    other: Account
    grid: Area
    approver: Department
    campaign: Campaign

    def visit(self, who: Account, **more: Any) -> Visit:
        """Store a visit of another foreign enterprise."""
        foreign = given.enterprise(self.grid)
        return given.stored(
            Visit(campaign_id=self.campaign.pk, enterprise_id=foreign.pk, area_id=foreign.area_id,
                  team_id=self.theirs.pk, assignee_id=who.pk, assigned_by_id=who.pk, planned_on=DAY, **more)
        )  # fmt: skip

    def issue(self, **more: Any) -> Issue:
        """Store an issue of the foreign enterprise, which nobody but the other lead has to do with unless told."""
        usual: dict[str, Any] = {
            "registered_by_id": self.other.pk, "first_receiver_id": self.other.pk, "enterprise_id": self.foreign.pk
        }  # fmt: skip
        return given.stored(
            Issue(number=f"Q{next(_NUMBERS)}", kind=IssueKind.DIFFICULT_ISSUE, text="…", category="other",
                  source=IssueSource.PAGE, area_id=self.grid.pk, **usual | more)
        )  # fmt: skip

    def commitment(self, **more: Any) -> Commitment:
        """Store a commitment of the foreign enterprise."""
        usual: dict[str, Any] = {"enterprise_id": self.foreign.pk, "department_id": self.approver.pk}
        return given.stored(
            Commitment(matter="…", text="…", approved_on=date(2023, 11, 8), due_on=DAY, **usual | more)
        )  # fmt: skip


@pytest.fixture
def zone() -> Zone:
    root = given.area(Tier.ZONE)
    mine, yours = given.area(Tier.STREET, root), given.area(Tier.STREET, root)
    village, elsewhere = given.area(Tier.VILLAGE, mine), given.area(Tier.VILLAGE, yours)
    lead, other = given.account(Role.TEAM_LEAD), given.account(Role.TEAM_LEAD)
    grid = given.area(Tier.GRID, elsewhere)
    made = Zone(
        lead=lead, other=other, ours=given.team(mine), below=given.team(village), theirs=given.team(elsewhere),
        village=village, grid=grid, foreign=given.enterprise(grid),
        approver=given.stored(Department(name="Approver")),
        campaign=given.stored(Campaign(name="千企", starts_on=date(2023, 9, 1), ends_on=date(2023, 12, 31))),
    )  # fmt: skip
    given.member(made.ours, lead, lead=True)
    given.member(made.theirs, other, lead=True)
    return made


def _reaches(person: Account | Actor, action: Action, row: Row) -> bool:
    actor = person if isinstance(person, Actor) else given.acting(person)
    with transaction(actor=actor) as session:
        model = type(row)
        seen = row.pk in {each.pk for each in session.exec(access.visible(actor, action, model)).all()}
        assert access.reaches(session, actor, action, model, row.pk) is seen
    return seen


def test_a_lead_sees_a_visit_that_is_theirs_wherever_it_is(zone: Zone) -> None:
    assert _reaches(zone.lead, Action.VISIT_VIEW, zone.visit(zone.lead))
    assert not _reaches(zone.lead, Action.VISIT_VIEW, zone.visit(zone.other))


def test_a_lead_sees_all_visits_of_their_area_and_a_worker_of_that_area_their_own(zone: Zone) -> None:
    worker = given.account(Role.GRID_WORKER)
    given.member(zone.theirs, worker)
    own, others = zone.visit(worker), zone.visit(zone.lead)

    assert _reaches(zone.other, Action.VISIT_VIEW, others)
    assert _reaches(worker, Action.VISIT_VIEW, own)
    assert not _reaches(worker, Action.VISIT_VIEW, others)


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (VisitState.PLANNED, True),
        (VisitState.RETURNED, True),
        (VisitState.RECORDED, False),
        (VisitState.TAKEN_BACK, False),
    ],
)
def test_who_is_to_visit_an_enterprise_sees_it_wherever_it_is_until_that_is_done(
    zone: Zone, state: VisitState, seen: bool
) -> None:
    worker = given.account(Role.GRID_WORKER)
    visit = zone.visit(worker, state=state, recorded_at=clock.now())
    visited = given.rows(Enterprise, lambda each: each.pk == visit.enterprise_id)[0]

    assert _reaches(worker, Action.ENTERPRISE_VIEW, visited) is seen
    assert not _reaches(zone.lead, Action.ENTERPRISE_VIEW, visited)
    assert not _reaches(worker, Action.ENTERPRISE_VIEW, zone.foreign)


@pytest.mark.parametrize(
    ("state", "seen"), [(CampaignState.RUNNING, True), (CampaignState.PAUSED, True), (CampaignState.FINISHED, False)]
)
def test_who_was_to_visit_an_enterprise_sees_it_no_more_once_the_campaign_is_finished(
    zone: Zone, state: CampaignState, seen: bool
) -> None:
    worker = given.account(Role.GRID_WORKER)
    visit = zone.visit(worker)
    with transaction() as session:
        session.get_one(Campaign, zone.campaign.pk).state = state
    visited = given.rows(Enterprise, lambda each: each.pk == visit.enterprise_id)[0]

    assert _reaches(worker, Action.ENTERPRISE_VIEW, visited) is seen


def test_an_officer_sees_enterprises_of_their_issues_and_commitments_and_no_others(zone: Zone) -> None:
    officer = given.account(Role.DEPARTMENT_OFFICER, department_id=zone.approver.pk)
    asking, promised, neither = (given.enterprise(zone.grid) for _ in range(3))
    zone.issue(enterprise_id=asking.pk, caller_id=officer.pk)
    zone.issue(enterprise_id=neither.pk)
    zone.commitment(enterprise_id=promised.pk)
    zone.commitment(enterprise_id=neither.pk, department_id=None)

    seen = [_reaches(officer, Action.ENTERPRISE_VIEW, each) for each in (asking, promised, neither)]
    assert seen == [True, True, False]


@pytest.mark.parametrize("asked", [{"lock": True}, {}])
def test_a_row_is_held_until_the_end_if_that_is_asked_for(zone: Zone, asked: dict[str, bool]) -> None:
    coordinator, visit = given.actor(Role.COORDINATOR), zone.visit(zone.lead)
    with transaction(actor=coordinator) as session, transaction(actor=coordinator) as other:
        access.load(session, coordinator, Action.VISIT_VIEW, Visit, visit.pk, **asked)
        free = select(Visit.id).where(col(Visit.id) == visit.pk).with_for_update(skip_locked=True)
        assert (other.exec(free).first() is None) is bool(asked)


@pytest.mark.parametrize("part", ["registered_by_id", "first_receiver_id", "caller_id"])
def test_who_had_a_part_in_an_issue_sees_it_wherever_it_is(zone: Zone, part: str) -> None:
    worker, officer = given.account(Role.GRID_WORKER), given.account(Role.DEPARTMENT_OFFICER)
    with_department = given.account(
        Role.DEPARTMENT_OFFICER, department_id=given.stored(Department(name="Department of the officer")).pk
    )
    for who in (zone.lead, worker, officer, with_department):
        assert _reaches(who, Action.ISSUE_VIEW, zone.issue(**{part: who.pk}))
        assert not _reaches(who, Action.ISSUE_VIEW, zone.issue())


@pytest.mark.parametrize(
    ("state", "seen"),
    [(TaskState.OPEN, True), (TaskState.DONE, True), (TaskState.RETURNED, False), (TaskState.CANCELLED, False)],
)
def test_a_department_sees_what_it_assists_in_and_no_more_what_it_returned(
    zone: Zone, state: TaskState, seen: bool
) -> None:
    officer = given.account(Role.DEPARTMENT_OFFICER, department_id=zone.approver.pk)
    issue = zone.issue()
    given.stored(IssueTask(issue_id=issue.pk, department_id=zone.approver.pk, text="…", state=state))

    assert _reaches(officer, Action.ISSUE_VIEW, issue) is seen
    assert not _reaches(officer, Action.ISSUE_VIEW, zone.issue())


def test_an_officer_without_a_department_sees_nothing_that_has_none(zone: Zone) -> None:
    officer = given.account(Role.DEPARTMENT_OFFICER)

    assert not _reaches(officer, Action.COMMITMENT_VIEW, zone.commitment(department_id=None))
    assert not _reaches(officer, Action.ISSUE_VIEW, zone.issue(department_id=None))


def test_an_officer_who_becomes_a_grid_worker_keeps_nothing_of_the_department(zone: Zone) -> None:
    """Given an officer made grid worker whose department is still filled in, then its rows are theirs no more."""
    officer = given.account(Role.DEPARTMENT_OFFICER, department_id=zone.approver.pk)
    led, assisted, commitment = zone.issue(department_id=zone.approver.pk), zone.issue(), zone.commitment()
    given.stored(IssueTask(issue_id=assisted.pk, department_id=zone.approver.pk, text="…"))
    had = [
        (Action.ISSUE_VIEW, led), (Action.ISSUE_COMMENT, led), (Action.ISSUE_ANSWER, led),
        (Action.ISSUE_VIEW, assisted), (Action.COMMITMENT_FULFIL, commitment),
    ]  # fmt: skip
    assert all(_reaches(officer, action, row) for action, row in had)

    save(given.actor(Role.ADMINISTRATOR), ACCOUNTS, {"role": "grid_worker"}, officer.pk)

    worker = given.rows(Account, lambda each: each.pk == officer.pk)[0]
    assert worker.role is Role.GRID_WORKER
    assert not [action for action, row in had if _reaches(worker, action, row)]


def test_a_lead_sees_what_they_promised_wherever_it_was(zone: Zone) -> None:
    visit = zone.visit(zone.other)
    mine, others = (
        given.stored(
            Promise(enterprise_id=zone.foreign.pk, visit_id=visit.pk, promised_by_id=who.pk, text="…", due_on=DAY)
        )
        for who in (zone.lead, zone.other)
    )

    assert _reaches(zone.lead, Action.VISIT_VIEW, mine)
    assert not _reaches(zone.lead, Action.VISIT_VIEW, others)


def test_who_follows_a_commitment_sees_it_wherever_it_is_and_whoever_approved_it(zone: Zone) -> None:
    officer = given.account(Role.DEPARTMENT_OFFICER)
    with_department = given.account(
        Role.DEPARTMENT_OFFICER, department_id=given.stored(Department(name="Department of the officer")).pk
    )
    for who in (zone.lead, officer, with_department):
        assert _reaches(who, Action.COMMITMENT_VIEW, zone.commitment(follower_id=who.pk))
        assert not _reaches(who, Action.COMMITMENT_VIEW, zone.commitment(follower_id=zone.other.pk))


def test_the_lead_of_a_street_sees_the_teams_below_and_none_beside(zone: Zone) -> None:
    assert _reaches(zone.lead, Action.TEAM_VIEW, zone.ours)
    assert _reaches(zone.lead, Action.TEAM_VIEW, zone.below)
    assert not _reaches(zone.lead, Action.TEAM_VIEW, zone.theirs)


def test_the_lead_of_a_street_sees_members_and_leave_below_but_not_of_who_has_left(zone: Zone) -> None:
    present, gone = given.account(Role.GRID_WORKER), given.account(Role.GRID_WORKER)
    member = given.member(zone.below, present)
    given.stored(TeamMember(team_id=zone.below.pk, account_id=gone.pk, joined_on=DAY, left_on=DAY))

    assert _reaches(zone.lead, Action.TEAM_VIEW, member)
    assert not _reaches(zone.other, Action.TEAM_VIEW, member)
    for who, seen in ((present, True), (gone, False), (zone.other, False), (zone.lead, True)):
        leave = given.stored(Leave(account_id=who.pk, starts_on=DAY, ends_on=DAY))
        assert _reaches(zone.lead, Action.LEAVE_EDIT, leave) is seen


def test_a_lead_who_belongs_to_no_team_still_sees_their_own_leave(zone: Zone) -> None:
    alone = given.account(Role.TEAM_LEAD)
    leave = given.stored(Leave(account_id=alone.pk, starts_on=DAY, ends_on=DAY))

    assert _reaches(alone, Action.LEAVE_EDIT, leave)
    assert not _reaches(zone.lead, Action.LEAVE_EDIT, leave)


@pytest.mark.parametrize("row_id", [0, -1, 2**31])
def test_an_id_no_row_can_have_reaches_nothing(row_id: int) -> None:
    coordinator = given.actor(Role.COORDINATOR)
    with transaction(actor=coordinator) as session:
        assert not access.reaches(session, coordinator, Action.VISIT_VIEW, Visit, row_id)


def test_of_a_table_that_has_no_rule_nothing_is_reached_in_part(zone: Zone) -> None:
    assert Department not in access.ruled_tables()
    assert not _reaches(zone.lead, Action.VISIT_ASSIGN, zone.approver)
    assert _reaches(given.actor(Role.COORDINATOR), Action.VISIT_ASSIGN, zone.approver)
