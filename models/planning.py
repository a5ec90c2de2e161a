"""A balanced plan of who visits which enterprise when: simple, explainable, the same for the same question.

Enterprises are placed one by one. Each goes to the best of the people whose load would stay within the allowed
imbalance: own grid first, then the nearer, then the less loaded.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.geo import Point, distance_km

_FAR = float("inf")


@dataclass(frozen=True)
class Stop:
    """An enterprise to be placed; `area_path` says which grids it lies in."""

    enterprise_id: int
    area_path: str
    place: Point | None = None


@dataclass(frozen=True)
class Candidate:
    """A person visits can go to.

    Args:
        account_id: who.
        load: open visits they have already.
        grid_path: path of their own grid, empty if they have none.
        place: where they start from.
        away: days on which they make no visits.
        planned: how many visits they have on a day already.
    """

    account_id: int
    load: int = 0
    grid_path: str = ""
    place: Point | None = None
    away: frozenset[date] = frozenset()
    planned: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """One line of a plan and why it is so."""

    enterprise_id: int
    account_id: int
    planned_on: date
    own_grid: bool
    least_load: bool
    distance: float | None
    around_leave: bool
    """Whether an earlier day was passed over because the person is away on it."""


def suggest(
    stops: Sequence[Stop], candidates: Sequence[Candidate], days: Sequence[date], *, per_day: int, imbalance: int = 2
) -> list[Proposal]:
    """Propose who visits each enterprise on which day.

    Args:
        stops: the enterprises; each appears once in the plan.
        candidates: the people; one who is away on every day gets nothing.
        days: the days to plan for, in order.
        per_day: visits a person makes on one day before the next is begun.
        imbalance: how far one person's load may rise above the least loaded one's to keep to grids and short ways.

    Returns:
        The plan in the order of `stops`; empty if nobody is there on any of the days.
    """
    diaries = [Diary(each, days, per_day) for each in sorted(candidates, key=lambda each: each.account_id)]
    present = [diary for diary in diaries if diary.days]
    if not present:
        return []
    placed = {stop.enterprise_id: _place(stop, present, imbalance) for stop in _order(stops, present)}
    return [placed[stop.enterprise_id] for stop in stops]


class Diary:
    """One person's days while the plan is made."""

    def __init__(self, candidate: Candidate, days: Sequence[date], per_day: int) -> None:
        self.candidate = candidate
        self.load = candidate.load
        self.days = [day for day in days if day not in candidate.away]
        self._all_days = list(days)
        self._per_day = per_day
        self._booked = Counter(candidate.planned)

    def owns(self, stop: Stop) -> bool:
        """Return whether the enterprise lies in the person's own grid."""
        return bool(self.candidate.grid_path) and stop.area_path.startswith(self.candidate.grid_path)

    def distance(self, stop: Stop) -> float:
        """Return how far the enterprise is in kilometres; infinite if either place is unknown."""
        if stop.place is None or self.candidate.place is None:
            return _FAR
        return distance_km(stop.place, self.candidate.place)

    def book(self) -> tuple[date, bool]:
        """Take one more visit: return its day, and whether leave moved it there."""
        free = (day for day in self.days if self._booked[day] < self._per_day)
        day = next(free, None) or min(self.days, key=lambda each: (self._booked[each], each))
        self._booked[day] += 1
        self.load += 1
        return day, any(earlier in self.candidate.away for earlier in self._all_days if earlier < day)


def _order(stops: Sequence[Stop], diaries: Sequence[Diary]) -> list[Stop]:
    """Return the stops that some grid owns before those that anyone can take, which then even out the loads."""
    return sorted(stops, key=lambda stop: (not any(diary.owns(stop) for diary in diaries), stop.enterprise_id))


def _place(stop: Stop, diaries: Sequence[Diary], imbalance: int) -> Proposal:
    least = min(diary.load for diary in diaries)
    within = [diary for diary in diaries if diary.load < least + max(1, imbalance)]
    chosen = min(
        within, key=lambda each: (not each.owns(stop), each.distance(stop), each.load, each.candidate.account_id)
    )
    distance = chosen.distance(stop)
    load = chosen.load
    day, around_leave = chosen.book()
    return Proposal(
        enterprise_id=stop.enterprise_id,
        account_id=chosen.candidate.account_id,
        planned_on=day,
        own_grid=chosen.owns(stop),
        least_load=load == least,
        distance=None if distance == _FAR else distance,
        around_leave=around_leave,
    )
