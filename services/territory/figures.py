"""The figures of an area and of each that lies below it: every one is the count of the rows it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import col, select

from models.issue import ENDED_STATES, Issue
from models.visit import Visit
from services.actor import Actor
from services.campaigns.progress import Progress
from services.campaigns.standing import Standing
from services.issues.remaining import Remaining, condition, moments
from services.permissions import Action
from services.tallies import reading
from services.tallies.reading import Counts, Coverage
from services.tallies.scope import Asked
from services.territory.levels import Level, Place, within
from services.use_case import use_case

N = TypeVar("N")


@dataclass(frozen=True)
class Line:
    """The figures of one place.

    Args:
        place: which; `None`: all that is asked.
        targets: where the campaign's enterprises stand.
        visits: how many visits were recorded in the asked months.
        issues: the figures of the issues registered in them.
        open: how many issues are open now, whenever they were registered.
        overdue: how many of these are overdue now.
    """

    place: Place | None
    targets: Progress
    visits: int
    issues: Counts
    open: int
    overdue: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.targets.targets or self.visits or self.issues.states or self.open)

    @property
    def uncovered(self) -> float:
        """The share of the campaign's enterprises that have not been met."""
        return 1 - self.targets.share() if self.targets.targets else 0.0


@dataclass(frozen=True)
class Figures:
    """The figures of a step of the walk.

    Args:
        whole: those of all that is asked.
        lines: those of each place below that has any, what needs most care first.
        empty: how many places below have none.
    """

    whole: Line
    lines: list[Line]
    empty: int


def figures(actor: Actor, level: Level, asked: Asked, campaign_id: int | None) -> Figures:
    """Return the figures of a step of the walk and of what lies below it.

    Args:
        actor: who asks.
        level: the step.
        asked: months and campaign of issues and visits; its area is the step's.
        campaign_id: whose coverage is told; `None`: of none.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's.
    """
    asked = replace(asked, area_id=level.area_id)
    below = _below(actor, level, asked, campaign_id)
    lines = [line for place in level.below if not (line := below.of(place, place.id)).is_empty]
    return Figures(below.of(level.here, None), sorted(lines, key=care), len(level.below) - len(lines))


def care(line: Line) -> tuple[int, float, int, str]:
    """Return by what lines are ordered: what is overdue most, then what is covered least, then what is open most."""
    return (-line.overdue - line.targets.overdue, -line.uncovered, -line.open, line.place.name if line.place else "")


def overdue_by_area(actor: Actor, asked: Asked) -> dict[int, int]:
    """Return the issues' own area → how many of them are open and overdue now; read from the open issues alone.

    Args:
        actor: who asks.
        asked: area and campaign; its months are not asked.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        late = condition(Remaining.OVERDUE, moments(session))
        found = select(Issue.area_id, func.count()).where(late, col(Issue.state).not_in(ENDED_STATES))
        found = found.where(within(session, actor, asked.area_id, Issue.area_id)).group_by(col(Issue.area_id))
        if asked.campaign_id is not None:
            found = found.join(Visit, col(Visit.id) == Issue.visit_id).where(Visit.campaign_id == asked.campaign_id)
        return dict(session.exec(found).all())


@dataclass(frozen=True)
class _Below:
    """What was read for a step: place below (`None` for all of the step) → figure."""

    targets: Mapping[int | None, Progress]
    visits: Mapping[int | None, int]
    issues: Mapping[int | None, Counts]
    open: Mapping[int | None, int]
    overdue: Mapping[int | None, int]

    def of(self, place: Place | None, key: int | None) -> Line:
        """Return the figures of a place."""
        return Line(
            place, self.targets.get(key, Progress({})), self.visits.get(key, 0), self.issues.get(key, Counts()),
            self.open.get(key, 0), self.overdue.get(key, 0),
        )  # fmt: skip


def _below(actor: Actor, level: Level, asked: Asked, campaign_id: int | None) -> _Below:
    ever = replace(asked, since=None, until=None)
    coverage = reading.coverage_by_grid(actor, campaign_id, area_id=level.area_id) if campaign_id is not None else {}
    visits = reading.visits_by_grid(actor, asked)
    return _Below(
        targets={key: _added(found) for key, found in _rolled(level, coverage).items()},
        visits={key: sum(each.total for each in found) for key, found in _rolled(level, visits).items()},
        issues=_issues(actor, level, asked),
        open={key: _open(counts) for key, counts in _issues(actor, level, ever).items()},
        overdue={key: sum(found) for key, found in _rolled(level, overdue_by_area(actor, ever)).items()},
    )


def _issues(actor: Actor, level: Level, asked: Asked) -> dict[int | None, Counts]:
    below = reading.issues_by_area(actor, asked, [place.id for place in level.below])
    found: dict[int | None, Counts] = dict(below.items())
    found[None] = reading.issues(actor, asked)
    return found


def _rolled(level: Level, by_area: Mapping[int, N]) -> dict[int | None, list[N]]:
    """Return place below → what was told of it and the areas in it; `None` → all."""
    found: dict[int | None, list[N]] = {None: list(by_area.values())}
    for area_id, value in by_area.items():
        if area_id in level.inside:
            found.setdefault(level.inside[area_id], []).append(value)
    return found


def _added(found: Iterable[Coverage]) -> Progress:
    counts: dict[Standing, int] = {}
    for each in found:
        for standing, count in each.progress.counts.items():
            counts[standing] = counts.get(standing, 0) + count
    return Progress(counts)


def _open(counts: Counts) -> int:
    return sum(number for state, number in counts.states.items() if state not in ENDED_STATES)
