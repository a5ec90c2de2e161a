"""The open visits of a campaign: what may be moved to others or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from core import clock
from core.i18n import N_
from models.account import Account
from models.area import Area
from models.base import LabelledEnum
from models.enterprise import Enterprise
from models.visit import OPEN_VISIT_STATES, Visit, VisitState
from services import access
from services.actor import Actor
from services.assignment.board import LIMIT, Filters, narrow
from services.campaigns.standing import Standing, of_open
from services.permissions import Action
from services.use_case import use_case
from services.visitors import GONE


class Among(LabelledEnum):
    """Which of the open visits are asked for; one can belong to several of these."""

    ALL = "all", N_("All")
    OVERDUE = "overdue", N_("Overdue")
    RETURNED = "returned", N_("Returned for completion")
    OPEN = "open", N_("Open")
    LEFT = "left", N_("People who left")


@dataclass(frozen=True)
class OpenVisit:
    """A visit that has been assigned and not recorded, or returned for completion."""

    visit_id: int
    enterprise: str
    area: str
    assignee_id: int
    assignee: str
    planned_on: date
    standing: Standing


@dataclass(frozen=True)
class OpenVisits:
    """What the filters leave of a campaign's open visits.

    Args:
        visits: those asked for, the earliest first, `LIMIT` of them at most.
        among: which these are.
        counts: how many there are of each kind, however many are listed.
    """

    visits: list[OpenVisit]
    among: Among
    counts: Mapping[Among, int]

    @property
    def total(self) -> int:
        """How many there are of those asked for."""
        return self.counts[self.among]


def open_visits(actor: Actor, campaign_id: int, filters: Filters | None = None, among: Among = Among.ALL) -> OpenVisits:
    """Return the open visits of a campaign that `actor` may move or take back.

    Args:
        actor: who asks; a lead sees those of their teams.
        campaign_id: the campaign.
        filters: what to narrow the list to.
        among: which of them; a kind there are none of means all.
    """
    asked = _asked(actor, campaign_id, filters or Filters())
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        conditions = kinds()
        counted = asked.with_only_columns(*(func.count().filter(each) for each in conditions.values()))
        counts = dict(zip(conditions, session.execute(counted).one(), strict=True))
        shown = among if counts[among] else Among.ALL
        return OpenVisits(_listed(session, asked.where(conditions[shown])), shown, counts)


def kinds() -> dict[Among, ColumnElement[bool]]:
    """Return the condition of each kind of open visits, on `Visit`, as of today."""
    is_open, planned = col(Visit.state).in_(OPEN_VISIT_STATES), col(Visit.state) == VisitState.PLANNED
    late = col(Visit.planned_on) < clock.today()
    return {
        Among.ALL: is_open,
        Among.OVERDUE: planned & late,
        Among.RETURNED: col(Visit.state) == VisitState.RETURNED,
        Among.OPEN: planned & ~late,
        Among.LEFT: is_open & access.among(Visit.assignee_id, GONE),
    }


def _asked(actor: Actor, campaign_id: int, filters: Filters) -> Any:
    """Return the statement of the visits the filters leave, with enterprise, area and person beside each."""
    return (
        select_columns(Visit, col(Enterprise.name), col(Area.name), Account)
        .select_from(Visit)
        .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
        .join(Area, col(Area.id) == Visit.area_id)
        .join(Account, col(Account.id) == Visit.assignee_id)
        .where(
            access.condition(actor, Action.VISIT_ASSIGN, Visit), col(Visit.campaign_id) == campaign_id,
            col(Visit.state).in_(OPEN_VISIT_STATES), *narrow(filters, Visit.area_id, Visit.team_id),
        )
    )  # fmt: skip


def _listed(session: Session, asked: Any) -> list[OpenVisit]:
    rows = session.execute(asked.order_by(col(Visit.planned_on), col(Visit.id)).limit(LIMIT))
    return [
        OpenVisit(visit.pk, enterprise, area, person.pk, person.name, visit.planned_on, of_open(visit))
        for visit, enterprise, area, person in rows
    ]
