"""Which teams are behind an even pace, and why: what nobody was given, what is overdue and with whom, who is away."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core import clock
from core.arrays import table_of
from models.account import Account
from models.campaign import Campaign, CampaignTarget
from models.enterprise import Enterprise
from models.tally import TargetTally
from models.team import Leave, Team, TeamMember
from models.visit import Outcome, Visit, VisitState
from services.campaigns.progress import Progress
from services.campaigns.standing import Standing
from services.progress_overview.advance import pace
from services.progress_overview.question import Setting
from services.tallies.reading import inside
from services.teams.serving import serving

LEAVE_DAYS = 14
"""How many days back leave is counted."""


@dataclass(frozen=True)
class Debtor:
    """Somebody with overdue visits of a team."""

    account_id: int
    name: str
    count: int


@dataclass(frozen=True)
class TeamAdvance:
    """How far a team is with the enterprises it answers for.

    Args:
        team_id: the team.
        name: its name.
        progress: where its enterprises stand.
        expected: how many an even pace would have met by today.
        members: how many belong to it now.
        leave_days: days of leave of its members within the last `LEAVE_DAYS`.
        debtor: who has most of its overdue visits.
    """

    team_id: int
    name: str
    progress: Progress
    expected: int
    members: int = 0
    leave_days: int = 0
    debtor: Debtor | None = None

    @property
    def behind(self) -> int:
        """How many fewer have been met than an even pace asks; more: a negative number."""
        return self.expected - self.progress.visited


@dataclass(frozen=True)
class _People:
    members: dict[int, int] = field(default_factory=dict)
    leave: dict[int, int] = field(default_factory=dict)


def teams(session: Session, setting: Setting) -> list[TeamAdvance]:
    """Return each team that answers for enterprises of the campaign, those furthest behind first.

    Part of a use case.
    """
    campaign = setting.campaign
    if campaign is None:
        return []
    cells = _cells(session, campaign)
    served = _served(session, setting, {area_id for area_id, *_rest in cells})
    progress = _progress(cells, served)
    named = select(col(Team.id), col(Team.name)).where(col(Team.id).in_(progress))
    names = {row.id: row.name for row in session.execute(named)}
    people, debtors = _people(session, list(progress)), _debtors(session, campaign, served)
    today = clock.today()
    found = [
        TeamAdvance(
            team_id, names[team_id], each, round(pace(campaign, each.targets, today)),
            people.members.get(team_id, 0), people.leave.get(team_id, 0), debtors.get(team_id),
        )
        for team_id, each in progress.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.behind, each.team_id))


def _cells(session: Session, campaign: Campaign) -> Sequence[Any]:
    """Return how many enterprises of each area stand where: area_id, standing, late, count."""
    late = (col(TargetTally.standing) == Standing.OPEN.value) & (col(TargetTally.day) < clock.today())
    key: tuple[Any, ...] = (col(TargetTally.area_id), col(TargetTally.standing), late)
    found = select(*key, func.sum(TargetTally.targets))
    return session.execute(found.where(col(TargetTally.campaign_id) == campaign.pk).group_by(*key)).all()


def _served(session: Session, setting: Setting, areas: Set[int]) -> dict[int, int]:
    """Return area → the team that answers for it, of those areas that lie where it was asked for."""
    served = serving(select(table_of([(each,) for each in areas], id=Integer()).c.id))
    found = select(served.c.area_id, served.c.team_id)
    if setting.team is not None:
        found = found.where(served.c.team_id == setting.team.pk)
    elif setting.narrowed is not None:
        found = found.where(inside(served.c.area_id, setting.narrowed))
    return dict(session.execute(found).all())


def _progress(cells: Sequence[Any], served: Mapping[int, int]) -> dict[int, Progress]:
    sums: dict[tuple[int, str, bool], int] = {}
    for area_id, name, late, count in cells:
        if team_id := served.get(area_id):
            key = team_id, name, late
            sums[key] = sums.get(key, 0) + count
    counts: dict[int, dict[Standing, int]] = {}
    for (team_id, name, late), count in sums.items():
        counts.setdefault(team_id, {})[Standing.OVERDUE if late else Standing.of(name)] = count
    return {team_id: Progress(each) for team_id, each in counts.items()}


def _people(session: Session, team_ids: list[int]) -> _People:
    today = clock.today()
    first = today - timedelta(days=LEAVE_DAYS - 1)
    present = (col(TeamMember.team_id).in_(team_ids), col(TeamMember.left_on).is_(None))
    members = select(col(TeamMember.team_id), func.count()).where(*present).group_by(col(TeamMember.team_id))
    days = func.least(Leave.ends_on, today) - func.greatest(Leave.starts_on, first) + 1
    leave = (
        select(col(TeamMember.team_id), func.sum(days))
        .join(Leave, col(Leave.account_id) == TeamMember.account_id)
        .where(*present, col(Leave.starts_on) <= today, col(Leave.ends_on) >= first)
        .group_by(col(TeamMember.team_id))
    )
    return _People(
        {row[0]: row[1] for row in session.execute(members)}, {row[0]: int(row[1]) for row in session.execute(leave)}
    )


def _debtors(session: Session, campaign: Campaign, served: Mapping[int, int]) -> dict[int, Debtor]:
    """Return team → who has most of its overdue visits in the areas given; of several the one who is there longest."""
    counts: dict[int, Counter[int]] = {}
    for area_id, account_id, count in session.execute(_overdue(campaign)):
        if area_id in served:
            counts.setdefault(served[area_id], Counter())[account_id] += count
    most = {team_id: min(each.items(), key=lambda one: (-one[1], one[0])) for team_id, each in counts.items()}
    named = select(col(Account.id), col(Account.name)).where(
        col(Account.id).in_({who for who, _count in most.values()})
    )
    names = dict(session.execute(named).all())
    return {team_id: Debtor(who, names[who], count) for team_id, (who, count) in most.items()}


def _overdue(campaign: Campaign) -> Select[int, int, int]:
    """Return the statement of how many enterprises of an area are overdue with whom.

    An enterprise is overdue if a visit planned for a past day is the one that counts for it: if nobody there was met
    (`services.campaigns.standing`).
    """
    other = aliased(Visit)
    met = exists().where(
        col(other.campaign_id) == campaign.pk, col(other.enterprise_id) == col(Visit.enterprise_id),
        col(other.state) == VisitState.RECORDED, col(other.outcome) == Outcome.MET,
    )  # fmt: skip
    target = (col(CampaignTarget.campaign_id) == campaign.pk) & (
        col(CampaignTarget.enterprise_id) == Visit.enterprise_id
    )
    key = (col(Enterprise.area_id), col(Visit.assignee_id))
    return (
        select(*key, func.count())
        .select_from(Visit)
        .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
        .join(CampaignTarget, target)
        .where(col(Visit.campaign_id) == campaign.pk, col(Visit.state) == VisitState.PLANNED)
        .where(col(Visit.planned_on) < clock.today(), ~met)
        .group_by(*key)
    )
