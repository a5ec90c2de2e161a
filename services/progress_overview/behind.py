"""Which teams are behind an even pace, and why: what nobody was given, what is overdue and with whom, who is away."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core import clock
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
    progress = _progress(session, setting, campaign)
    named = select(col(Team.id), col(Team.name)).where(col(Team.id).in_(progress))
    names = {row.id: row.name for row in session.execute(named)}
    people, debtors = _people(session, list(progress)), _debtors(session, setting, campaign)
    today = clock.today()
    found = [
        TeamAdvance(
            team_id, names[team_id], each, round(pace(campaign, each.targets, today)),
            people.members.get(team_id, 0), people.leave.get(team_id, 0), debtors.get(team_id),
        )
        for team_id, each in progress.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.behind, each.team_id))


def _progress(session: Session, setting: Setting, campaign: Campaign) -> dict[int, Progress]:
    served = serving(select(col(TargetTally.area_id)).where(col(TargetTally.campaign_id) == campaign.pk))
    late = (col(TargetTally.standing) == Standing.OPEN.value) & (col(TargetTally.day) < clock.today())
    where = [col(TargetTally.campaign_id) == campaign.pk, *_within(setting, served, TargetTally.area_id)]
    key = (served.c.team_id, col(TargetTally.standing), late.label("late"))
    rows = session.execute(
        select(*key, func.sum(TargetTally.targets))
        .select_from(TargetTally)
        .join(served, served.c.area_id == TargetTally.area_id)
        .where(*where)
        .group_by(*key)
    )
    counts: dict[int, dict[Standing, int]] = {}
    for team_id, name, is_late, count in rows:
        standing = Standing.OVERDUE if is_late else Standing.of(name)
        counts.setdefault(team_id, {})[standing] = count
    return {team_id: Progress(each) for team_id, each in counts.items()}


def _within(setting: Setting, served: CTE, area_id: Any) -> list[ColumnElement[bool]]:
    """Return the conditions that what a team answers for lies where it was asked for."""
    if setting.team is not None:
        return [served.c.team_id == setting.team.pk]
    return [] if setting.narrowed is None else [inside(area_id, setting.narrowed)]


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


def _debtors(session: Session, setting: Setting, campaign: Campaign) -> dict[int, Debtor]:
    """Return team → who has most of its overdue visits where it was asked for.

    An enterprise is overdue if a visit planned for a past day is the one that counts for it: if nobody there was met
    (`services.campaigns.standing`).
    """
    other = aliased(Visit)
    met = exists().where(
        col(other.campaign_id) == campaign.pk, col(other.enterprise_id) == col(Visit.enterprise_id),
        col(other.state) == VisitState.RECORDED, col(other.outcome) == Outcome.MET,
    )  # fmt: skip
    late = (
        select(col(Enterprise.area_id).label("area_id"), col(Visit.assignee_id).label("assignee_id"))
        .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
        .join(
            CampaignTarget,
            (col(CampaignTarget.campaign_id) == campaign.pk)
            & (col(CampaignTarget.enterprise_id) == Visit.enterprise_id),
        )
        .where(col(Visit.campaign_id) == campaign.pk, col(Visit.state) == VisitState.PLANNED)
        .where(col(Visit.planned_on) < clock.today(), ~met)
        .cte("late")
    )
    served, count = serving(select(late.c.area_id)), func.count().label("count")
    rows = session.execute(
        select(served.c.team_id, late.c.assignee_id, col(Account.name), count)
        .select_from(late)
        .join(served, served.c.area_id == late.c.area_id)
        .join(Account, col(Account.id) == late.c.assignee_id)
        .where(*_within(setting, served, late.c.area_id))
        .group_by(served.c.team_id, late.c.assignee_id, col(Account.name))
        .order_by(count, late.c.assignee_id.desc())
    )
    return {team_id: Debtor(*who) for team_id, *who in rows}
