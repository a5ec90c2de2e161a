"""Reading and acknowledging one's own messages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from core.errors import NotFoundError
from models.reminder import Reminder, ReminderState, StopsOn
from services.actor import SYSTEM, Actor
from services.inbox import answering
from services.inbox.ladders import ACKNOWLEDGED
from tests import inbox_world as given
from tests.issue_world import IssueWorld

S = ReminderState


def _row(reminder: Reminder) -> Reminder:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Reminder).where(Reminder.id == reminder.id)).one()


def test_reading_marks_what_was_unread(world: IssueWorld) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    unread, done = given.told(rule, officer, 1), given.told(rule, officer, 2, state=S.ACTED_ON)

    answering.read(world.actor("officer_x"), [unread.pk, done.pk])

    assert (_row(unread).state, _row(unread).read_at) == (S.READ, clock.now())
    assert _row(done).state is S.ACTED_ON


def test_reading_all_leaves_messages_of_others_unread(world: IssueWorld) -> None:
    rule = given.rule()
    mine = [given.told(rule, world.people["officer_x"], number) for number in range(3)]
    other = given.told(rule, world.people["colleague_x"], 1)
    planned = given.planned(rule, world.people["officer_x"], 9)

    later = given.told(rule, world.people["officer_x"], 10, at=clock.now() + timedelta(seconds=1))

    assert answering.read_all(world.actor("officer_x"), clock.now()) == 3

    assert _row(later).state is S.DELIVERED
    assert {_row(each).state for each in mine} == {S.READ}
    assert _row(other).state is S.DELIVERED
    assert _row(planned).state is S.PLANNED


def test_acknowledging_stops_the_rest_of_the_ladder(world: IssueWorld) -> None:
    officer, chief = world.people["officer_x"], world.people["coordinator"]
    told = given.told(given.rule(), officer, 1)
    later = given.planned(given.rule(), chief, 1)
    insists = given.planned(given.rule(stops_on=StopsOn.HANDLED), chief, 1)
    other = given.planned(given.rule(), chief, 2)

    answering.acknowledge(world.actor("officer_x"), [told.pk])

    assert (_row(told).state, _row(told).acted_at) == (S.ACTED_ON, clock.now())
    assert (_row(later).state, _row(later).note) == (S.CANCELLED, ACKNOWLEDGED)
    assert _row(insists).state is S.PLANNED
    assert _row(other).state is S.PLANNED


def test_acknowledging_twice_is_no_harm(world: IssueWorld) -> None:
    told = given.told(given.rule(), world.people["officer_x"], 1)
    answering.acknowledge(world.actor("officer_x"), [told.pk])
    before = _row(told).acted_at

    clock.advance(clock.now() - clock.now().replace(hour=0))
    answering.acknowledge(world.actor("officer_x"), [told.pk])

    assert _row(told).acted_at == before


@pytest.mark.parametrize("act", [answering.read, answering.acknowledge])
@pytest.mark.parametrize("name", ["colleague_x", "coordinator", "manager", "admin"])
def test_nobody_answers_for_others(world: IssueWorld, name: str, act: Callable[[Actor, list[int]], None]) -> None:
    own = given.told(given.rule(), world.people[name], 1)
    other = given.told(given.rule(), world.people["officer_x"], 1)

    with pytest.raises(NotFoundError):
        act(world.actor(name), [own.pk, other.pk])

    assert _row(other).state is S.DELIVERED
    assert _row(own).state is S.DELIVERED  # all or nothing


def test_what_has_not_been_told_cannot_be_acknowledged(world: IssueWorld) -> None:
    planned = given.planned(given.rule(), world.people["officer_x"], 1)

    with pytest.raises(NotFoundError):
        answering.acknowledge(world.actor("officer_x"), [planned.pk])
