"""How far a campaign is: who was met by when, held against its goal and an even pace to its last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import clock
from models.campaign import Campaign
from models.tally import TargetTally
from services.progress_overview.question import Setting
from services.tallies.reading import Coverage, covered, inside
from services.teams.serving import serving


@dataclass(frozen=True)
class Point:
    """A day of a campaign: how many enterprises have been met by it, or would be with what is planned."""

    day: date
    count: int


@dataclass(frozen=True)
class Advance:
    """How far a campaign is in a place.

    Args:
        campaign: the campaign.
        coverage: who stands where, who was met when and what is planned for when.
        goal: how many enterprises are to be met.
    """

    campaign: Campaign
    coverage: Coverage
    goal: int

    @property
    def visited(self) -> int:
        """How many have been met."""
        return self.coverage.progress.visited

    @property
    def share(self) -> float:
        """How much of the goal has been met, at most 1."""
        return self.coverage.progress.share(self.goal)

    @property
    def expected(self) -> int:
        """How many would have been met by today at an even pace."""
        return round(pace(self.campaign, self.goal, clock.today()))

    @property
    def ahead(self) -> int:
        """How many more have been met than an even pace asks; fewer: a negative number."""
        return self.visited - self.expected

    def met(self) -> list[Point]:
        """Return the first day, those on which somebody was met and today, each with all that were met by its end."""
        points = _summed(self.coverage.met, self.campaign.starts_on - timedelta(days=1), 0)
        today = min(clock.today(), self.campaign.ends_on)
        return [*points, Point(today, self.visited)] if points[-1].day < today else points

    def planned(self) -> list[Point]:
        """Return today and the days visits are planned for, each with all that will have been met if they are made.

        What is overdue counts for today: it is to be made at once.
        """
        today = clock.today()
        ahead: dict[date, int] = {}
        for day, count in self.coverage.planned.items():
            ahead[max(day, today)] = ahead.get(max(day, today), 0) + count
        return _summed(ahead, today, self.visited) if ahead else []


def advance(session: Session, setting: Setting) -> Advance | None:
    """Return how far the campaign is in the place asked for; `None` without a campaign. Part of a use case."""
    if setting.campaign is None:
        return None
    columns = (TargetTally.standing, TargetTally.day)
    found = select(*columns, func.sum(TargetTally.targets)).where(  # type: ignore[call-overload]  # columns
        col(TargetTally.campaign_id) == setting.campaign.pk
    )
    if setting.team is not None:
        served = serving(select(col(TargetTally.area_id)).where(col(TargetTally.campaign_id) == setting.campaign.pk))
        found = found.join(served, served.c.area_id == TargetTally.area_id).where(served.c.team_id == setting.team.pk)
    elif setting.narrowed is not None:
        found = found.where(inside(TargetTally.area_id, setting.narrowed))
    coverage = covered(session.execute(found.group_by(*columns)).all())
    own_goal = setting.campaign.goal if setting.narrowed is None else 0
    return Advance(setting.campaign, coverage, own_goal or coverage.progress.targets)


def pace(campaign: Campaign, goal: int, day: date) -> float:
    """Return how many enterprises an even pace has met by the end of a day.

    The goal is spread evenly over all days of the campaign, the first and the last included.
    """
    days = (campaign.ends_on - campaign.starts_on).days + 1
    passed = min(max((day - campaign.starts_on).days + 1, 0), days)
    return goal * passed / days


def _summed(counts: Mapping[date, int], first: date, begin: int) -> list[Point]:
    """Return the first day with what had been met by then, and each later day with what it adds."""
    points, total = [Point(first, begin)], begin
    for day in sorted(counts):
        total += counts[day]
        points.append(Point(day, total))
    return points
