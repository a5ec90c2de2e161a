"""A visit nobody assigned: a worker stands at the door of an enterprise of their grid."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from core import clock
from core.errors import ConflictError, NotAllowedError
from core.i18n import N_
from models.account import Account
from models.enterprise import Enterprise, EnterpriseStatus
from models.team import TeamMember
from models.visit import OPEN_VISIT_STATES, Visit, VisitState
from services import access
from services.actor import Actor
from services.enterprises import naming
from services.permissions import Action
from services.teams.holding import hold_members
from services.use_case import use_case
from services.visits.drafts import remove_drafts
from services.visits.rules import LastVisit, last_visits, running_campaign, running_campaigns


def choices(actor: Actor) -> tuple[dict[int, str], dict[int, str]]:
    """Return the running campaigns and the enterprises the actor may visit unasked, each as id → name."""
    with use_case(actor, Action.VISIT_RECORD) as session:
        mine = access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise)
        enterprises = naming.choices(session, mine, Enterprise.status == EnterpriseStatus.ACTIVE, limit=3000)
        return running_campaigns(session, actor), enterprises


def warning(actor: Actor, campaign_id: int, enterprise_id: int) -> LastVisit | None:
    """Return the visit that makes another one a nuisance, if there was one within the campaign's days of rest."""
    with use_case(actor, Action.VISIT_RECORD) as session:
        campaign = running_campaign(session, actor, campaign_id)
        access.load(session, actor, Action.ENTERPRISE_VIEW, Enterprise, enterprise_id)
        return last_visits(session, [enterprise_id], campaign.revisit_days).get(enterprise_id)


def start(actor: Actor, campaign_id: int, enterprise_id: int) -> int:
    """Make a visit of the actor's own for today and return its id.

    It is there before it is recorded, so that its draft is as safe as any other's and nobody else is sent meanwhile.

    Raises:
        ConflictError: somebody has an open visit there already, or the campaign does not run.
        NotAllowedError: the actor belongs to no team.
        NotFoundError: the enterprise is outside the actor's grid.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        running_campaign(session, actor, campaign_id)
        enterprise = access.load(session, actor, Action.ENTERPRISE_VIEW, Enterprise, enterprise_id)
        hold_members(session, [actor.pk])
        member = select(TeamMember).where(TeamMember.account_id == actor.pk, col(TeamMember.left_on).is_(None))
        team = session.exec(member).first()
        if team is None:
            raise NotAllowedError(N_("You belong to no team at present, so visits cannot be recorded."))
        visit = Visit(
            campaign_id=campaign_id,
            enterprise_id=enterprise.pk,
            area_id=enterprise.area_id,
            team_id=team.team_id,
            assignee_id=actor.pk,
            assigned_by_id=actor.pk,
            planned_on=clock.today(),
        )
        try:
            with session.begin_nested():
                session.add(visit)
                session.flush()
        except IntegrityError:
            holder = session.exec(
                select(Account.name)
                .join(Visit, col(Visit.assignee_id) == Account.id)
                .where(Visit.campaign_id == campaign_id, Visit.enterprise_id == enterprise_id)
                .where(col(Visit.state).in_(OPEN_VISIT_STATES))
            ).first()
            raise ConflictError(N_("{name} is already assigned to visit this enterprise."), name=holder or "") from None
        return visit.pk


def drop(actor: Actor, visit_id: int) -> None:
    """Give up an unplanned visit that was begun and not recorded.

    Raises:
        ConflictError: it was assigned by somebody else, or has been recorded.
        NotFoundError: the visit is not the actor's.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        visit = access.load(session, actor, Action.VISIT_RECORD, Visit, visit_id, lock=True)
        if visit.state is not VisitState.PLANNED or visit.assigned_by_id != actor.pk:
            raise ConflictError(N_("Only your team lead can take this visit back."))
        visit.state = VisitState.TAKEN_BACK
        visit.version += 1
        remove_drafts(session, visit.pk)
