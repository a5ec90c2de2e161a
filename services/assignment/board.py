"""What a lead sees before assigning: open enterprises beside members with their load and leave."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import clock
from models.account import Account
from models.area import Area
from models.campaign import Campaign, CampaignTarget
from models.enterprise import Enterprise, EnterpriseStatus
from models.entity import specs_of
from models.geo import Point, distance_km, point
from models.team import Leave, Team, TeamMember
from models.visit import OPEN_VISIT_STATES, Outcome, Visit, VisitState
from services import access, working_time
from services.actor import Actor
from services.areas.tree import indented
from services.assignment.days import next_day
from services.entities.queries import searched
from services.permissions import Action
from services.use_case import use_case
from services.visitors import TO_MAKE, VISITS
from services.visits.rules import LastVisit, last_visits, running_campaign, running_campaigns

LIMIT = 500
"""Rows of the list at most; a search or an area narrows it."""


@dataclass(frozen=True)
class Filters:
    """What the lists of the board are narrowed to; an area means it and everything below."""

    search: str = ""
    area_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Target:
    """An enterprise of the campaign that nobody is to visit yet."""

    enterprise_id: int
    name: str
    area_id: int
    area: str
    area_path: str
    address: str
    place: Point | None
    distance: float | None
    """Kilometres from the centre of the filtered area or of the first team."""
    last_visit: LastVisit | None
    """Set if it lies within the campaign's days of rest."""


@dataclass(frozen=True)
class Member:
    """Somebody visits can be given to."""

    account_id: int
    name: str
    team_id: int
    team: str
    is_lead: bool
    grid: str
    grid_path: str
    place: Point | None
    open_visits: int
    this_week: int
    planned: dict[date, int]
    leave: tuple[tuple[date, date], ...]

    def is_away(self, day: date) -> bool:
        """Return whether the person makes no visits on a day."""
        return any(first <= day <= last for first, last in self.leave)


@dataclass(frozen=True)
class Board:
    """The page of one campaign."""

    campaigns: dict[int, str]
    campaign_id: int | None
    targets: list[Target]
    total: int
    again: int
    """How many of these were visited in vain: whoever refused or was not found is visited again."""
    members: list[Member]
    areas: dict[int, str]
    teams: dict[int, str]
    next_day: date
    """On which a visit is planned unless somebody chooses another."""


def board(actor: Actor, campaign_id: int | None = None, filters: Filters | None = None) -> Board:
    """Return what a lead or coordinator needs to assign the visits of a running campaign.

    Args:
        actor: who asks; a lead sees the area of their teams.
        campaign_id: the campaign; `None`, or one that runs no more, means the running one that ends first and still
            has enterprises to assign.
        filters: what to narrow the lists to.
    """
    filters = filters or Filters()
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        campaigns, day = running_campaigns(session, actor), next_day(working_time.calendar(session))
        if campaign_id not in campaigns:
            campaign_id = _waiting(session, actor, campaigns)
        if campaign_id is None:
            return Board({}, None, [], 0, 0, [], {}, {}, day)
        campaign = running_campaign(session, actor, campaign_id)
        people = members(session, actor, filters.team_id)
        wanted = unassigned(actor, campaign.pk).where(*narrow(filters, Enterprise.area_id))
        targets, total = _targets(session, campaign, wanted, _centre(session, filters, people))
        in_vain = _count(session, wanted.where(_recorded(campaign)))
        teams = {each.team_id: each.team for each in people}
        areas = _areas(session, actor, campaign_id)
        return Board(campaigns, campaign_id, targets, total, in_vain, people, areas, teams, day)


def members(session: Session, actor: Actor, team_id: int | None = None) -> list[Member]:
    """Return the present members `actor` may give visits to, the least loaded first."""
    statement = (
        select(TeamMember, Account.name, Team, Area)
        .join(Account, col(Account.id) == TeamMember.account_id)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .join(Area, col(Area.id) == func.coalesce(TeamMember.grid_id, Team.area_id))
        .where(access.condition(actor, Action.VISIT_ASSIGN, TeamMember))
        .where(col(TeamMember.left_on).is_(None), col(Team.active), VISITS)
    )
    if team_id is not None:
        statement = statement.where(TeamMember.team_id == team_id)
    rows = session.execute(statement).all()
    ids = [member.account_id for member, *_rest in rows]
    diaries, leave = _diaries(session, ids), _leave(session, ids)
    found = [
        _member(member, name, team, area, diaries.get(member.account_id, {}), leave.get(member.account_id, ()))
        for member, name, team, area in rows
    ]
    return sorted(found, key=lambda each: (each.team, each.open_visits, each.account_id))


def unassigned(actor: Actor, campaign_id: int) -> SelectOfScalar[Enterprise]:
    """Return the statement of a campaign's enterprises that still need somebody to visit them."""
    settled = select(Visit.enterprise_id).where(
        Visit.campaign_id == campaign_id,
        col(Visit.state).in_(OPEN_VISIT_STATES)
        | ((col(Visit.state) == VisitState.RECORDED) & col(Visit.outcome).in_((Outcome.MET, Outcome.MOVED_AWAY))),
    )
    return (
        access.visible(actor, Action.VISIT_ASSIGN, Enterprise)
        .join(CampaignTarget, col(CampaignTarget.enterprise_id) == Enterprise.id)
        .where(CampaignTarget.campaign_id == campaign_id, Enterprise.status == EnterpriseStatus.ACTIVE)
        .where(col(Enterprise.id).not_in(settled))
    )


def _waiting(session: Session, actor: Actor, campaigns: Iterable[int]) -> int | None:
    """Return the first campaign that has something left to assign, or else the first."""
    ids = list(campaigns)
    left = (each for each in ids if session.exec(unassigned(actor, each).limit(1)).first() is not None)
    return next(left, next(iter(ids), None))


def _recorded(campaign: Campaign) -> ColumnElement[bool]:
    """Return the condition that somebody has been at an enterprise for a campaign."""
    been = select(Visit.enterprise_id).where(Visit.campaign_id == campaign.pk, col(Visit.state) == VisitState.RECORDED)
    return col(Enterprise.id).in_(been)


def _count(session: Session, statement: SelectOfScalar[Enterprise]) -> int:
    return session.exec(select(func.count()).select_from(statement.subquery())).one()


def _targets(
    session: Session, campaign: Campaign, statement: SelectOfScalar[Enterprise], centre: Point | None
) -> tuple[list[Target], int]:
    total = _count(session, statement)
    enterprises = session.exec(statement.order_by(col(Enterprise.area_id), col(Enterprise.id)).limit(LIMIT)).all()
    recent = last_visits(session, [each.pk for each in enterprises], campaign.revisit_days)
    areas = {area.pk: area for area in session.exec(select(Area).where(_among(enterprises)))}
    targets = [_target(each, areas[each.area_id], centre, recent.get(each.pk)) for each in enterprises]
    return sorted(targets, key=lambda each: (each.distance is None, each.distance or 0, each.enterprise_id)), total


def _among(enterprises: Sequence[Enterprise]) -> Any:
    return col(Area.id).in_({each.area_id for each in enterprises})


def _target(enterprise: Enterprise, area: Area, centre: Point | None, last_visit: LastVisit | None) -> Target:
    place = point(enterprise.longitude, enterprise.latitude)
    return Target(
        enterprise_id=enterprise.pk,
        name=enterprise.name,
        area_id=area.pk,
        area=area.name,
        area_path=area.path,
        address=enterprise.address,
        place=place,
        distance=distance_km(place, centre) if place and centre else None,
        last_visit=last_visit,
    )


def _member(  # noqa: PLR0917 - one argument for each part of the row
    member: TeamMember, name: str, team: Team, area: Area, diary: dict[date, int], leave: tuple[tuple[date, date], ...]
) -> Member:
    today = clock.today()
    week_end = today + timedelta(days=6 - today.weekday())
    return Member(
        account_id=member.account_id,
        name=name,
        team_id=team.pk,
        team=team.name,
        is_lead=member.is_lead,
        grid=area.name if member.grid_id else "",
        grid_path=area.path if member.grid_id else "",
        place=point(area.longitude, area.latitude),
        open_visits=sum(diary.values()),
        this_week=sum(count for day, count in diary.items() if day <= week_end),
        planned=diary,
        leave=leave,
    )


def _diaries(session: Session, account_ids: Sequence[int]) -> dict[int, Counter[date]]:
    rows = session.execute(
        select_columns(col(Visit.assignee_id), col(Visit.planned_on), func.count())
        .where(col(Visit.assignee_id).in_(account_ids), TO_MAKE)
        .group_by(col(Visit.assignee_id), col(Visit.planned_on))
    )
    diaries: dict[int, Counter[date]] = {}
    for account_id, day, count in rows:
        diaries.setdefault(account_id, Counter())[day] = count
    return diaries


def _leave(session: Session, account_ids: Sequence[int]) -> dict[int, tuple[tuple[date, date], ...]]:
    periods: dict[int, tuple[tuple[date, date], ...]] = {}
    statement = select(Leave).where(col(Leave.account_id).in_(account_ids), Leave.ends_on >= clock.today())
    for leave in session.exec(statement.order_by(col(Leave.starts_on))):
        periods[leave.account_id] = (*periods.get(leave.account_id, ()), (leave.starts_on, leave.ends_on))
    return periods


def narrow(filters: Filters, area_id: Any, team_id: Any = None) -> list[ColumnElement[bool]]:
    """Return the conditions the filters ask for: on `Enterprise`, on a row's area, and on its team if it has one."""
    conditions: list[ColumnElement[bool]] = []
    if filters.search.strip():
        conditions.append(searched(Enterprise, filters.search, specs_of(Enterprise)))
    if filters.area_id is not None:
        root = select(Area.path).where(Area.id == filters.area_id).scalar_subquery()
        conditions.append(col(area_id).in_(select(Area.id).where(col(Area.path).like(root.op("||")("%")))))
    if team_id is not None and filters.team_id is not None:
        conditions.append(col(team_id) == filters.team_id)
    return conditions


def _centre(session: Session, filters: Filters, people: Sequence[Member]) -> Point | None:
    """Return where distances are counted from: the filtered area, or else the area of the first team."""
    if filters.area_id is not None:
        area = session.get(Area, filters.area_id)
    elif people:
        team = session.get_one(Team, people[0].team_id)
        area = session.get(Area, team.area_id)
    else:
        return None
    return point(area.longitude, area.latitude) if area else None


def _areas(session: Session, actor: Actor, campaign_id: int) -> dict[int, str]:
    """Return id → name of the areas that have something to assign, and of those above them, in the tree's order."""
    holding = unassigned(actor, campaign_id).with_only_columns(col(Enterprise.area_id)).distinct()
    leaves = select(Area.path).where(col(Area.id).in_(holding)).subquery()
    statement = (
        select(Area)
        .where(select(leaves.c.path).where(leaves.c.path.like(col(Area.path).op("||")("%"))).exists())
        .order_by(col(Area.path))
    )
    return indented(session.exec(statement).all())
