"""Who may do what with which rows: the whole matrix, asked of a real database with one's own rows and others'."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest

from core import clock, db
from core.db import transaction
from core.errors import NotAllowedError, NotFoundError
from core.settings import settings
from models.account import Account, Department, Role, SignInSession
from models.area import Tier
from models.base import Row
from models.campaign import Campaign
from models.channel import Channel, ChannelKind
from models.commitment import Commitment
from models.enterprise import Contact, Enterprise
from models.importing import ImportRun
from models.issue import Issue, IssueKind
from models.reminder import Occasion, Reminder, Subject
from models.team import Leave, Team, TeamMember
from models.visit import Promise, Visit
from services import access
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.permissions import MATRIX, MEANINGS, Action, Scope, allows, require
from services.permissions_page import page
from services.use_case import use_case
from tests import factories as given
from tests.servers import ROOT, Database

pytestmark = pytest.mark.usefixtures("same_database")

ROWS: dict[type[Row], tuple[Action, ...]] = {
    Account: (Action.ACCOUNT_OWN, Action.ACCOUNT_MANAGE),
    SignInSession: (Action.ACCOUNT_OWN, Action.ACCOUNT_MANAGE),
    Campaign: (Action.CAMPAIGN_VIEW, Action.CAMPAIGN_EDIT),
    Channel: (Action.CHANNEL_OWN,),
    Commitment: (Action.COMMITMENT_VIEW, Action.COMMITMENT_EDIT, Action.COMMITMENT_EXPORT),
    Contact: (Action.ENTERPRISE_VIEW, Action.ENTERPRISE_EDIT, Action.PHONE_VIEW, Action.PHONE_REVEAL),
    Enterprise: (
        Action.ENTERPRISE_VIEW, Action.ENTERPRISE_EDIT, Action.ENTERPRISE_IMPORT, Action.ENTERPRISE_EXPORT,
    ),
    ImportRun: (Action.IMPORT,),
    Issue: (Action.ISSUE_VIEW,),
    Leave: (Action.LEAVE_EDIT,),
    Promise: (Action.VISIT_VIEW,),
    Reminder: (Action.INBOX,),
    Team: (Action.TEAM_VIEW, Action.TEAM_EDIT),
    TeamMember: (Action.TEAM_VIEW, Action.TEAM_EDIT),
    Visit: (
        Action.VISIT_VIEW, Action.VISIT_ASSIGN, Action.VISIT_RECORD, Action.VISIT_RETURN, Action.VISIT_EXPORT,
    ),
}  # fmt: skip
"""Each table with rules of its own, and every action asked of its rows."""
CASES = [(role, action, model) for role in Role for model, actions in ROWS.items() for action in actions]


@dataclass(frozen=True)
class Side:
    """One half of the zone: its people and its rows."""

    people: dict[Role, Actor]
    rows: dict[type[Row], Callable[[Role], int]]


@pytest.fixture(scope="module")
def halves(shared_database: Database) -> dict[str, Side]:
    """Two halves of the zone, alike in everything; what belongs to people of one is foreign to those of the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QIANQI_DATABASE_URL", shared_database.url)
        settings.cache_clear()
        db.reset()
        campaign = given.stored(Campaign(name="千企", starts_on=date(2023, 9, 1), ends_on=date(2023, 12, 31)))
        halves = {name: _half(campaign, name) for name in ("own", "other")}
        db.reset()
    return halves


def _half(campaign: Campaign, name: str) -> Side:
    department = given.stored(Department(name=f"Department {name}"))
    street = given.area(Tier.STREET, given.area(Tier.ZONE))
    grid = given.area(Tier.GRID, given.area(Tier.VILLAGE, street))
    team = given.team(street)
    accounts = {role: given.account(role, must_change_password=False) for role in Role}
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, accounts[Role.DEPARTMENT_OFFICER].pk).department_id = department.pk
    lead, worker = accounts[Role.TEAM_LEAD], accounts[Role.GRID_WORKER]
    member = given.member(team, worker, grid=grid)
    given.member(team, lead, lead=True)
    enterprise = given.enterprise(grid)
    visits = {role: _visit(campaign, given.enterprise(grid), team, who) for role, who in accounts.items()}
    issue = given.stored(
        Issue(number=name, kind=IssueKind.SUGGESTION, text="…", enterprise_id=enterprise.pk, area_id=grid.pk,
              registered_by_id=worker.pk, first_receiver_id=worker.pk, department_id=department.pk)
    )  # fmt: skip
    promise = given.stored(
        Promise(enterprise_id=enterprise.pk, visit_id=visits[Role.GRID_WORKER].pk, promised_by_id=worker.pk,
                text="…", due_on=date(2023, 12, 8))
    )  # fmt: skip
    day = date(2023, 12, 7)
    commitment = given.stored(
        Commitment(enterprise_id=enterprise.pk, matter="…", text="…", department_id=department.pk,
                   approved_on=date(2023, 11, 8), due_on=date(2023, 12, 8))
    )  # fmt: skip
    leave = given.stored(Leave(account_id=worker.pk, starts_on=day, ends_on=day))
    contact = given.stored(Contact(enterprise_id=enterprise.pk, name="刘洋"))
    runs = {
        role: given.stored(ImportRun(entity="enterprise", file_name="x", sha256="0" * 64, started_by_id=who.pk))
        for role, who in accounts.items()
    }
    sessions = {role: _signed_in(who) for role, who in accounts.items()}
    same: dict[type[Row], Row] = {
        Campaign: campaign, Commitment: commitment, Contact: contact, Enterprise: enterprise, Issue: issue,
        Leave: leave, Promise: promise,
        Team: team, TeamMember: member,
    }  # fmt: skip
    rows = {model: _always(row.pk) for model, row in same.items()}
    rows[Account] = lambda role: accounts[role].pk
    rows[SignInSession] = lambda role: sessions[role]
    rows[ImportRun] = lambda role: runs[role].pk
    channels = {
        role: given.stored(Channel(name="…", kind=ChannelKind.WEBHOOK, account_id=who.pk)).pk
        for role, who in accounts.items()
    }
    reminders = {role: _reminder(who) for role, who in accounts.items()}
    rows[Channel] = lambda role: channels[role]
    rows[Reminder] = lambda role: reminders[role]
    rows[Visit] = lambda role: visits[role].pk
    return Side({role: _acting(who.pk) for role, who in accounts.items()}, rows)


def _always(row_id: int) -> Callable[[Role], int]:
    return lambda _role: row_id


def _acting(account_id: int) -> Actor:
    with transaction(actor=SYSTEM) as session:
        return actor_of(session, session.get_one(Account, account_id), session_id=None, ip="")


def _signed_in(account: Account) -> int:
    now = clock.now()
    return given.stored(
        SignInSession(account_id=account.pk, token_hash=f"{account.pk}", expires_at=now, last_seen_at=now)
    ).pk


def _reminder(account: Account) -> int:
    now = clock.now()
    return given.stored(
        Reminder(subject=Subject.NOTICE, subject_id=1, occasion=Occasion.NOTICE, due_version=1, moment=now, due_at=now,
                 recipient_id=account.pk, recipient_key=f"a{account.pk}")
    ).pk  # fmt: skip


def _visit(campaign: Campaign, enterprise: Enterprise, team: Team, who: Account) -> Visit:
    return given.stored(
        Visit(campaign_id=campaign.pk, enterprise_id=enterprise.pk, area_id=enterprise.area_id, team_id=team.pk,
              assignee_id=who.pk, assigned_by_id=who.pk, planned_on=date(2023, 12, 6))
    )  # fmt: skip


@pytest.mark.parametrize(("role", "action", "model"), CASES)
def test_a_role_reaches_its_own_rows_and_others_as_far_as_the_matrix_says(
    halves: dict[str, Side], role: Role, action: Action, model: type[Row]
) -> None:
    actor = halves["own"].people[role]
    far = MATRIX[action].get(role, Scope.NONE)
    expected = {"own": far > Scope.NONE, "other": far is Scope.ZONE}
    if model is Campaign and far > Scope.NONE:
        expected["other"] = True  # the two halves share the campaign

    for half, reached in expected.items():
        row_id = halves[half].rows[model](role)
        assert _sees(actor, action, model, row_id) is reached, f"{half} row"
        assert _loads(actor, action, model, row_id) is reached, f"{half} row"
        with transaction() as session:
            assert access.reaches(session, actor, action, model, row_id) is reached, f"{half} row"


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_a_use_case_opens_for_whom_the_matrix_names_and_nobody_else(
    halves: dict[str, Side], role: Role, action: Action
) -> None:
    actor = halves["own"].people[role]

    if MATRIX[action].get(role, Scope.NONE) is Scope.NONE:
        with pytest.raises(NotAllowedError), use_case(actor, action):
            pass
    else:
        with use_case(actor, action):
            pass


@pytest.mark.parametrize("action", list(Action))
def test_a_first_password_must_be_changed_before_anything_else(action: Action) -> None:
    new = Actor(account_id=1, name="新人", role=Role.ADMINISTRATOR, must_change_password=True)

    assert allows(new, action) is (action is Action.ACCOUNT_BASICS)
    if action is not Action.ACCOUNT_BASICS:
        with pytest.raises(NotAllowedError, match="初始密码"):
            require(new, action)


def test_the_system_may_do_everything_and_nobody_without_a_role_anything() -> None:
    assert all(allows(SYSTEM, action) for action in Action)
    assert not any(allows(Actor(account_id=1, name="x", role=None), action) for action in Action)


def test_every_action_is_in_the_matrix_and_explained() -> None:
    assert set(MATRIX) == set(Action) == set(MEANINGS)


def test_every_table_with_rules_is_tested_here() -> None:
    assert access.ruled_tables() <= set(ROWS)


def test_the_page_of_the_documentation_shows_this_matrix() -> None:
    written = (ROOT / "docs" / "permissions.md").read_text("utf-8")

    assert written == page(), "run: python -m services.permissions_page > docs/permissions.md"


def _sees(actor: Actor, action: Action, model: type[Row], row_id: int) -> bool:
    with transaction(actor=actor) as session:
        return row_id in {row.pk for row in session.exec(access.visible(actor, action, model)).all()}


def _loads(actor: Actor, action: Action, model: type[Row], row_id: int) -> bool:
    with transaction(actor=actor) as session:
        try:
            return access.load(session, actor, action, model, row_id).pk == row_id
        except NotFoundError:
            return False
