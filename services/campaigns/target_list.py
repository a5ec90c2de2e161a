"""A campaign's targets as a list, with where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, case, cast, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from core import clock
from models.account import Account
from models.area import Area
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.team import Team
from models.visit import Visit
from services import access
from services.actor import Actor
from services.campaigns.standing import Standing, standings
from services.entities.queries import searched
from services.permissions import Action
from services.teams.serving import serving
from services.use_case import use_case


@dataclass(frozen=True)
class Wanted:
    """What a list of targets is narrowed to; whatever is empty is not.

    Args:
        search: any part of an enterprise's name, code or address.
        standing: where they stand.
        team_id: the team that answers for them.
        areas: areas and everything below them.
        assignee_id: who has the visit that counts.
        until: by which day those met were met, those planned are planned for, and the others' visit was recorded.
    """

    search: str = ""
    standing: Sequence[Standing] = ()
    team_id: int | None = None
    areas: Sequence[int] = ()
    assignee_id: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class TargetPage:
    """A page of a campaign's targets and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def find(
    actor: Actor, campaign_id: int, wanted: Wanted | None = None, *, page: int = 1, page_size: int = 50
) -> TargetPage:
    """Return a page of a campaign's targets with where each stands.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)
        found = statement(actor, campaign_id, wanted or Wanted())
        total = session.execute(select_columns(func.count()).select_from(found.subquery())).scalar_one()
        ordered = found.order_by(col(Enterprise.id)).limit(page_size).offset((page - 1) * page_size)
        return TargetPage([dict(row) for row in session.execute(ordered).mappings()], total)


def statement(actor: Actor, campaign_id: int, wanted: Wanted) -> Any:
    """Return the statement of the targets a list leaves, with the columns of its rows; part of a use case."""
    place = standings(col(Visit.campaign_id) == campaign_id)
    return (
        select_columns(
            col(Enterprise.id),
            col(Enterprise.name),
            col(Enterprise.credit_code),
            col(Area.name).label("area"),
            place.c.standing,
            col(Team.name).label("team"),
            col(Account.name).label("assignee"),
            place.c.planned_on,
            place.c.recorded_at,
        )
        .join(place, place.c.enterprise_id == col(Enterprise.id))
        .join(Area, col(Area.id) == col(Enterprise.area_id))
        .outerjoin(Team, col(Team.id) == place.c.team_id)
        .outerjoin(Account, col(Account.id) == place.c.assignee_id)
        .where(place.c.campaign_id == campaign_id, access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise))
        .where(*_conditions(place, wanted))
    )


def named(actor: Actor, wanted: Wanted) -> list[str]:
    """Return the names of the team, areas and person a list is narrowed to, for whoever looks at it.

    Raises:
        NotAllowedError: the role sees no campaigns.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        asked: list[tuple[type[Team | Area | Account], list[int]]] = [
            (Team, [wanted.team_id] if wanted.team_id is not None else []),
            (Area, list(wanted.areas)),
            (Account, [wanted.assignee_id] if wanted.assignee_id is not None else []),
        ]
        return [
            name
            for table, ids in asked
            if ids
            for name in session.exec(select(table.name).where(col(table.id).in_(ids)).order_by(col(table.id)))
        ]


def _conditions(place: Subquery, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search.strip():
        found.append(searched(Enterprise, wanted.search, []))
    if wanted.standing:
        found.append(place.c.standing.in_([each.value for each in wanted.standing]))
    if wanted.team_id is not None:
        served = serving()
        found.append(
            col(Enterprise.area_id).in_(select_columns(served.c.area_id).where(served.c.team_id == wanted.team_id))
        )
    if wanted.areas:
        roots = select(Area.path).where(col(Area.id).in_(wanted.areas)).subquery()
        found.append(
            access.among(Enterprise.area_id, select(Area.id).join(roots, col(Area.path).like(roots.c.path + "%")))
        )
    if wanted.assignee_id is not None:
        found.append(place.c.assignee_id == wanted.assignee_id)
    if wanted.until is not None:
        found.append(_day(place) <= wanted.until)
    return found


def _day(place: Subquery) -> ColumnElement[date]:
    """Return the day that counts for a target, as the tables of figures have it (`services.tallies.counting`)."""
    ahead = place.c.standing.in_([Standing.OPEN.value, Standing.OVERDUE.value, Standing.RETURNED.value])
    recorded = cast(func.timezone(clock.zone().key, place.c.recorded_at), Date)
    return case((ahead, place.c.planned_on), else_=recorded)
