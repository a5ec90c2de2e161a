"""Reads the tables of figures. Every figure is the count of the rows it stands for, as they were a moment ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from models.area import Area
from models.campaign import VisitMode
from models.issue import IssueKind, IssueState
from models.tally import NO_DAY, NOBODY, IssueTally, TargetTally, VisitTally
from models.visit import Outcome
from services import access
from services.actor import Actor
from services.campaigns.progress import Progress
from services.campaigns.standing import Standing
from services.permissions import Action, Scope, require
from services.tallies import keeping
from services.tallies.measures import PAIRS, Measure, Rate
from services.tallies.scope import Asked, categories, ground
from services.use_case import use_case


@dataclass(frozen=True)
class Share:
    """A rate with the counts behind it."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; `None` where there is nothing to share."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Counts:
    """How many issues have each measure, stand in each state, are of each kind."""

    measures: Mapping[Measure, int] = field(default_factory=dict)
    states: Mapping[IssueState, int] = field(default_factory=dict)
    kinds: Mapping[IssueKind, int] = field(default_factory=dict)

    def __getitem__(self, measure: Measure) -> int:
        """Return how many have a measure."""
        return self.measures.get(measure, 0)

    def rate(self, rate: Rate) -> Share:
        """Return a rate with its counts."""
        part, whole = PAIRS[rate]
        return Share(self[part], self[whole])


@dataclass(frozen=True)
class Coverage:
    """How a campaign's targets came to be visited.

    Args:
        progress: how many stand where today.
        met: day → how many enterprises were met on it for the visit that counts, oldest first.
        planned: day from today on → how many visits are planned for it; what is overdue stands under its past day.
    """

    progress: Progress
    met: Mapping[date, int]
    planned: Mapping[date, int]


@dataclass(frozen=True)
class Visits:
    """How many visits were recorded, by mode and by outcome, and those that met somebody by mode."""

    modes: Mapping[VisitMode, int] = field(default_factory=dict)
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    met: Mapping[VisitMode, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.modes.values())


def issues(actor: Actor, asked: Asked) -> Counts:
    """Return the figures of the issues registered in the asked months.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's to see.
    """
    return _issues(actor, asked, None).get(None, Counts())


def issues_by_category(actor: Actor, asked: Asked) -> dict[str, Counts]:
    """Return category (a leaf of the tree; empty for none) → figures; see `issues`."""
    return _issues(actor, asked, IssueTally.category)


def issues_by_department(actor: Actor, asked: Asked) -> dict[int, Counts]:
    """Return lead department (`NOBODY` for none) → figures; see `issues`."""
    return _issues(actor, asked, IssueTally.department_id)


def issues_by_area(actor: Actor, asked: Asked, areas: Sequence[int]) -> dict[int, Counts]:
    """Return area → figures of it and everything below, for areas within what is asked; see `issues`."""
    keeping.catch_up()
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        outer = ground(session, actor, asked.area_id)
        below = inside(Area.id, outer)
        wanted = [each for each in session.exec(select(Area.id).where(col(Area.id).in_(areas), below)) if each]
        return grouped(session, asked, IssueTally.area_id, wanted)


def coverage(actor: Actor, campaign_id: int, *, area_id: int | None = None, team_id: int | None = None) -> Coverage:
    """Return how far a campaign is in an area, or with what a team was given.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's to see.
    """
    return coverage_by(actor, campaign_id, None, area_id=area_id, team_id=team_id).get(None, covered([]))


def coverage_by_team(actor: Actor, campaign_id: int, *, area_id: int | None = None) -> dict[int, Coverage]:
    """Return team (`NOBODY` for what no team was given) → coverage; see `coverage`."""
    return coverage_by(actor, campaign_id, TargetTally.team_id, area_id=area_id)


def coverage_by_grid(actor: Actor, campaign_id: int, *, area_id: int | None = None) -> dict[int, Coverage]:
    """Return the enterprises' own area → coverage; see `coverage`."""
    return coverage_by(actor, campaign_id, TargetTally.area_id, area_id=area_id)


def coverage_by(
    actor: Actor, campaign_id: int, key: Any, *, area_id: int | None = None, team_id: int | None = None
) -> dict[Any, Coverage]:
    """Return key → coverage, where the key is a column of `TargetTally`; see `coverage`."""
    keeping.catch_up()
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        where = [col(TargetTally.campaign_id) == campaign_id]
        where += _within(session, actor, area_id, TargetTally.area_id)
        if team_id is not None:
            where.append(col(TargetTally.team_id) == team_id)
        columns: list[Any] = [TargetTally.standing, TargetTally.day, func.sum(TargetTally.targets)]
        by = [] if key is None else [key]
        found = select_columns(*by, *columns).where(*where).group_by(*by, *columns[:2])
        rows: dict[Any, list[Any]] = {}
        for row in session.execute(found):
            rows.setdefault(row[0] if by else None, []).append(row[-3:])
        return {each: covered(given) for each, given in rows.items()}


def visits(actor: Actor, asked: Asked, *, team_id: int | None = None) -> dict[date, Visits]:
    """Return month → visits recorded in it, oldest first; of what is asked, category and department say nothing here.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the area is not the actor's to see.
    """
    return dict(sorted(_visits(actor, asked, VisitTally.month, team_id).items()))


def visits_by_grid(actor: Actor, asked: Asked) -> dict[int, Visits]:
    """Return the visits' own area → visits recorded in the asked months; see `visits`."""
    return _visits(actor, asked, VisitTally.area_id, None)


def _issues(actor: Actor, asked: Asked, key: Any) -> dict[Any, Counts]:
    keeping.catch_up()
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        return grouped(session, asked, key, ground(session, actor, asked.area_id))


def grouped(session: Session, asked: Asked, key: Any, areas: Sequence[int]) -> dict[Any, Counts]:
    """Return key → figures of some areas together, none of which lies in another; part of a use case.

    Args:
        session: the use case's session.
        asked: what is asked, but for its area.
        key: a column of `IssueTally`; without one all figures stand under `None`.
        areas: areas the actor may ask for.
    """
    by: list[Any] = [] if key is None else [key]
    columns: list[Any] = [IssueTally.state, IssueTally.kind]
    sums = [func.sum(getattr(IssueTally, each.value)) for each in Measure]
    found = select_columns(*by, *columns, *sums).where(*_conditions(session, asked, areas)).group_by(*by, *columns)
    rows: dict[Any, list[Any]] = {}
    for row in session.execute(found):
        rows.setdefault(row[0] if by else None, []).append(row[len(by) :])
    return {each: counted(given) for each, given in rows.items()}


def _conditions(session: Session, asked: Asked, areas: Sequence[int]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(IssueTally.area_id).in_(areas)]
    if asked.since:
        found.append(col(IssueTally.month) >= asked.since)
    if asked.until:
        found.append(col(IssueTally.month) <= asked.until)
    if asked.category:
        found.append(col(IssueTally.category).in_(categories(session, asked.category)))
    if asked.department_id is not None:
        found.append(col(IssueTally.department_id) == asked.department_id)
    if asked.campaign_id is not None:
        found.append(col(IssueTally.campaign_id) == asked.campaign_id)
    if asked.in_visits:
        found.append(col(IssueTally.campaign_id) != NOBODY)
    return found


def counted(rows: Sequence[Any]) -> Counts:
    """Return the figures of rows of state, kind and one count for each measure, in their order."""
    measures = dict.fromkeys(Measure, 0)
    states: dict[IssueState, int] = {}
    kinds: dict[IssueKind, int] = {}
    for state, kind, *counts in rows:
        for measure, count in zip(Measure, counts, strict=True):
            measures[measure] += count
        registered = counts[0]
        states[state] = states.get(state, 0) + registered
        kinds[kind] = kinds.get(kind, 0) + registered
    return Counts(measures, states, kinds)


def covered(rows: Sequence[Any]) -> Coverage:
    """Return what rows of `TargetTally` say: standing, day and how many targets, each."""
    today = clock.today()
    standings: dict[Standing, int] = {}
    met: dict[date, int] = {}
    planned: dict[date, int] = {}
    for name, day, count in sorted(map(tuple, rows)):
        standing = Standing.OVERDUE if name == Standing.OPEN.value and day < today else Standing.of(name)
        standings[standing] = standings.get(standing, 0) + count
        if standing is Standing.VISITED:
            met[day] = met.get(day, 0) + count
        elif standing in {Standing.OPEN, Standing.OVERDUE} and day != NO_DAY:
            planned[day] = planned.get(day, 0) + count
    return Coverage(Progress(standings), met, planned)


def _visits(actor: Actor, asked: Asked, key: Any, team_id: int | None) -> dict[Any, Visits]:
    keeping.catch_up()
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        where = _within(session, actor, asked.area_id, VisitTally.area_id)
        if asked.since:
            where.append(col(VisitTally.month) >= asked.since)
        if asked.until:
            where.append(col(VisitTally.month) <= asked.until)
        if asked.campaign_id is not None:
            where.append(col(VisitTally.campaign_id) == asked.campaign_id)
        if team_id is not None:
            where.append(col(VisitTally.team_id) == team_id)
        columns: list[Any] = [key, VisitTally.mode, VisitTally.outcome]
        found = select_columns(*columns, func.sum(VisitTally.visits)).where(*where).group_by(*columns)
        modes: dict[Any, dict[VisitMode, int]] = {}
        outcomes: dict[Any, dict[Outcome, int]] = {}
        met: dict[Any, dict[VisitMode, int]] = {}
        for each, mode, outcome, count in session.execute(found):
            modes.setdefault(each, {}).setdefault(mode, 0)
            modes[each][mode] += count
            outcomes.setdefault(each, {}).setdefault(outcome, 0)
            outcomes[each][outcome] += count
            if outcome is Outcome.MET:
                met.setdefault(each, {})[mode] = count
        return {each: Visits(modes[each], outcomes[each], met.get(each, {})) for each in modes}


def _within(session: Session, actor: Actor, area_id: int | None, column: Any) -> list[ColumnElement[bool]]:
    """Return the condition that a row's own area lies in what is asked; none where that is everything."""
    areas = ground(session, actor, area_id)
    if area_id is None and require(actor, Action.PROGRESS_VIEW) is Scope.ZONE:
        return []
    return [inside(column, areas)]


def inside(column: Any, areas: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that an area id is one of some areas or lies below one."""
    roots = select(Area.path).where(col(Area.id).in_(areas)).subquery()
    return access.among(column, select(Area.id).join(roots, col(Area.path).like(roots.c.path + "%")))
