"""The small world of issues in November, seen from December."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.db import transaction
from models.bulletin import BulletinSettings
from services.actor import SYSTEM
from services.bulletin import building, reading
from services.bulletin.reading import Opened, Rows, Shown
from tests import issue_world
from tests.issue_world import IssueWorld

NOVEMBER = date(2023, 11, 1)


@dataclass(frozen=True)
class World:
    """The people and issues, and what a coordinator does with bulletins."""

    issues: IssueWorld

    @contextmanager
    def at(self, day: int, hour: int = 10, *, month: int = 11) -> Iterator[None]:
        """Do something at a moment of 2023."""
        with clock.fixed(datetime(2023, month, day, hour, tzinfo=clock.zone())):
            yield

    def issue(self, day: int, *steps: str, month: int = 11, **more: object) -> int:
        """Register an issue on a day and take steps with it, ten minutes from one to the next; return its id."""
        with self.at(day, month=month):
            issue_id = self.issues.register(**more)  # type: ignore[arg-type]  # passed on
            for step in steps:
                clock.advance(timedelta(minutes=20))
                self.issues.step(issue_id, step)
        return issue_id

    def closed(self, day: int, *, month: int = 11, **more: object) -> int:
        """Register and close an issue, the enterprise content, all on one day."""
        return self.issue(day, *issue_world.STATES[issue_world.S.CLOSED], month=month, **more)

    def built(self, month: date = NOVEMBER) -> Shown:
        """Build a month as the coordinator and read it."""
        actor = self.issues.actor("coordinator")
        return reading.get(actor, building.build(actor, month))

    def rows(self, shown: Shown, figure: str, *, who: str = "coordinator", **narrowed: object) -> Rows:
        """Open the rows of a figure as somebody."""
        opened = Opened(figure, **narrowed)  # type: ignore[arg-type]  # a test's own
        return reading.rows(self.issues.actor(who), shown.bulletin.pk, opened, page_size=200)


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> World:  # noqa: ARG001 - asked for their effect
    with clock.fixed(datetime(2023, 8, 1, 9, tzinfo=clock.zone())):
        found = World(issue_world.build())
    with transaction(actor=SYSTEM) as session:
        session.add(BulletinSettings(minimum_sample=3))
    return found
