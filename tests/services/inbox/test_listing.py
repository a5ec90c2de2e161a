"""A person's messages: only their own, the newest first, page by page."""

from datetime import timedelta

import pytest

from core import clock
from models.reminder import Occasion, ReminderState, StopsOn, Subject
from services.inbox import listing
from services.inbox.listing import Counts, Show, Wanted
from tests import inbox_world as given
from tests.issue_world import IssueWorld


def _ids(world: IssueWorld, name: str, **wanted: object) -> list[int]:
    page = listing.messages(world.actor(name), Wanted(**wanted))  # type: ignore[arg-type]  # a test's own words
    return [line.id for line in [*page.pressing, *page.lines]]


def test_people_see_what_they_were_told_the_newest_first(world: IssueWorld) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    old = given.told(rule, officer, 1, at=clock.now() - timedelta(days=1))
    new = given.told(rule, officer, 2)
    given.planned(rule, officer, 3)

    assert _ids(world, "officer_x") == [new.id, old.id]


@pytest.mark.parametrize("name", ["colleague_x", "coordinator", "manager", "admin", "lead_a"])
def test_nobody_sees_messages_of_others(world: IssueWorld, name: str) -> None:
    given.told(given.rule(), world.people["officer_x"])

    assert _ids(world, name) == []
    assert listing.unread(world.actor(name)) == Counts()


def test_what_is_urgent_and_unread_comes_first_whatever_its_day(world: IssueWorld) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    urgent = given.told(rule, officer, 1, urgent=True, at=clock.now() - timedelta(days=9))
    read = given.told(rule, officer, 2, urgent=True, state=ReminderState.READ, at=clock.now() - timedelta(days=8))
    today = given.told(rule, officer, 3)

    page = listing.messages(world.actor("officer_x"))

    assert [line.id for line in page.pressing] == [urgent.id]
    assert [line.id for line in page.lines] == [today.id, read.id]


def test_a_filter_keeps_what_it_names(world: IssueWorld) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    unread = given.told(rule, officer, 1)
    read = given.told(rule, officer, 2, state=ReminderState.READ)
    urgent = given.told(rule, officer, 3, state=ReminderState.READ, urgent=True)
    notice = given.told(None, officer, 4, subject=Subject.NOTICE, state=ReminderState.READ)

    assert _ids(world, "officer_x", show=Show.UNREAD) == [unread.id]
    assert _ids(world, "officer_x", show=Show.URGENT) == [urgent.id]
    assert _ids(world, "officer_x", subject=Subject.NOTICE) == [notice.id]
    assert set(_ids(world, "officer_x", subject=Subject.ISSUE)) == {unread.id, read.id, urgent.id}


def test_to_confirm_is_what_would_go_on_otherwise(world: IssueWorld) -> None:
    officer, chief = world.people["officer_x"], world.people["coordinator"]
    first, later = given.rule(), given.rule()
    goes_on = given.told(first, officer, 1)
    given.planned(later, chief, 1)
    given.told(first, officer, 2)  # nothing more to come
    given.told(first, officer, 3, state=ReminderState.ACTED_ON)
    given.planned(later, chief, 3)
    given.told(first, officer, 4)  # goes on until it is done, whoever acknowledges
    given.planned(given.rule(stops_on=StopsOn.HANDLED), chief, 4)
    given.told(first, officer, 5)  # what follows belongs to another deadline
    given.planned(later, chief, 5, due_version=2)
    given.told(first, officer, 6)  # or to another occasion
    given.planned(given.rule(occasion=Occasion.ISSUE_ARRIVED), chief, 6)

    assert _ids(world, "officer_x", show=Show.TO_CONFIRM) == [goes_on.id]
    lines = {line.id: line for line in listing.messages(world.actor("officer_x")).lines}
    assert [line.goes_on for line in lines.values() if line.id == goes_on.id] == [True]
    assert sum(line.goes_on for line in lines.values()) == 2  # subject 3 was acknowledged already


def test_counts_tell_unread_and_urgent_ones(world: IssueWorld) -> None:
    officer, rule = world.people["officer_x"], given.rule()
    given.told(rule, officer, 1)
    given.told(rule, officer, 2, urgent=True)
    given.told(rule, officer, 3, state=ReminderState.ACTED_ON)

    assert listing.unread(world.actor("officer_x")) == Counts(unread=2, urgent=1)


def test_pages_follow_one_another_without_gap_or_repetition(world: IssueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given pages of 3 and messages that all came at one moment, one of them urgent
    monkeypatch.setattr(listing, "PAGE", 3)
    officer, rule = world.people["officer_x"], given.rule()
    made = [given.told(rule, officer, number, urgent=number == 2).pk for number in range(8)]
    seen, before = [], None

    while True:
        page = listing.messages(world.actor("officer_x"), Wanted(before=before))
        seen += [line.id for line in [*page.pressing, *page.lines]]
        before = page.rest
        if before is None:
            break

    assert sorted(seen) == sorted(made)
    assert seen[0] == made[2]
