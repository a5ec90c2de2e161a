"""A worker's day: what is overdue, what is on today, what comes, what has been done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from core import clock
from models.area import Area
from models.campaign import Campaign, CampaignState, VisitMode
from models.enterprise import Contact, Enterprise
from models.geo import Point, distance_km, point
from models.team import Team, TeamMember
from models.visit import Outcome, Visit, VisitDraft, VisitState
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case
from services.visitors import TO_MAKE


@dataclass(frozen=True)
class Card:
    """One visit as the worker sees it."""

    visit_id: int
    enterprise_id: int
    enterprise: str
    address: str
    place: Point | None
    contact: str
    phone: str
    campaign: str
    modes: tuple[VisitMode, ...]
    planned_on: date
    state: VisitState
    return_reason: str
    paused: bool
    draft_saved_at: datetime | None
    outcome: Outcome | None
    recorded_at: datetime | None


@dataclass
class Day:
    """The worker's visits, sorted for the page."""

    returned: list[Card] = field(default_factory=list)
    overdue: list[Card] = field(default_factory=list)
    today: list[Card] = field(default_factory=list)
    tomorrow: list[Card] = field(default_factory=list)
    this_week: list[Card] = field(default_factory=list)
    later: list[Card] = field(default_factory=list)
    done: list[Card] = field(default_factory=list)
    centre: Point | None = None
    """Where distances are counted from until the phone says where it is."""


def day(actor: Actor) -> Day:
    """Return the actor's own visits: open ones by what to do first, and those recorded today."""
    with use_case(actor, Action.VISIT_RECORD) as session:
        found = Day(centre=_centre(session, actor))
        for card in _cards(session, actor):
            _group(found, card).append(card)
        return found


def by_distance(cards: Iterable[Card], here: Point | None) -> list[tuple[Card, float | None]]:
    """Return cards with their distance from a place, day by day, the nearer first."""
    measured = [(card, distance_km(here, card.place) if here and card.place else None) for card in cards]
    return sorted(measured, key=lambda each: (each[0].planned_on, each[1] is None, each[1] or 0.0, each[0].visit_id))


def _group(found: Day, card: Card) -> list[Card]:
    today = clock.today()
    if card.state is VisitState.RECORDED:
        return found.done
    if card.state is VisitState.RETURNED:
        return found.returned
    if card.planned_on <= today:
        return found.overdue if card.planned_on < today else found.today
    if card.planned_on == today + timedelta(days=1):
        return found.tomorrow
    week_end = today + timedelta(days=6 - today.weekday())
    return found.this_week if card.planned_on <= week_end else found.later


def _cards(session: Session, actor: Actor) -> list[Card]:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    to_make_or_done_today = TO_MAKE | ((col(Visit.state) == VisitState.RECORDED) & (col(Visit.recorded_at) >= midnight))
    rows = session.execute(
        select(Visit, Enterprise, Campaign, VisitDraft.saved_at)
        .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
        .join(Campaign, col(Campaign.id) == Visit.campaign_id)
        .join(
            VisitDraft,
            (col(VisitDraft.visit_id) == Visit.id) & (col(VisitDraft.account_id) == actor.account_id),
            isouter=True,
        )
        .where(Visit.assignee_id == actor.account_id, to_make_or_done_today)
        .order_by(col(Visit.planned_on), col(Visit.id))
    ).all()
    contacts = _contacts(session, [visit.enterprise_id for visit, *_rest in rows])
    return [
        _card(visit, enterprise, campaign, saved_at, contacts.get(enterprise.pk))
        for visit, enterprise, campaign, saved_at in rows
    ]


def _card(
    visit: Visit, enterprise: Enterprise, campaign: Campaign, saved_at: datetime | None, contact: Contact | None
) -> Card:
    return Card(
        visit_id=visit.pk,
        enterprise_id=enterprise.pk,
        enterprise=enterprise.name,
        address=enterprise.address,
        place=point(enterprise.longitude, enterprise.latitude),
        contact=contact.name if contact else "",
        phone=contact.phone if contact else "",
        campaign=campaign.name,
        modes=tuple(campaign.modes),
        planned_on=visit.planned_on,
        state=visit.state,
        return_reason=visit.return_reason,
        paused=campaign.state is not CampaignState.RUNNING,
        draft_saved_at=saved_at,
        outcome=visit.outcome,
        recorded_at=visit.recorded_at,
    )


def _contacts(session: Session, enterprise_ids: list[int]) -> dict[int, Contact]:
    """Return enterprise id → its main contact, or else the first that has a phone number."""
    statement = (
        select(Contact)
        .where(col(Contact.enterprise_id).in_(enterprise_ids))
        .order_by(col(Contact.is_primary).desc(), (col(Contact.phone) == ""), col(Contact.id))
    )
    found: dict[int, Contact] = {}
    for contact in session.exec(statement):
        found.setdefault(contact.enterprise_id, contact)
    return found


def _centre(session: Session, actor: Actor) -> Point | None:
    """Return the centre of the actor's grid, or of their team's area."""
    rows = session.execute(
        select(TeamMember.grid_id, Team.area_id)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .where(TeamMember.account_id == actor.account_id, col(TeamMember.left_on).is_(None))
    ).all()
    for area_id in (area_id for row in rows for area_id in row if area_id is not None):
        area = session.get_one(Area, area_id)
        if found := point(area.longitude, area.latitude):
            return found
    return None
