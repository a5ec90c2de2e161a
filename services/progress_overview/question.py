"""What the overview is asked, and what that means: which campaign, which months, which places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from core import clock, months
from core.i18n import N_, format_month, gettext
from models.area import Area
from models.base import LabelledEnum
from models.campaign import Campaign, CampaignState
from models.team import Team
from services import access
from services.actor import Actor
from services.permissions import Action
from services.tallies.scope import Asked, ground, own_areas
from services.teams import serving
from services.use_case import use_case


class Period(LabelledEnum):
    """Which needs are counted, by when they were raised."""

    CAMPAIGN = "campaign", N_("Months of the campaign")
    RAISED = "raised", N_("Raised in its visits")
    MONTH = "month", N_("This month")
    LAST_MONTH = "last_month", N_("Last month")
    QUARTER = "quarter", N_("This quarter")
    YEAR = "year", N_("This year")
    ALL = "all", N_("All time")


OF_CAMPAIGN = (Period.CAMPAIGN, Period.RAISED)
"""Periods that mean nothing without a campaign."""


@dataclass(frozen=True)
class Question:
    """What somebody asks of the overview; whatever is empty is left to it.

    Args:
        campaign_id: whose visits; `None`: the campaign that runs.
        period: which needs; `None`: those of the campaign's months.
        area_id: an area and everything below it.
        team_id: a team, and what it answers for; it goes before the area.
        category: an item of the tree of categories and those below it.
    """

    campaign_id: int | None = None
    period: Period | None = None
    area_id: int | None = None
    team_id: int | None = None
    category: str = ""


@dataclass(frozen=True)
class Setting:
    """What a question means.

    Args:
        campaign: the campaign, if any has begun.
        campaigns: all that have begun: id → name, those that run first.
        period: which needs.
        asked: the same for the tables of figures, without the place.
        areas: where; none of these lies in another.
        narrowed: the areas a list must be narrowed to, at least one; `None`: no need, it shows this place as it is.
        team: the team asked for, if it answers for enterprises itself; one whose whole area other teams serve is asked
            for as that area.
        place: the name of team or area; empty: all the actor answers for.
    """

    campaign: Campaign | None
    campaigns: dict[int, str]
    period: Period
    asked: Asked
    areas: tuple[int, ...]
    narrowed: tuple[int, ...] | None
    team: Team | None = None
    place: str = ""

    def called(self, period: Period) -> str:
        """Return what a period is called here: figures are kept by months, so a campaign's are named, not its days."""
        name = gettext(period.label)
        if period is not Period.CAMPAIGN or self.campaign is None:
            return name
        first, last = format_month(self.campaign.starts_on), format_month(self.campaign.ends_on)
        if first == last:
            return gettext("{name} ({month})").format(name=name, month=first)
        return gettext("{name} ({first} to {last})").format(name=name, first=first, last=last)

    @property
    def last_month(self) -> Asked:
        """The needs raised in the month before this."""
        first = months.before(clock.today())
        return replace(self.asked, since=first, until=first, campaign_id=None)


def ask(actor: Actor, question: Question) -> Setting:
    """Return what a question means, for pages of figures other than the overview.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: there is no such area or team, or it is not the actor's.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        return settle(session, actor, question)


def settle(session: Session, actor: Actor, question: Question) -> Setting:
    """Return what a question means; part of a use case.

    Raises:
        NotFoundError: there is no such campaign, area or team, or it is not the actor's.
    """
    begun = _begun(session)
    campaign = next((each for each in begun if each.pk == question.campaign_id), begun[0] if begun else None)
    period = question.period or Period.CAMPAIGN
    if campaign is None and period in OF_CAMPAIGN:
        period = Period.YEAR
    asked = replace(_asked(period, campaign), category=question.category)
    names = {each.pk: each.name for each in begun}
    return Setting(campaign, names, period, asked, *_place(session, actor, question))


def _begun(session: Session) -> Sequence[Campaign]:
    """Return the campaigns that have begun: those that run, the first to end first; then the latest."""
    running = col(Campaign.state) == CampaignState.RUNNING
    order = (running.desc(), col(Campaign.ends_on).desc(), col(Campaign.id).desc())
    found = session.exec(select(Campaign).where(col(Campaign.state) != CampaignState.DRAFT).order_by(*order)).all()
    return sorted(found, key=lambda each: each.ends_on if each.state is CampaignState.RUNNING else date.max)


def _asked(period: Period, campaign: Campaign | None) -> Asked:
    if campaign is not None and period is Period.CAMPAIGN:
        return Asked(since=months.first_of(campaign.starts_on), until=months.first_of(campaign.ends_on))
    if campaign is not None and period is Period.RAISED:
        return Asked(campaign_id=campaign.pk)
    return months_of(period)


def months_of(period: Period) -> Asked:
    """Return the months of a period that needs no campaign; for the others and for all time, no bounds."""
    month = months.first_of(clock.today())
    quarter = month.replace(month=month.month - (month.month - 1) % 3)
    last = months.before(month)
    return {
        Period.MONTH: Asked(since=month, until=month),
        Period.LAST_MONTH: Asked(since=last, until=last),
        Period.QUARTER: Asked(since=quarter, until=month),
        Period.YEAR: Asked(since=month.replace(month=1), until=month),
    }.get(period, Asked())


def _place(
    session: Session, actor: Actor, question: Question
) -> tuple[tuple[int, ...], tuple[int, ...] | None, Team | None, str]:
    """Return the last four of a `Setting`: areas, what lists are narrowed to, the team, and the name."""
    if question.team_id is not None:
        team = access.load(session, actor, Action.PROGRESS_VIEW, Team, question.team_id)
        served = tuple(serving.ground(session, team))
        whole = (team.area_id,)
        return (served, served, team, team.name) if served else (whole, whole, None, team.name)
    areas = tuple(ground(session, actor, question.area_id))
    if question.area_id is not None:
        return areas, areas, None, session.get_one(Area, question.area_id).name
    own = own_areas(actor)
    return areas, None if own is None else tuple(own), None, ""
