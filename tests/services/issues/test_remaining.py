"""How much time an issue has left: the function and the condition agree, and "soon" is counted in working days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.issue import Issue
from services.actor import SYSTEM
from services.issues.remaining import Remaining, any_of, condition, moments, remaining
from tests.issue_world import IssueWorld

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Timed:
    due_at: datetime | None
    paused_since: datetime | None = None


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2023-12-06T09:59", Remaining.OVERDUE),
        ("2023-12-06T10:00", Remaining.TODAY),
        ("2023-12-06T23:59", Remaining.TODAY),
        ("2023-12-07T00:00", Remaining.SOON),
        ("2023-12-08T17:30", Remaining.SOON),
        ("2023-12-09T00:00", Remaining.IN_TIME),
    ],
)
def test_on_a_wednesday_two_working_days_reach_to_friday(world: IssueWorld, due: str, expected: Remaining) -> None:
    assert world
    with transaction(actor=SYSTEM) as session:
        assert remaining(Timed(_at(due)), moments(session)) is expected


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2023-12-08T10:00", "2023-12-12T17:30"),  # from a Friday over the weekend
        ("2023-09-28T10:00", "2023-10-08T17:30"),  # over National Day: 10-07 and 10-08 are made up
        ("2023-09-28T10:00", "2023-10-07T17:30"),
    ],
)
def test_soon_skips_weekends_and_holidays(world: IssueWorld, now: str, last: str) -> None:
    assert world
    with clock.fixed(_at(now)), transaction(actor=SYSTEM) as session:
        at = moments(session)
        assert remaining(Timed(_at(last)), at) is Remaining.SOON
        assert at.soon - at.tonight >= timedelta(days=2)


def test_a_paused_clock_is_told_before_its_deadline(world: IssueWorld) -> None:
    assert world
    with transaction(actor=SYSTEM) as session:
        at = moments(session)
    assert remaining(Timed(_at("2023-12-01T10:00"), clock.now()), at) is Remaining.PAUSED
    assert remaining(Timed(None, clock.now()), at) is Remaining.PAUSED
    assert remaining(Timed(None), at) is Remaining.NONE


def test_the_condition_finds_what_the_function_says(world: IssueWorld) -> None:
    """Given issues due at every boundary, running and paused, then each is found by its own condition only."""
    at = clock.now()
    dues = [None, *(at + timedelta(hours=hours) for hours in (-30, 0, 1, 13, 14, 40, 61, 62, 100))]
    for due in dues:
        for paused in (None, at):
            issue_id = world.register()
            with transaction(actor=SYSTEM) as session:
                row = session.get_one(Issue, issue_id)
                row.due_at, row.paused_since = due, paused

    with transaction(actor=SYSTEM) as session:
        bounds, rows = moments(session), session.exec(select(Issue)).all()
        for each in Remaining:
            found = session.exec(select(Issue.id).where(condition(each, bounds)).order_by(col(Issue.id))).all()
            assert found == sorted(row.pk for row in rows if remaining(row, bounds) is each)
            assert found
        everything = session.exec(select(Issue.id).where(any_of(list(Remaining), bounds))).all()
    assert len(everything) == len(rows)
