"""A pasted list of enterprises a campaign is to visit."""

from dataclasses import dataclass

from sqlmodel import col, select

from models.campaign import Campaign, CampaignTarget
from services import access
from services.actor import Actor
from services.enterprises.pasting import BadLine, named
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Matched:
    """What a pasted list names: `fresh` enterprises (id → name), targets `already`, lines that name none."""

    fresh: dict[int, str]
    already: int
    bad: list[BadLine]


def match_list(actor: Actor, campaign_id: int, pasted: str) -> Matched:
    """Return which enterprises a pasted list names, by credit code or exact name, one a line.

    Raises:
        ConflictError: the list is too long.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        found = named(session, actor, pasted)
        targets = select(CampaignTarget.enterprise_id).where(
            CampaignTarget.campaign_id == campaign_id, col(CampaignTarget.enterprise_id).in_(found.enterprises)
        )
        present = set(session.exec(targets))
        fresh = {row_id: name for row_id, name in found.enterprises.items() if row_id not in present}
        return Matched(fresh, len(present), found.bad)
