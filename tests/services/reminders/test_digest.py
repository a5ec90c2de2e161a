"""The weekly digest: planned for who subscribes, replanned with the subscription, told with the week's figures."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from core import clock
from core.db import engine
from core.errors import NotAllowedError
from models.account import Account
from models.issue import Issue, IssueState
from models.reminder import Reminder, ReminderState, Subject
from models.visit import Outcome, Visit
from services import accounts
from services.delivery import telling
from services.delivery.choosing import claim_reminders
from services.issues import ledger, ledger_filters
from services.reminders import weeks
from services.reminders.sources import SOURCES
from services.two_way import picture
from services.two_way.figures import Key
from services.two_way.place import Whose
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.people import acting


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> IssueWorld:  # noqa: ARG001 - servers and time
    """A small world on Wednesday, 6 December 2023, 10:00."""
    return issue_world.build()


def _digests(*states: ReminderState) -> list[Reminder]:
    found = select(Reminder).where(Reminder.subject == Subject.DIGEST, col(Reminder.state).in_(states))
    with Session(engine()) as session:
        return list(session.exec(found.order_by(col(Reminder.due_at))))


def test_a_subscription_plans_the_digest_of_monday_and_its_end_cancels_it(world: IssueWorld) -> None:
    manager = world.actor("manager")

    accounts.subscribe(manager, wanted=True)
    accounts.subscribe(manager, wanted=True)
    planned = [
        (each.subject_id, each.due_at.astimezone(clock.zone()), each.recipient_id)
        for each in _digests(ReminderState.PLANNED)
    ]
    accounts.subscribe(manager, wanted=False)

    assert planned == [(202350, datetime(2023, 12, 11, 9, tzinfo=clock.zone()), manager.account_id)]
    assert _digests(ReminderState.PLANNED) == []
    assert accounts.profile(manager).weekly_digest is False


def test_the_digest_tells_of_the_week_before_and_the_next_one_follows(world: IssueWorld) -> None:
    manager = world.actor("manager")
    accounts.subscribe(manager, wanted=True)
    world.issue(IssueState.REGISTERED)

    with clock.fixed(datetime(2023, 12, 12, 14, tzinfo=clock.zone())):  # whatever kept it back until Tuesday
        told = sum(telling.tell(batch) for batch in claim_reminders())
        accounts.subscribe(world.actor("manager"), wanted=False)
        accounts.subscribe(world.actor("manager"), wanted=True)

    found = _digests(ReminderState.DELIVERED)
    assert told >= 1
    assert [each.title for each in found] == ["周报：2023年12月4日 – 2023年12月10日"]
    assert "新提诉求 1 件" in found[0].body
    assert [each.subject_id for each in _digests(ReminderState.PLANNED)] == [202351]


def test_of_what_waits_so_many_are_overdue_in_the_digest_and_in_both_directions(world: IssueWorld) -> None:
    """Given a need that waits and one that is resolved, both late, then one waits and one of these is overdue."""
    world.issue(IssueState.HANDLING)
    world.issue(IssueState.RESOLVED)

    with clock.fixed(clock.now() + timedelta(days=60)):
        manager = world.actor("manager")
        assert ledger.count(manager, ledger.Query(view=ledger_filters.QuickView.OVERDUE)).number == 2
        (this, _next) = weeks.weeks()
        with Session(engine()) as session:
            words = SOURCES[Subject.DIGEST].words(session, [this])[this]
        both = picture.picture(manager, Whose()).figures
        opened = ledger.count(manager, ledger.Query(filters=dict(both[Key.LATE].asked))).number

    assert (words["waiting"], words["overdue"]) == ("1", "1")
    assert (both[Key.WAITING].count, both[Key.LATE].count, opened) == (1, 1, 1)


def test_only_who_sees_the_whole_zone_subscribes(world: IssueWorld) -> None:
    for name in ("lead_a", "worker_a", "officer_x"):
        with pytest.raises(NotAllowedError):
            accounts.subscribe(world.actor(name), wanted=True)


def test_weeks_pass_the_turn_of_the_year() -> None:
    with clock.fixed(datetime(2020, 12, 30, 12, tzinfo=clock.zone())):
        assert weeks.weeks() == [202053, 202101]
    assert weeks.monday(202101).isoformat() == "2021-01-04"
    assert [each.isoformat() for each in weeks.days_before(202101)] == ["2020-12-28", "2021-01-03"]


def test_the_words_are_those_of_the_sample(world: IssueWorld) -> None:
    assert world.people
    with Session(engine()) as session:
        source = SOURCES[Subject.DIGEST]
        assert set(source.words(session, [202349])[202349]) == set(source.sample())


@pytest.mark.usefixtures("demo_database")
def test_the_manager_of_the_demonstration_has_the_digest_of_last_week_with_its_figures() -> None:
    manager = acting("manager")
    (latest,) = [each for each in _digests(*_TOLD) if each.subject_id == weeks.numbered(clock.today())]
    first, last = weeks.days_before(latest.subject_id)
    since, until = (
        datetime(day.year, day.month, day.day, tzinfo=clock.zone()) for day in (first, last + timedelta(days=1))
    )

    with Session(engine()) as session:
        raised = select(Issue).where(col(Issue.created_at) >= since, col(Issue.created_at) < until)
        met = select(Visit).where(Visit.outcome == Outcome.MET, col(Visit.recorded_at) >= since)
        counts = [
            len(session.exec(each).all()) for each in (raised, met.where(col(Visit.recorded_at) < until))
        ]  # fmt: skip
        subscribed = session.exec(select(Account.username).where(Account.weekly_digest)).all()

    assert latest.recipient_id == manager.account_id
    assert f"新提诉求 {counts[0]} 件" in latest.body
    assert f"有效走访 {counts[1]} 次" in latest.body
    assert subscribed == ["manager"]


_TOLD = (ReminderState.DELIVERED, ReminderState.READ, ReminderState.ACTED_ON)
