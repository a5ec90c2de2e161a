"""Loading a campaign that is going to be changed."""

from sqlmodel import Session

from core.errors import ConflictError
from core.i18n import N_
from models.campaign import Campaign, CampaignState
from services import access
from services.actor import Actor
from services.permissions import Action


def load(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Return a campaign to be changed, held until the transaction ends.

    Raises:
        NotFoundError: there is no such campaign or the actor may not change it.
        ConflictError: it is finished.
    """
    campaign = access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id, lock=True)
    require_unfinished(campaign)
    return campaign


def require_unfinished(campaign: Campaign) -> None:
    """Refuse to change what is over.

    Raises:
        ConflictError: the campaign is finished.
    """
    if campaign.state is CampaignState.FINISHED:
        raise ConflictError(N_("This campaign is finished. Reopen it to change it."))
