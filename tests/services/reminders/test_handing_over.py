"""What goes on to somebody else, to another stage or to another contact: whoever is to act now is told, by day.

An acknowledgement is one person's word about one deadline. It must not silence what others are owed.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.commitment import Commitment
from models.enterprise import Contact, Enterprise
from models.issue import IssueKind, IssueState
from models.reminder import Message, Occasion, Relation, Reminder, ReminderState, Subject
from models.visit import Promise, Visit, VisitState
from services import entities, issues
from services.actor import SYSTEM
from services.assignment import assigning
from services.campaigns import states
from services.commitments import COMMITMENTS
from services.enterprises import contacts
from services.inbox import by_link, links
from services.reminders import acknowledging, noticing
from services.visits import review
from tests import factories, issue_world, visit_world
from tests.issue_world import IssueWorld
from tests.services.reminders.test_planning import run_outbox
from tests.visit_world import World

S = IssueState
ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@pytest.fixture
def issues_world() -> IssueWorld:
    return issue_world.build()


@pytest.fixture
def world() -> World:
    return visit_world.build()


def at(day: int, hour: int, minute: int = 0) -> Any:
    """Let it be a moment of December 2023."""
    return clock.fixed(datetime(2023, 12, day, hour, minute, tzinfo=ZONE))


def planned(subject: Subject, subject_id: int, occasion: Occasion) -> list[Reminder]:
    """Return what is still to be told, in order of time."""
    found = select(Reminder).where(
        Reminder.subject == subject, Reminder.subject_id == subject_id, Reminder.occasion == occasion,
        Reminder.state == ReminderState.PLANNED,
    )  # fmt: skip
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(found.order_by(col(Reminder.due_at), col(Reminder.id))))


def whom(subject: Subject, subject_id: int, occasion: Occasion) -> set[int | None]:
    return {row.recipient_id for row in planned(subject, subject_id, occasion)}


def tell(rows: list[Reminder], *, acknowledged: bool = False) -> None:
    """Let these have been delivered, and acknowledged by whom they were told."""
    with transaction(actor=SYSTEM) as session:
        for each in rows:
            row = session.get_one(Reminder, each.pk)
            row.state, row.delivered_at = ReminderState.DELIVERED, clock.now()
    for each in rows if acknowledged else ():
        with transaction(actor=SYSTEM) as session:
            acknowledging.acknowledge(session, [each.pk], each.recipient_id)


def test_a_review_that_ends_with_the_handling_has_a_ladder_of_its_own(issues_world: IssueWorld) -> None:
    issue_id = issues_world.issue(S.HANDLING, kind=IssueKind.SUGGESTION)
    before = issues_world.row(issue_id)
    with at(11, 9, 5):
        tell(planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)[:1], acknowledged=True)
        assert not planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)
        issues.resolve(issues_world.actor("officer_x"), issue_id, "已解决")

    after = issues_world.row(issue_id)
    assert after.due_at == before.due_at, "the same minute, by the limits a new installation has"
    assert after.due_version == before.due_version + 1, "and another deadline"
    assert issues_world.people["coordinator"].pk in whom(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)
    assert None in whom(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE), "and cards"


def test_an_answer_that_ends_with_the_review_has_a_ladder_of_its_own(issues_world: IssueWorld) -> None:
    issue_id = issues_world.issue(S.RESOLVED, kind=IssueKind.SUGGESTION)
    with at(7, 9, 5):
        tell(planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)[:1], acknowledged=True)
        issues.pass_review(issues_world.actor("coordinator"), issue_id)

    assert planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)


def test_an_issue_that_stays_where_it_is_keeps_its_ladder(issues_world: IssueWorld) -> None:
    issue_id = issues_world.issue(S.HANDLING, kind=IssueKind.SUGGESTION)
    tell(planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)[:1], acknowledged=True)
    version = issues_world.row(issue_id).due_version

    issues.urge(issues_world.actor("coordinator"), issue_id, "请抓紧")

    assert issues_world.row(issue_id).due_version == version
    assert not planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)


def test_the_department_is_reminded_once_the_handler_has_gone_to_another(issues_world: IssueWorld) -> None:
    """Given a handler who acknowledged a reminder, when they go to another department, then their colleague is told."""
    issue_id = issues_world.issue(S.HANDLING, kind=IssueKind.SUGGESTION)
    officer, colleague = (issues_world.people[name].pk for name in ("officer_x", "colleague_x"))
    tell(planned(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)[:1], acknowledged=True)

    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, officer).department_id = issues_world.departments["Y"].pk
    run_outbox()

    reminded = whom(Subject.ISSUE, issue_id, Occasion.ISSUE_DEADLINE)
    assert colleague in reminded
    assert officer not in reminded


def _workers(world: World) -> tuple[Account, Account]:
    first, second, *_more = (
        each for name, each in world.people.items() if each.role is Role.GRID_WORKER and name.endswith("a")
    )
    return first, second


def _visit(world: World, who: Account, days: int) -> Visit:
    name = next(name for name, each in world.people.items() if each.pk == who.pk)
    return world.visit(next(iter(world.enterprises)), name, days=days)


@pytest.mark.parametrize("by", ["worker", "lead"])
def test_an_overdue_visit_given_to_another_reminds_them_whoever_acknowledged_before(world: World, by: str) -> None:
    first, second = _workers(world)
    visit = _visit(world, first, days=1)
    lead = world.people["lead_a"]
    with at(12, 9, 5):
        rows = planned(Subject.VISIT, visit.pk, Occasion.VISIT_OVERDUE)
        own = next(each for each in rows if each.recipient_id == (first if by == "worker" else lead).pk)
        tell([own], acknowledged=True)
        assert not planned(Subject.VISIT, visit.pk, Occasion.VISIT_OVERDUE)
    with at(12, 9, 6):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=second.pk)

    reminded = whom(Subject.VISIT, visit.pk, Occasion.VISIT_OVERDUE)
    assert {second.pk, lead.pk} <= reminded
    assert first.pk not in reminded


def test_what_the_same_person_acknowledged_stays_acknowledged_on_the_same_day(world: World) -> None:
    first, _second = _workers(world)
    visit = _visit(world, first, days=1)
    tell(planned(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED))
    with at(8, 9, 5):
        tell(planned(Subject.VISIT, visit.pk, Occasion.VISIT_OVERDUE)[:1], acknowledged=True)
    with at(8, 9, 6):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=first.pk)

    assert not planned(Subject.VISIT, visit.pk, Occasion.VISIT_OVERDUE)
    assert not planned(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED)


def test_a_visit_that_comes_back_is_news_again(world: World) -> None:
    first, second = _workers(world)
    visit = _visit(world, first, days=12)
    tell(planned(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED))
    for day, who in ((8, second), (11, first)):
        with at(day, 10):
            assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=who.pk)
            assert whom(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED) == {who.pk}
            tell(planned(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED))
    with at(12, 10):
        assigning.take_back(world.actor("lead_a"), [visit.pk])
    with at(13, 10):
        assigning.restore(world.actor("lead_a"), [visit.pk])

    assert whom(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED) == {first.pk}


def test_a_record_is_told_as_returned_once_for_each_return(world: World) -> None:
    """Given a record returned and told, then another day is no news, another visitor and another return are."""
    first, second = _workers(world)
    visit = visit_world.recorded(_visit(world, first, days=1))

    def told_of_return() -> set[int | None]:
        rows = planned(Subject.VISIT, visit.pk, Occasion.VISIT_RETURNED)
        tell(rows)
        return {row.recipient_id for row in rows}

    with at(7, 10):
        review.give_back(world.actor("lead_a"), visit.pk, "缺少小结")
        assert told_of_return() == {first.pk}
    with at(7, 11):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=first.pk, planned_on=date(2023, 12, 12))
        assert told_of_return() == set()
    with at(11, 11):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=second.pk)
        assert told_of_return() == {second.pk}
        with transaction(actor=SYSTEM) as session:
            session.get_one(Visit, visit.pk).state = VisitState.RECORDED
    with at(11, 14):
        review.give_back(world.actor("lead_a"), visit.pk, "缺少照片")
        assert told_of_return() == {second.pk}


def test_visits_of_a_campaign_that_does_not_run_remind_nobody(world: World) -> None:
    coordinator = factories.acting(factories.account(Role.COORDINATOR))
    visit = _visit(world, _workers(world)[0], days=3)
    for change, reminded in ((states.pause, False), (states.resume, True), (states.finish, False)):
        change(coordinator, world.campaign.pk)
        run_outbox()
        assert bool(planned(Subject.VISIT, visit.pk, Occasion.VISIT_PLANNED)) is reminded


def test_a_visit_given_back_at_night_is_told_in_the_morning(world: World) -> None:
    first, second = _workers(world)
    visit = _visit(world, first, days=2)
    with at(6, 13):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=second.pk)
    with at(7, 22, 30):
        assigning.move(world.actor("lead_a"), [visit.pk], assignee_id=first.pk)
        told = planned(Subject.VISIT, visit.pk, Occasion.VISIT_ASSIGNED)
        late = planned(Subject.VISIT, visit.pk, Occasion.VISIT_PLANNED)

    assert [f"{row.due_at.astimezone(ZONE):%d %H:%M}" for row in told] == ["08 09:00"]
    assert not late, "what was to be told the day before is not made up for on the day"


def _commitment(world: IssueWorld, **more: Any) -> Commitment:
    return factories.stored(
        Commitment(enterprise_id=world.enterprises["B"].pk, matter="…", text="…", approved_on=clock.today(),
                   due_on=date(2023, 12, 20), department_id=world.departments["X"].pk, **more)
    )  # fmt: skip


def test_a_commitment_followed_by_another_reminds_them(issues_world: IssueWorld) -> None:
    first, second = (issues_world.people[each].pk for each in ("officer_x", "colleague_x"))
    commitment = _commitment(issues_world, follower_id=first)
    with at(13, 9, 5):
        own = planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)[:1]
        tell(own, acknowledged=True)
        assert not planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)
        entities.save(issues_world.actor("coordinator"), COMMITMENTS, {"follower_id": second}, commitment.pk)

    assert second in whom(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)


def test_who_has_left_silences_nobody(issues_world: IssueWorld) -> None:
    first = issues_world.people["officer_x"]
    commitment = _commitment(issues_world, follower_id=first.pk)
    tell(planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)[:1], acknowledged=True)

    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, first.pk).active = False
    run_outbox()

    assert issues_world.people["colleague_x"].pk in whom(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)


def _contacts(commitment: Commitment) -> set[int | None]:
    rows = planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)
    return {row.contact_id for row in rows if row.relation is Relation.ENTERPRISE_CONTACT}


def test_another_main_contact_is_written_to_at_once_and_one_that_is_gone_no_more(issues_world: IssueWorld) -> None:
    enterprise, coordinator = issues_world.enterprises["B"], issues_world.actor("coordinator")
    old = factories.stored(Contact(enterprise_id=enterprise.pk, name="旧", email="old@example.cn", is_primary=True))
    commitment = _commitment(issues_world)
    assert _contacts(commitment) == {old.pk}

    new = contacts.save(coordinator, enterprise.pk, {"name": "新", "email": "new@example.cn", "is_primary": True})
    assert _contacts(commitment) == {new}
    contacts.remove(coordinator, new)
    assert _contacts(commitment) <= {old.pk}


@pytest.fixture
def letter(issues_world: IssueWorld) -> tuple[Commitment, Contact, str]:
    """A commitment of which its enterprise's contact was reminded, and the token of the mail they have."""
    enterprise = issues_world.enterprises["B"]
    contact = factories.stored(Contact(enterprise_id=enterprise.pk, name="外", email="o@example.cn", is_primary=True))
    commitment = _commitment(issues_world)
    rows = planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)
    theirs = next(row for row in rows if row.relation is Relation.ENTERPRISE_CONTACT)
    tell([theirs])
    with transaction(actor=SYSTEM) as session:
        message = Message(contact_id=contact.pk, title="…", body="…")
        session.add(message)
        session.flush()
        session.get_one(Reminder, theirs.pk).message_id = message.pk
        return commitment, contact, links.message_path(message.pk).rpartition("/")[2]


def _staff(commitment: Commitment) -> list[int]:
    rows = planned(Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE)
    return [row.pk for row in rows if row.relation is not Relation.ENTERPRISE_CONTACT]


def test_what_an_enterprise_confirms_silences_nobody_ever(letter: tuple[Commitment, Contact, str]) -> None:
    """Given a contact who confirmed receipt, when all is planned anew, then those who are to act are still told."""
    commitment, _contact, token = letter
    before = _staff(commitment)

    by_link.acknowledge(token)
    with transaction(actor=SYSTEM) as session:
        noticing.replan(session)
    run_outbox()

    assert before
    assert _staff(commitment) == before


def test_the_link_of_a_contact_stays_one_of_outside_when_they_are_deleted(
    issues_world: IssueWorld, letter: tuple[Commitment, Contact, str]
) -> None:
    commitment, contact, token = letter
    contacts.remove(issues_world.actor("coordinator"), contact.pk)
    before = _staff(commitment)

    shown = by_link.letter(token)
    by_link.acknowledge(token)

    assert not shown.inner
    assert [(item.link, item.next) for item in shown.items] == [("", [])]
    assert before
    assert _staff(commitment) == before


def test_an_enterprise_that_moves_to_another_street_is_its_leads_matter_from_then_on(world: World) -> None:
    visit = _visit(world, _workers(world)[0], days=1)
    promise = factories.stored(
        Promise(enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id, text="…",
                due_on=date(2023, 12, 8))
    )  # fmt: skip

    def leads() -> set[int | None]:
        rows = planned(Subject.PROMISE, promise.pk, Occasion.PROMISE_DUE)
        return {row.recipient_id for row in rows if row.relation is Relation.LEAD}

    here, there = world.people["lead_a"].pk, world.people["lead_b"].pk
    assert here in leads()
    assert there not in leads()
    with transaction(actor=SYSTEM) as session:
        session.get_one(Enterprise, visit.enterprise_id).area_id = world.areas["street_b"].pk
    assert there in leads()
    assert here not in leads()


def test_main_contacts_of_more_enterprises_than_a_statement_has_parameters_can_change_at_once() -> None:
    """Given an import of 70,000 enterprises with their contacts, when it commits, then it is taken."""
    with transaction(actor=SYSTEM) as session:
        noticing._pending.setdefault(session, noticing._Pending()).enterprises |= set(range(1, 70_001))
        named = Account(username="imported", name="随导入", role=Role.COORDINATOR, password_hash="")
        session.add(named)

    with transaction(actor=SYSTEM) as session:
        assert session.exec(select(Account).where(Account.username == "imported")).one()
