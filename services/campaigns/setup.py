"""Making, changing and copying campaigns."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, literal
from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.campaign import Campaign, CampaignTarget, FormVersion
from models.fields import clean_values
from services import access, entities
from services.actor import Actor
from services.campaigns import forms
from services.campaigns.loading import require_unfinished
from services.entities import Entity
from services.permissions import Action
from services.use_case import use_case


def save(
    actor: Actor, raw: Mapping[str, Any], campaign_id: int | None = None, *, seen: Mapping[str, Any] | None = None
) -> int:
    """Make a campaign, or change one; return its id.

    Args:
        actor: who asks.
        raw: field key → value as entered.
        campaign_id: the campaign to change; `None` makes a new one.
        seen: the values the person began with, see `entities.save`.

    Raises:
        InvalidError: a value is not acceptable or another campaign has the name.
        ConflictError: the campaign is finished, or somebody else changed the same field since `seen`.
        NotFoundError: there is no such campaign.
    """
    return entities.save(actor, CAMPAIGNS, raw, campaign_id, seen=seen)


def fetch(actor: Actor, campaign_id: int) -> Campaign:
    """Return one campaign.

    Raises:
        NotFoundError: there is no such campaign or the actor may not see it.
    """
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        return access.load(session, actor, Action.CAMPAIGN_VIEW, Campaign, campaign_id)


def copy(actor: Actor, campaign_id: int, raw: Mapping[str, Any], *, with_targets: bool = False) -> int:
    """Make a draft with the settings, the form and the filters of another campaign, and none of its visits.

    Args:
        actor: who asks.
        campaign_id: the campaign to copy.
        raw: what differs, as entered: at least the name and the first and last day.
        with_targets: whether it also means to visit the same enterprises.

    Returns:
        The new campaign's id.

    Raises:
        InvalidError: another campaign has the name, or a value is not acceptable.
        NotFoundError: there is no such campaign.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        source = access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        specs = [spec for spec in entities.fields(session, CAMPAIGNS) if spec.editable]
        values, problems = clean_values(specs, source.model_dump(include={spec.key for spec in specs}) | dict(raw))
        if problems:
            raise InvalidError(problems)
        made = Campaign(**values, target_rules=source.target_rules)
        entities.store(session, actor, CAMPAIGNS, made)
        form = forms.current(session, campaign_id)
        if form is not None:
            session.add(FormVersion(campaign_id=made.pk, version=1, questions=form.questions))
        if with_targets:
            _copy_targets(session, campaign_id, made.pk)
        return made.pk


def _copy_targets(session: Session, source_id: int, made_id: int) -> None:
    rows = select(literal(made_id), CampaignTarget.enterprise_id).where(col(CampaignTarget.campaign_id) == source_id)
    session.connection().execute(insert(CampaignTarget).from_select(["campaign_id", "enterprise_id"], rows))


def _prepare(_session: Session, actor: Actor, campaign: Campaign) -> None:
    require_unfinished(campaign)
    if campaign.ends_on < campaign.starts_on:
        raise InvalidError({"ends_on": gettext("The last day lies before the first.")})
    if campaign.id is None:
        campaign.owner_id = actor.account_id


CAMPAIGNS = Entity(
    key="campaign",
    model=Campaign,
    label=N_("Campaign"),
    labels=N_("Campaigns"),
    view=Action.CAMPAIGN_VIEW,
    edit=Action.CAMPAIGN_EDIT,
    natural_key=("name",),
    order="-starts_on",
    prepare=_prepare,
)
