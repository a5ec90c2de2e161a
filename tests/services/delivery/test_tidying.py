"""What was told long ago goes; what is open, lately told, or keeps a reminder from being planned again stays."""

from datetime import timedelta

import pytest

from core import clock, db
from models.account import Account, Role
from models.reminder import Delivery, Message, Occasion, Reminder, ReminderState, Subject
from services import delivery
from services.delivery import sending, telling, tidying
from services.delivery.choosing import claim_deliveries, claim_reminders
from tests import factories
from tests.services.delivery import world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@pytest.fixture
def person() -> Account:
    """Somebody with a mail address; no mail server is set."""
    return factories.account(Role.GRID_WORKER, email="zhang@example.org")


def about_a_visit(person: Account, due_in: timedelta = timedelta()) -> Reminder:
    return world.reminder(person, due_in, subject=Subject.VISIT, occasion=Occasion.VISIT_PLANNED)


def tell() -> None:
    for batch in claim_reminders():
        telling.tell(batch)
    for work in claim_deliveries(8):
        sending.send(work)


def left() -> tuple[int, int, int]:
    return len(factories.rows(Reminder)), len(factories.rows(Message)), len(factories.rows(Delivery))


def test_what_was_told_is_kept_for_more_than_a_year_and_then_deleted_whole(person: Account) -> None:
    about_a_visit(person)
    tell()
    clock.advance(timedelta(days=399))
    assert tidying.tidy() == 0
    assert left() == (1, 1, 1)

    clock.advance(timedelta(days=2))

    assert tidying.tidy() == 3
    assert left() == (0, 0, 0)


def test_what_was_cancelled_goes_sooner_but_not_before_its_moment_has_passed(person: Account) -> None:
    past, future = about_a_visit(person), about_a_visit(person, timedelta(days=300))
    with db.transaction() as session:
        delivery.cancel(session, [past.pk, future.pk])
    clock.advance(timedelta(days=91))

    tidying.tidy()

    assert [row.id for row in factories.rows(Reminder)] == [future.pk]


def test_what_is_open_and_what_proves_a_notice_stays(person: Account) -> None:
    notice, held = world.reminder(person), about_a_visit(person)
    held.state = ReminderState.HELD
    factories.stored(held)
    tell()
    clock.advance(timedelta(days=500))

    tidying.tidy()

    assert {row.id for row in factories.rows(Reminder)} == {notice.pk, held.pk}
    assert left()[1:] == (1, 0), "the words of the notice stay, the way they took does not"
