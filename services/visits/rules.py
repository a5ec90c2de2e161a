"""What several use cases of visits ask: does the campaign run, and when was an enterprise last disturbed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from core import clock
from core.errors import ConflictError
from core.i18n import N_
from models.account import Account
from models.campaign import Campaign, CampaignState
from models.visit import Outcome, Visit, VisitState
from services import access
from services.actor import Actor
from services.permissions import Action

_DISTURBING = (Outcome.MET, Outcome.REFUSED)
"""Somebody of the enterprise gave their time; a closed door disturbs nobody."""


@dataclass(frozen=True)
class LastVisit:
    """The latest visit of an enterprise, whatever the campaign."""

    day: date
    visitor: str
    campaign: str


def running_campaign(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Return a campaign that runs today and keep it from being paused until the transaction ends.

    Raises:
        ConflictError: it does not run, or today is outside its period.
    """
    statement = access.visible(actor, Action.CAMPAIGN_VIEW, Campaign).where(Campaign.id == campaign_id)
    campaign = session.exec(statement.with_for_update(read=True)).one()
    if campaign.state is not CampaignState.RUNNING:
        raise ConflictError(
            N_("The campaign “{campaign}” is not running, so its visits cannot be changed."), campaign=campaign.name
        )
    return campaign


def running_campaigns(session: Session, actor: Actor) -> dict[int, str]:
    """Return id → name of the running campaigns, the one that ends first before the others."""
    statement = (
        access.visible(actor, Action.CAMPAIGN_VIEW, Campaign)
        .where(Campaign.state == CampaignState.RUNNING)
        .order_by(col(Campaign.ends_on), col(Campaign.id))
    )
    return {campaign.pk: campaign.name for campaign in session.exec(statement)}


def last_visits(session: Session, enterprise_ids: Iterable[int], within_days: int) -> dict[int, LastVisit]:
    """Return enterprise id → its latest visit of any campaign within so many days; others are left out."""
    since = clock.now() - timedelta(days=within_days)
    latest = func.row_number().over(partition_by=col(Visit.enterprise_id), order_by=col(Visit.recorded_at).desc())
    ranked = (
        select_columns(
            col(Visit.enterprise_id),
            col(Visit.recorded_at),
            col(Visit.recorded_by_id),
            col(Visit.campaign_id),
            latest.label("rank"),
        )
        .where(col(Visit.enterprise_id).in_(list(enterprise_ids)), col(Visit.recorded_at) >= since)
        .where(col(Visit.outcome).in_(_DISTURBING), col(Visit.state) != VisitState.TAKEN_BACK)
        .subquery()
    )
    rows = session.execute(
        select_columns(ranked.c.enterprise_id, ranked.c.recorded_at, col(Account.name), col(Campaign.name))
        .join(Account, col(Account.id) == ranked.c.recorded_by_id)
        .join(Campaign, col(Campaign.id) == ranked.c.campaign_id)
        .where(ranked.c.rank == 1)
    )
    return {
        enterprise_id: LastVisit(recorded_at.astimezone(clock.zone()).date(), visitor, campaign)
        for enterprise_id, recorded_at, visitor, campaign in rows
    }
