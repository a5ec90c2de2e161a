"""The list of enterprises: search, filters of every field, and how far a campaign has come with each."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from core.i18n import N_
from models.base import LabelledEnum
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise
from models.issue import Issue, IssueState
from models.visit import OPEN_VISIT_STATES, Outcome, Visit, VisitState
from services import entities, exporting
from services.actor import Actor
from services.enterprises.entity import ENTERPRISES
from services.entities import Found, Query
from services.permissions import Action
from services.use_case import use_case


class Standing(LabelledEnum):
    """How far a campaign has come with an enterprise."""

    VISITED = "visited", N_("Visited")
    PLANNED = "planned", N_("Visit planned")
    UNASSIGNED = "unassigned", N_("Not assigned yet")
    FAILED = "failed", N_("Not reached")


@dataclass(frozen=True)
class InCampaign:
    """A filter: enterprises a campaign means to visit, and how far it has come with them (`None`: all of them)."""

    campaign_id: int
    standing: Standing | None = None


@dataclass(frozen=True)
class Listing:
    """A page of the list.

    Args:
        found: the rows with their fields.
        visited_at: enterprise → when somebody was last met there.
        open_issues: enterprise → how many of its issues are not resolved.
    """

    found: Found
    visited_at: dict[int, datetime]
    open_issues: dict[int, int]


def find(actor: Actor, query: Query, campaign: InCampaign | None = None) -> Listing:
    """Return a page of the enterprises the actor may see.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    found = entities.find(actor, ENTERPRISES, _narrowed(query, campaign))
    ids = [row["id"] for row in found.rows]
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        return Listing(found, _visited_at(session, ids), _open_issues(session, ids))


def export(actor: Actor, query: Query, campaign: InCampaign | None = None) -> bytes:
    """Return all enterprises that search and filters leave as a workbook.

    Raises:
        NotAllowedError: the role may not export enterprises.
    """
    return exporting.export(actor, ENTERPRISES, _narrowed(query, campaign))


def campaigns(actor: Actor) -> dict[int, str]:
    """Return id → name of the campaigns the list can be filtered by, running ones first; empty if the role sees none.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        begun = col(Campaign.state) != CampaignState.DRAFT
        running_first = (col(Campaign.state) != CampaignState.RUNNING, col(Campaign.starts_on).desc())
        rows = session.exec(select(Campaign).where(begun).order_by(*running_first)).all()
        return {row.pk: row.name for row in rows}


def _narrowed(query: Query, campaign: InCampaign | None) -> Query:
    if campaign is None:
        return query
    return replace(query, where=(*query.where, _in_campaign(campaign)))


def _in_campaign(campaign: InCampaign) -> ColumnElement[bool]:
    own = col(Enterprise.id)
    visits = (col(Visit.enterprise_id) == own) & (col(Visit.campaign_id) == campaign.campaign_id)
    met = exists().where(visits, col(Visit.outcome) == Outcome.MET)
    planned = exists().where(visits, col(Visit.state).in_(OPEN_VISIT_STATES))
    tried = exists().where(visits, col(Visit.state) == VisitState.RECORDED)
    target = exists().where(
        col(CampaignTarget.enterprise_id) == own, col(CampaignTarget.campaign_id) == campaign.campaign_id
    )
    conditions = {
        None: target,
        Standing.VISITED: met,
        Standing.PLANNED: planned & ~met,
        Standing.FAILED: tried & ~met & ~planned,
        Standing.UNASSIGNED: target & ~tried & ~planned,
    }
    return conditions[campaign.standing]


def _visited_at(session: Session, ids: list[int]) -> dict[int, datetime]:
    statement = (
        select(Visit.enterprise_id, func.max(Visit.recorded_at))
        .where(col(Visit.enterprise_id).in_(ids), Visit.outcome == Outcome.MET)
        .group_by(col(Visit.enterprise_id))
    )
    return {row_id: at for row_id, at in session.exec(statement).all() if at is not None}


def _open_issues(session: Session, ids: list[int]) -> dict[int, int]:
    statement = (
        select(Issue.enterprise_id, func.count())
        .where(col(Issue.enterprise_id).in_(ids), Issue.state == IssueState.REGISTERED)
        .group_by(col(Issue.enterprise_id))
    )
    return dict(session.exec(statement).all())
