"""How far campaigns are: each answer from one query over where their targets stand, or over the figures of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, case, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core import clock
from models.area import Area, Tier
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.tally import TargetTally
from models.team import Team
from models.visit import Outcome, Visit, VisitState
from services import access
from services.actor import Actor
from services.campaigns.standing import Standing, standings
from services.permissions import Action
from services.tallies import keeping
from services.use_case import use_case

_STANDINGS = {standing.value: standing for standing in Standing}


@dataclass(frozen=True)
class Progress:
    """How many target enterprises stand where."""

    counts: Mapping[Standing, int]

    def __getitem__(self, standing: Standing) -> int:
        """Return how many stand there."""
        return self.counts.get(standing, 0)

    @property
    def targets(self) -> int:
        """How many enterprises the campaign means to visit."""
        return sum(self.counts.values())

    @property
    def assigned(self) -> int:
        """How many somebody has been given, whatever came of it."""
        return self.targets - self[Standing.UNASSIGNED]

    @property
    def visited(self) -> int:
        """How many have been met."""
        return self[Standing.VISITED]

    @property
    def unfinished(self) -> int:
        """How many visits are still to be made or completed, the overdue ones included."""
        return self[Standing.OPEN] + self[Standing.OVERDUE] + self[Standing.RETURNED]

    @property
    def overdue(self) -> int:
        """How many planned visits lie in the past."""
        return self[Standing.OVERDUE]

    @property
    def unreached(self) -> int:
        """How many refused, were not found or have moved away."""
        return self[Standing.REFUSED] + self[Standing.NOT_FOUND] + self[Standing.MOVED_AWAY]

    def share(self, goal: int = 0) -> float:
        """Return how much of the goal (or, without one, of all targets) has been visited, at most 1."""
        aim = goal or self.targets
        return min(1.0, self.visited / aim) if aim else 0.0


@dataclass(frozen=True)
class Line:
    """The progress of one team or area; an empty name stands for what belongs to none."""

    name: str
    progress: Progress


def campaigns(actor: Actor) -> list[tuple[Campaign, Progress]]:
    """Return the campaigns `actor` may see with their progress, the latest first.

    Raises:
        NotAllowedError: the role sees no campaigns.
    """
    keeping.catch_up()
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        found = access.visible(actor, Action.CAMPAIGN_VIEW, Campaign)
        rows = session.exec(found.order_by(col(Campaign.starts_on).desc(), col(Campaign.id).desc())).all()
        counted = of_all(session, [campaign.pk for campaign in rows])
        return [(campaign, counted[campaign.pk]) for campaign in rows]


def of_all(session: Session, campaign_ids: Sequence[int]) -> dict[int, Progress]:
    """Return campaign → its whole progress, from the figures as they were last settled; part of a use case."""
    late = (col(TargetTally.standing) == Standing.OPEN.value) & (col(TargetTally.day) < clock.today())
    standing = case((late, Standing.OVERDUE.value), else_=col(TargetTally.standing))
    key = (col(TargetTally.campaign_id), standing.label("standing"))
    found = select(*key, func.sum(TargetTally.targets)).where(col(TargetTally.campaign_id).in_(campaign_ids))
    counts: dict[int, dict[Standing, int]] = {each: {} for each in campaign_ids}
    for campaign_id, name, number in session.execute(found.group_by(*key)):
        counts[campaign_id][_STANDINGS[name]] = number
    return {campaign_id: Progress(each) for campaign_id, each in counts.items()}


def of_campaign(actor: Actor, campaign_id: int) -> Progress:
    """Return the progress of one campaign.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        standing = standings(col(Visit.campaign_id) == campaign_id)
        counted = _grouped(session, standing, standing.c.campaign_id, campaign_id=campaign_id)
        return counted.get(campaign_id, Progress({}))


def by_team(actor: Actor, campaign_id: int) -> list[Line]:
    """Return the progress of each team that was given visits, and of what no team has yet.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        standing = standings(col(Visit.campaign_id) == campaign_id)
        source = standing.outerjoin(Team, col(Team.id) == standing.c.team_id)
        return _lines(_grouped(session, standing, col(Team.name), source=source, campaign_id=campaign_id))


def by_area(actor: Actor, campaign_id: int) -> list[Line]:
    """Return the progress in each street or town, and of what lies in none.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        standing, street = standings(col(Visit.campaign_id) == campaign_id), aliased(Area)
        source = (
            standing.join(Enterprise, col(Enterprise.id) == standing.c.enterprise_id)
            .join(Area, col(Area.id) == col(Enterprise.area_id))
            .outerjoin(street, (col(street.tier) == Tier.STREET) & col(Area.path).like(street.path + "%"))
        )
        return _lines(_grouped(session, standing, street.name, source=source, campaign_id=campaign_id))


def by_day(actor: Actor, campaign_id: int) -> dict[date, int]:
    """Return day → how many enterprises were met on it.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        day = cast(Visit.recorded_at, Date)
        statement = select(day, func.count()).where(
            col(Visit.campaign_id) == campaign_id,
            col(Visit.state) == VisitState.RECORDED,
            col(Visit.outcome) == Outcome.MET,
        )
        return {row[0]: row[1] for row in session.execute(statement.group_by(day).order_by(day))}


def _grouped(
    session: Session, standing: Any, key: Any, *, campaign_id: int, source: Any = None
) -> dict[Any, Progress]:  # fmt: skip
    statement = select(key, standing.c.standing, func.count()).select_from(standing if source is None else source)
    statement = statement.where(standing.c.campaign_id == campaign_id)
    counts: dict[Any, dict[Standing, int]] = {}
    for name, where, number in session.execute(statement.group_by(key, standing.c.standing)):
        counts.setdefault(name, {})[_STANDINGS[where]] = number
    return {name: Progress(found) for name, found in counts.items()}


def _lines(grouped: Mapping[Any, Progress]) -> list[Line]:
    lines = [Line(name or "", progress) for name, progress in grouped.items()]
    return sorted(lines, key=lambda line: (line.name == "", -line.progress.targets, line.name))
