"""A record as others read it, and what a lead does with it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.account import Account
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, FormVersion
from models.configuration import Extensible
from models.enterprise import Enterprise, EnterpriseStatus
from models.fields import FieldSpec
from models.issue import Issue
from models.team import Team
from models.visit import Attachment, Outcome, Promise, Visit, VisitState
from services import access
from services.actor import Actor
from services.entities.fields import extra_fields
from services.permissions import Action, allows
from services.phones import readable
from services.use_case import use_case


@dataclass(frozen=True)
class Step:
    """One change of a visit's state."""

    at: datetime
    by: str
    state: VisitState
    reason: str


@dataclass(frozen=True)
class Record:
    """One visit with everything that belongs to it."""

    visit: Visit
    enterprise: Enterprise
    campaign: str
    team: str
    assignee: str
    form_version: int | None
    questions: list[FieldSpec]
    """Of the form version it was recorded on."""
    answers: dict[str, Any]
    """Question → answer, as far as the actor may read it."""
    extra: list[FieldSpec]
    """The administrator's own fields."""
    own: dict[str, Any]
    """Their values, as far as the actor may read them."""
    issues: list[Issue]
    promises: list[Promise]
    attachments: list[Attachment]
    history: list[Step]
    may_return: bool
    may_confirm_moved: bool
    """Whether the actor may mark the enterprise as moved away, as its visitor found it."""
    names: dict[int, str] = field(default_factory=dict)


def record(actor: Actor, visit_id: int) -> Record:
    """Return a visit with everything that belongs to it.

    Raises:
        NotFoundError: there is none, or the actor may not see it.
    """
    with use_case(actor, Action.VISIT_VIEW) as session:
        visit = access.load(session, actor, Action.VISIT_VIEW, Visit, visit_id)
        form = session.get(FormVersion, visit.form_version_id) if visit.form_version_id else None
        questions, extra = form.specs() if form else [], extra_fields(session, Extensible.VISIT)
        attachments = select(Attachment).where(Attachment.subject == "visit", Attachment.subject_id == visit.pk)
        enterprise = session.get_one(Enterprise, visit.enterprise_id)
        campaign = session.get_one(Campaign, visit.campaign_id)
        judged = visit.state is VisitState.RECORDED and allows(actor, Action.VISIT_RETURN)
        return Record(
            visit=visit,
            enterprise=enterprise,
            campaign=campaign.name,
            team=session.get_one(Team, visit.team_id).name,
            assignee=session.get_one(Account, visit.assignee_id).name,
            form_version=form.version if form else None,
            questions=questions,
            answers=readable(actor, questions, visit.answers),
            extra=extra,
            own=readable(actor, extra, visit.extra),
            issues=list(session.exec(select(Issue).where(Issue.visit_id == visit.pk).order_by(col(Issue.id)))),
            promises=list(session.exec(select(Promise).where(Promise.visit_id == visit.pk).order_by(col(Promise.id)))),
            attachments=list(session.exec(attachments.order_by(col(Attachment.id)))),
            history=_history(session, visit),
            may_return=judged and campaign.state is not CampaignState.FINISHED,
            may_confirm_moved=judged and _may_have_moved(visit, enterprise),
        )


def give_back(actor: Actor, visit_id: int, reason: str) -> None:
    """Return a record to its visitor for completion.

    Raises:
        ConflictError: it is not recorded, its campaign is finished, or the enterprise has been assigned anew.
        InvalidError: no reason is given.
        NotFoundError: it is not the actor's to return.
    """
    reason = text.prose(reason)
    if not reason:
        raise InvalidError({"reason": gettext("Say what is missing, so that it can be completed.")})
    with use_case(actor, Action.VISIT_RETURN) as session:
        visit = access.load(session, actor, Action.VISIT_RETURN, Visit, visit_id, lock=True)
        if visit.state is not VisitState.RECORDED:
            raise ConflictError(N_("Only a recorded visit can be returned."))
        campaign = session.get_one(Campaign, visit.campaign_id, with_for_update={"read": True})
        if campaign.state is CampaignState.FINISHED:
            message = N_("The campaign “{campaign}” is finished, so nobody could complete this record any more.")
            raise ConflictError(message, campaign=campaign.name)
        visit.state, visit.return_reason = VisitState.RETURNED, reason[:500]
        visit.hand_over()
        visit.version += 1
        try:
            session.flush()
        except IntegrityError:  # an enterprise has one open visit of a campaign
            raise ConflictError(N_("This enterprise has been assigned anew; ask the new visitor instead.")) from None


def confirm_moved(actor: Actor, visit_id: int) -> None:
    """Mark the enterprise of a visit as moved away, as its visitor found it.

    A worker's tap alone does not take an enterprise off every list; a lead's confirmation does.

    Raises:
        ConflictError: the visit does not say so.
        NotFoundError: it is not the actor's to judge.
    """
    with use_case(actor, Action.VISIT_RETURN) as session:
        visit = access.load(session, actor, Action.VISIT_RETURN, Visit, visit_id, lock=True)
        if visit.state is not VisitState.RECORDED or visit.outcome is not Outcome.MOVED_AWAY:
            raise ConflictError(N_("This visit does not say that the enterprise moved away."))
        session.get_one(Enterprise, visit.enterprise_id).status = EnterpriseStatus.MOVED_AWAY


def _may_have_moved(visit: Visit, enterprise: Enterprise) -> bool:
    return visit.outcome is Outcome.MOVED_AWAY and enterprise.status is not EnterpriseStatus.MOVED_AWAY


def _history(session: Session, visit: Visit) -> list[Step]:
    """Return how the visit came to be what it is; the audit log is where that is kept."""
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.entity == "visit", AuditEntry.entity_id == str(visit.pk))
        .where(col(AuditEntry.after).has_key("state"))  # type: ignore[attr-defined]  # of JSONB columns
        .order_by(col(AuditEntry.id))
    )
    return [
        Step(entry.at, entry.actor_name, VisitState.of(entry.after["state"]), entry.after.get("return_reason") or "")
        for entry in entries
    ]
