"""A campaign's way from draft to finished: draft → running ⇄ paused → finished → (reopened) running."""

from dataclasses import dataclass

from sqlmodel import Session, select

from core import clock
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.campaign import Campaign, CampaignState, CampaignTarget
from services import access, audit_trail
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case

_DRAFT, _RUNNING, _PAUSED, _FINISHED = CampaignState


@dataclass(frozen=True)
class Step:
    """One step of a campaign.

    Args:
        key: its name.
        label: the text of its button.
        before: the states it starts from.
        after: the state it leads to.
        refusal: what is said when the campaign stands elsewhere.
    """

    key: str
    label: str
    before: tuple[CampaignState, ...]
    after: CampaignState
    refusal: str


START = Step(
    "start", N_("Start the campaign"), (_DRAFT,), _RUNNING,
    N_("Only a draft can be started. This campaign is: {state}."),
)  # fmt: skip
PAUSE = Step(
    "pause", N_("Pause"), (_RUNNING,), _PAUSED, N_("Only a running campaign can be paused. This one is: {state}.")
)  # fmt: skip
RESUME = Step(
    "resume", N_("Resume"), (_PAUSED,), _RUNNING, N_("Only a paused campaign can be resumed. This one is: {state}.")
)  # fmt: skip
FINISH = Step(
    "finish", N_("Finish"), (_RUNNING, _PAUSED), _FINISHED,
    N_("Only a running or paused campaign can be finished. This one is: {state}."),
)  # fmt: skip
REOPEN = Step(
    "reopen", N_("Reopen"), (_FINISHED,), _RUNNING,
    N_("Only a finished campaign can be reopened. This one is: {state}."),
)  # fmt: skip
STEPS = (START, RESUME, PAUSE, FINISH, REOPEN)


def steps_from(state: CampaignState) -> list[Step]:
    """Return the steps a campaign in this state can take."""
    return [step for step in STEPS if state in step.before]


def start(actor: Actor, campaign_id: int) -> None:
    """Let visits be assigned and recorded.

    Raises:
        ConflictError: it is not a draft, has no target enterprise, or its last day is over.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        campaign = _take(session, actor, campaign_id, START)
        if (
            session.exec(select(CampaignTarget).where(CampaignTarget.campaign_id == campaign_id).limit(1)).first()
            is None
        ):
            raise ConflictError(N_("Choose the enterprises to visit before starting the campaign."))
        if campaign.ends_on < clock.today():
            raise ConflictError(N_("The campaign's last day is over. Move it before starting."))


def pause(actor: Actor, campaign_id: int) -> None:
    """Stop assigning and recording for a while.

    Raises:
        ConflictError: it is not running.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        _take(session, actor, campaign_id, PAUSE)


def resume(actor: Actor, campaign_id: int) -> None:
    """Go on after a pause.

    Raises:
        ConflictError: it is not paused.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        _take(session, actor, campaign_id, RESUME)


def finish(actor: Actor, campaign_id: int) -> None:
    """End a campaign; what is open stays as it is, in case it is reopened.

    Raises:
        ConflictError: it is neither running nor paused.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        _take(session, actor, campaign_id, FINISH)


def reopen(actor: Actor, campaign_id: int, reason: str) -> None:
    """Let a finished campaign run again; the reason is kept in the audit log.

    Raises:
        InvalidError: no reason is given.
        ConflictError: it is not finished.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        _take(session, actor, campaign_id, REOPEN)
        if not reason.strip():
            raise InvalidError({"reason": gettext("Say why the campaign is reopened.")})
        audit_trail.note(session, "campaign", campaign_id, "reopened", reason=reason.strip())


def _take(session: Session, actor: Actor, campaign_id: int, step: Step) -> Campaign:
    campaign = access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id, lock=True)
    if campaign.state not in step.before:
        raise ConflictError(step.refusal, state=gettext(campaign.state.label))
    campaign.state = step.after
    return campaign
