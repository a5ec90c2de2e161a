"""What waits for each role of the demonstration."""

from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from core import clock
from core.db import transaction
from core.errors import NotAllowedError
from core.settings import settings
from models.account import Account, Role, SignInSession
from models.campaign import Campaign, CampaignState
from models.visit import OPEN_VISIT_STATES, Visit
from pages.home.tasks import tasks
from services import assignment, overview
from services.actor import SYSTEM
from services.assignment import Among
from services.visits import today
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")


def test_a_coordinator_sees_the_whole_zone() -> None:
    shown = overview.of(acting("coordinator"))

    assert shown.rounds[0].progress.targets == 320
    assert (shown.waiting.unassigned or 0) > 50
    assert (shown.waiting.overdue or 0) > 10
    assert (shown.waiting.overdue_promises or 0) >= 5
    assert shown.waiting.imports == 0


def test_a_lead_sees_their_area_and_the_same_number_the_board_shows() -> None:
    lead = acting("lead")

    shown = overview.of(lead)

    assert shown.waiting.unassigned == assignment.board(lead).total
    assert 50 < shown.rounds[0].progress.targets < 62
    assert (shown.waiting.overdue or 0) < (overview.of(acting("coordinator")).waiting.overdue or 0)
    assert {member.team for member in overview.team(lead)} == {"华侨城社区政务服务队"}
    assert len(overview.team(lead)) == 10


@pytest.mark.parametrize("gone", [{"active": False}, {"role": Role.MANAGER}])
def test_visits_of_people_who_left_wait_for_whoever_gives_them_to_others(gone: dict[str, object]) -> None:
    """Given a worker with open visits, who leaves or changes roles, then lead and coordinator have them to give."""
    worker, lead, coordinator = acting("worker"), acting("lead"), acting("coordinator")
    running = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING)
    theirs = select(func.count()).select_from(Visit).where(
        Visit.assignee_id == worker.account_id, col(Visit.state).in_(OPEN_VISIT_STATES),
        col(Visit.campaign_id).in_(running),
    )  # fmt: skip
    assert overview.of(coordinator).waiting.orphaned is None

    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, worker.pk).sqlmodel_update(gone)
        count = session.exec(theirs).one()

    assert overview.of(coordinator).waiting.orphaned == overview.of(lead).waiting.orphaned == count > 0
    assert any(tile.name == "离岗人员的走访" for tile in tasks(overview.of(lead).waiting))


def test_visits_of_people_who_left_open_in_the_campaign_that_has_them() -> None:
    """Given a second running campaign that ends later, when it alone has such visits, then the tile opens it."""
    worker, lead = acting("worker"), acting("lead")
    with transaction(actor=SYSTEM) as session:
        first = session.exec(select(Campaign).where(Campaign.state == CampaignState.RUNNING)).one()
        values = first.model_dump(exclude={"id", "created_at", "updated_at"})
        second = Campaign(**{**values, "name": "第二轮走访", "ends_on": first.ends_on + timedelta(days=30)})
        session.add(second)
        session.flush()
        theirs = select(Visit).where(
            Visit.assignee_id == worker.account_id, Visit.campaign_id == first.id,
            col(Visit.state).in_(OPEN_VISIT_STATES),
        )  # fmt: skip
        visits = session.exec(theirs).all()
        for visit in visits:
            visit.campaign_id = second.pk
        session.get_one(Account, worker.pk).active = False
        second_id = second.pk

    tile = next(each for each in tasks(overview.of(lead).waiting) if each.name == "离岗人员的走访")
    assert tile.query == {"campaign": second_id, "_view": "assigned", "standing": "left"}
    found = assignment.open_visits(lead, second_id, among=Among.LEFT)
    assert {each.visit_id for each in found.visits} == {each.pk for each in visits} != set()


def test_a_worker_sees_their_own_visits() -> None:
    worker = acting("worker")

    waiting = overview.of(worker).waiting

    assert waiting.overdue == len(today.day(worker).overdue) >= 2
    assert (waiting.returned or 0) >= 1
    assert waiting.unassigned is None
    assert waiting.recorded_lately is None
    with pytest.raises(NotAllowedError):
        overview.team(worker)


def test_an_officer_has_nothing_to_do_with_visits() -> None:
    shown = overview.of(acting("officer"))

    assert shown.rounds == []
    assert shown.waiting.overdue is None


def test_a_manager_sees_but_assigns_nothing() -> None:
    shown = overview.of(acting("manager"))

    assert shown.rounds[0].progress.targets == 320
    assert shown.waiting.unassigned is None


def test_an_administrator_sees_the_product_and_no_business() -> None:
    admin = acting("admin")

    system = overview.system(admin)

    with transaction(actor=SYSTEM) as session:
        accounts = session.exec(select(func.count()).select_from(Account)).one()
    assert system.accounts == accounts
    assert system.signed_in == 1
    with pytest.raises(NotAllowedError):
        overview.system(acting("coordinator"))


def test_who_has_been_away_for_too_long_is_not_signed_in() -> None:
    admin = acting("admin")
    acting("coordinator")
    assert overview.system(admin).signed_in == 2
    with transaction(actor=SYSTEM) as session:
        sign_in = session.exec(select(SignInSession).order_by(col(SignInSession.id).desc())).first()
        assert sign_in is not None
        sign_in.last_seen_at = clock.now() - timedelta(minutes=settings().session_idle_minutes)

    assert overview.system(admin).signed_in == 1
