"""What is waiting for somebody: the figures and lists of the start page, each as far as the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from core import clock
from models.account import Account, SignInSession
from models.campaign import Campaign, CampaignState
from models.enterprise import Enterprise
from models.importing import ImportRun, ImportState
from models.visit import Promise, Visit, VisitState
from services import access, live_sessions, outbox
from services.actor import Actor
from services.assignment.board import Member, members, unassigned
from services.assignment.opened import Among, kinds
from services.campaigns import progress
from services.campaigns.progress import Progress
from services.campaigns.standing import Standing, standings
from services.permissions import Action, Scope, allows, scope
from services.tallies import keeping
from services.use_case import use_case

_STANDINGS = {standing.value: standing for standing in Standing}
_WAITING_IMPORTS = (ImportState.MAPPING, ImportState.READY, ImportState.FAILED)


@dataclass(frozen=True)
class Round:
    """A running campaign and how far it is with the enterprises the actor answers for."""

    campaign: Campaign
    progress: Progress


@dataclass(frozen=True)
class Waiting:
    """What is waiting; `None` where the role has nothing to do with it."""

    unassigned: int | None = None
    overdue: int | None = None
    overdue_in: int | None = None
    """The running campaign with most overdue visits."""
    returned: int | None = None
    orphaned: int | None = None
    """Open visits of people who visit no more, for whoever gives them to others; `None` also where there are none."""
    orphaned_in: int | None = None
    """The running campaign with most of those."""
    recorded_lately: int | None = None
    """Records of today and yesterday, for whoever may return them."""
    overdue_promises: int | None = None
    imports: int | None = None


@dataclass(frozen=True)
class Overview:
    """The start page of one person."""

    waiting: Waiting
    rounds: list[Round] = field(default_factory=list)


@dataclass(frozen=True)
class System:
    """How the product is: for administrators."""

    accounts: int
    signed_in: int
    owed: int
    """Pieces of work that are due and not done."""
    parked: int
    """Pieces of work that failed for good and wait for somebody."""
    imports: int


def of(actor: Actor) -> Overview:
    """Return what is waiting for the actor."""
    keeping.catch_up()
    with use_case(actor, Action.ACCOUNT_OWN) as session:
        rounds = _rounds(session, actor) if allows(actor, Action.CAMPAIGN_VIEW) else []
        running = [each.campaign.pk for each in rounds]
        open_visits = kinds()  # as the page of assignment has them, which the tiles open
        late = _by_campaign(session, actor, Action.VISIT_VIEW, open_visits[Among.OVERDUE])
        left = _by_campaign(session, actor, Action.VISIT_ASSIGN, open_visits[Among.LEFT]) or {}
        waiting = Waiting(
            unassigned=_unassigned(session, actor, running),
            overdue=None if late is None else sum(late.values()),
            overdue_in=_most(late or {}),
            returned=_visits(session, actor, open_visits[Among.RETURNED]),
            orphaned=sum(left.values()) or None,
            orphaned_in=_most(left),
            recorded_lately=_recorded_lately(session, actor),
            overdue_promises=_overdue_promises(session, actor),
            imports=_count(session, actor, Action.IMPORT, ImportRun, col(ImportRun.state).in_(_WAITING_IMPORTS)),
        )
        return Overview(waiting, rounds)


def team(actor: Actor) -> list[Member]:
    """Return the members the actor may give visits to, the most loaded first.

    Raises:
        NotAllowedError: the role assigns no visits.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        return sorted(members(session, actor), key=lambda each: (-each.open_visits, each.account_id))


def system(actor: Actor) -> System:
    """Return how the product is.

    Raises:
        NotAllowedError: the actor does not administer it.
    """
    backlog = outbox.backlog()
    with use_case(actor, Action.ACCOUNT_MANAGE) as session:
        signed_in = select(func.count(func.distinct(SignInSession.account_id))).where(live_sessions.live())
        imports = select(func.count()).where(col(ImportRun.state).in_(_WAITING_IMPORTS))
        return System(
            accounts=session.exec(select(func.count()).where(col(Account.active))).one(),
            signed_in=session.exec(signed_in).one(),
            owed=backlog.due,
            parked=backlog.parked,
            imports=session.exec(imports).one(),
        )


def _rounds(session: Session, actor: Actor) -> list[Round]:
    running = access.visible(actor, Action.CAMPAIGN_VIEW, Campaign).where(Campaign.state == CampaignState.RUNNING)
    found = session.exec(running.order_by(col(Campaign.ends_on), col(Campaign.id))).all()
    running_ids = [each.pk for each in found]
    whole = scope(actor, Action.ENTERPRISE_VIEW) is Scope.ZONE
    counted = progress.of_all(session, running_ids) if whole else _own_progress(session, actor, running_ids)
    return [Round(each, counted[each.pk]) for each in found]


def _own_progress(session: Session, actor: Actor, campaign_ids: list[int]) -> dict[int, Progress]:
    """Return campaign → its progress with the enterprises the actor may see."""
    mine = select(Enterprise.id).where(access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise))
    standing = standings(col(Visit.campaign_id).in_(campaign_ids) & access.among(Visit.enterprise_id, mine))
    counted = (
        select(standing.c.campaign_id, standing.c.standing, func.count())
        .where(standing.c.campaign_id.in_(campaign_ids), access.among(standing.c.enterprise_id, mine))
        .group_by(standing.c.campaign_id, standing.c.standing)
    )
    counts: dict[int, dict[Standing, int]] = {each: {} for each in campaign_ids}
    for campaign_id, name, number in session.exec(counted).all():
        counts[campaign_id][_STANDINGS[name]] = number
    return {campaign_id: Progress(each) for campaign_id, each in counts.items()}


def _unassigned(session: Session, actor: Actor, running: list[int]) -> int | None:
    if not allows(actor, Action.VISIT_ASSIGN):
        return None
    statements = (unassigned(actor, campaign_id).subquery() for campaign_id in running)
    return sum(session.exec(select(func.count()).select_from(each)).one() for each in statements)


def _by_campaign(
    session: Session, actor: Actor, action: Action, condition: ColumnElement[bool]
) -> dict[int, int] | None:
    """Return running campaign → how many of its visits are meant; `None` where the role has nothing to do with it."""
    if not allows(actor, action):
        return None
    found = (
        select(Visit.campaign_id, func.count())
        .where(access.condition(actor, action, Visit), condition, col(Visit.campaign_id).in_(_running()))
        .group_by(col(Visit.campaign_id))
    )
    return dict(session.exec(found).all())


def _most(counted: Mapping[int, int]) -> int | None:
    """Return the campaign with most visits, of equals the first."""
    return max(counted, key=lambda each: (counted[each], -each), default=None)


def _running() -> Any:
    return select(Campaign.id).where(Campaign.state == CampaignState.RUNNING)


def _visits(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int | None:
    return _count(session, actor, Action.VISIT_VIEW, Visit, condition, col(Visit.campaign_id).in_(_running()))


def _recorded_lately(session: Session, actor: Actor) -> int | None:
    since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    recorded = (col(Visit.state) == VisitState.RECORDED) & (col(Visit.recorded_at) >= since)
    return _count(session, actor, Action.VISIT_RETURN, Visit, recorded)


def _overdue_promises(session: Session, actor: Actor) -> int | None:
    late = col(Promise.kept_at).is_(None) & (col(Promise.due_on) < clock.today())
    return _count(session, actor, Action.VISIT_VIEW, Promise, late)


def _count(
    session: Session, actor: Actor, action: Action, model: type[Visit | Promise | ImportRun],
    *conditions: ColumnElement[bool],
) -> int | None:  # fmt: skip
    if not allows(actor, action):
        return None
    statement = access.visible(actor, action, model).where(*conditions)
    return session.exec(select(func.count()).select_from(statement.subquery())).one()
