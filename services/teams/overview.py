"""What teams there are, with their lead, size and load, and who belongs to one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core import clock, text
from core.collation import by_reading
from models.account import Account
from models.area import Area
from models.team import Leave, Team, TeamMember
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action, allows
from services.use_case import use_case
from services.visitors import TO_MAKE


@dataclass(frozen=True)
class TeamRow:
    """A team as the list shows it."""

    id: int
    name: str
    area: str
    lead: str
    members: int
    away: int
    """Members on leave today."""
    open_visits: int
    active: bool


@dataclass(frozen=True)
class MemberRow:
    """A member of a team, present or former."""

    id: int
    account_id: int
    name: str
    phone: str
    """Masked for whoever may not see phone numbers."""
    is_lead: bool
    grid: str
    grid_id: int | None
    joined_on: date
    left_on: date | None
    away_until: date | None
    open_visits: int


@dataclass(frozen=True)
class TeamView:
    """One team: where it serves, who belongs to it and who did."""

    id: int
    name: str
    area_id: int
    area: str
    active: bool
    members: list[MemberRow]
    former: list[MemberRow]


def teams(actor: Actor) -> list[TeamRow]:
    """Return the teams `actor` may see, by name: one query.

    Raises:
        NotAllowedError: the role sees no teams.
    """
    with use_case(actor, Action.TEAM_VIEW) as session:
        lead, person = aliased(TeamMember), aliased(Account)
        named = select(person.name).join(lead, col(lead.account_id) == person.id)
        named = named.where(lead.team_id == Team.id, col(lead.left_on).is_(None), col(lead.is_lead)).limit(1)
        present = select(func.count(col(TeamMember.id))).where(
            TeamMember.team_id == Team.id, col(TeamMember.left_on).is_(None)
        )
        away = present.join(Leave, col(Leave.account_id) == TeamMember.account_id).where(_on(clock.today()))
        visits = select(func.count(col(Visit.id))).where(Visit.team_id == Team.id, TO_MAKE)
        parts = [part.correlate(Team).scalar_subquery() for part in (named, present, away, visits)]
        statement = select(Team, Area.name, *parts).join(Area, col(Area.id) == Team.area_id)
        statement = statement.where(access.condition(actor, Action.TEAM_VIEW, Team))
        rows = session.execute(statement.order_by(col(Team.active).desc(), by_reading(Team.name))).all()
        return [
            TeamRow(t.pk, t.name, area, who or "", size, gone, load, t.active)
            for t, area, who, size, gone, load in rows
        ]


def team(actor: Actor, team_id: int) -> TeamView:
    """Return one team with its present and former members.

    Raises:
        NotFoundError: there is no such team or the actor may not see it.
    """
    with use_case(actor, Action.TEAM_VIEW) as session:
        row = access.load(session, actor, Action.TEAM_VIEW, Team, team_id)
        members = _members(session, actor, team_id)
        return TeamView(
            id=row.pk,
            name=row.name,
            area_id=row.area_id,
            area=session.get_one(Area, row.area_id).name,
            active=row.active,
            members=[member for member in members if member.left_on is None],
            former=[member for member in members if member.left_on is not None],
        )


def _members(session: Session, actor: Actor, team_id: int) -> list[MemberRow]:
    visits = select(func.count(col(Visit.id))).where(Visit.assignee_id == TeamMember.account_id, TO_MAKE)
    until = select(func.max(Leave.ends_on)).where(Leave.account_id == TeamMember.account_id, _on(clock.today()))
    load, away = (part.correlate(TeamMember).scalar_subquery() for part in (visits, until))
    statement = (
        select(TeamMember, Account, Area.name, load, away)  # type: ignore[call-overload]  # five columns
        .join(Account, col(Account.id) == TeamMember.account_id)
        .outerjoin(Area, col(Area.id) == TeamMember.grid_id)
        .where(TeamMember.team_id == team_id)
        .order_by(
            col(TeamMember.left_on).desc().nulls_first(), col(TeamMember.is_lead).desc(), by_reading(Account.name)
        )
    )
    open_phones = allows(actor, Action.PHONE_VIEW)
    return [
        MemberRow(
            m.pk, a.pk, a.name, a.phone if open_phones else text.masked_phone(a.phone), m.is_lead, grid or "",
            m.grid_id, m.joined_on, m.left_on, gone, count,
        )
        for m, a, grid, count, gone in session.execute(statement).all()
    ]  # fmt: skip


def _on(day: date) -> Any:
    return (col(Leave.starts_on) <= day) & (col(Leave.ends_on) >= day)
