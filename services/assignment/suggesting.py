"""A suggested plan for the open enterprises, with the reasons of each line in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core import clock
from core.db import joined
from core.errors import ConflictError
from core.i18n import N_, format_date, gettext
from models.planning import Candidate, Proposal, Stop
from models.planning import suggest as plan
from services import working_time
from services.actor import Actor
from services.assignment.assigning import Placement
from services.assignment.board import Filters, Member, Target, board
from services.assignment.days import check_days, visit_days
from services.permissions import Action
from services.use_case import use_case
from services.visits.rules import running_campaign

PER_DAY = 6
"""Visits a person makes on one day; a plan goes beyond only where its days do not hold them all."""
IMBALANCE = 2


@dataclass(frozen=True)
class Line:
    """One line of a plan; the person who asked may change member and day before confirming."""

    enterprise_id: int
    enterprise: str
    area: str
    assignee_id: int
    planned_on: date
    reasons: str


def suggest(  # noqa: PLR0917 - what the page lets one choose
    actor: Actor,
    campaign_id: int,
    filters: Filters,
    enterprise_ids: Iterable[int],
    account_ids: Iterable[int],
    first_day: date,
) -> list[Line]:
    """Propose who visits the chosen enterprises when; changes nothing.

    Args:
        actor: who asks.
        campaign_id: the running campaign.
        filters: what the page was narrowed to.
        enterprise_ids: the enterprises to place; one that has been assigned meanwhile is left out.
        account_ids: the members to consider; none means all but the leads.
        first_day: the first day to plan for.

    Raises:
        ConflictError: the campaign does not run, no enterprise is left to place, or nobody is there to visit one.
        InvalidError: the first day comes after the campaign.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session, joined(session):
        campaign = running_campaign(session, actor, campaign_id)  # held: the board of one that is paused is another's
        seen = board(actor, campaign_id, filters)
        check_days([max(first_day, clock.today())], campaign.ends_on)
        days = visit_days(working_time.calendar(session), first_day, campaign.ends_on)
    wanted, people = set(enterprise_ids), set(account_ids)
    targets = {each.enterprise_id: each for each in seen.targets if each.enterprise_id in wanted}
    members = {
        each.account_id: each for each in seen.members if (each.account_id in people if people else not each.is_lead)
    }
    if not targets:
        raise ConflictError(N_("These enterprises have been assigned meanwhile, or are not to be visited any more."))
    stops = [Stop(each.enterprise_id, each.area_path, each.place) for each in targets.values()]
    proposals = plan(stops, _candidates(members.values(), days), days, per_day=PER_DAY, imbalance=IMBALANCE)
    if not proposals:
        message = N_("None of the people to consider is there on a day until {day}: choose others.")
        raise ConflictError(message, day=format_date(days[-1]))
    return [_line(each, targets[each.enterprise_id]) for each in proposals]


def crowded(members: Iterable[Member], placements: Iterable[Placement]) -> int:
    """Return how many of these visits do not fit: they go beyond `PER_DAY` of one person on one day.

    Args:
        members: the people, with what they have to do already.
        placements: the visits they would be given.
    """
    planned = {each.account_id: each.planned for each in members}
    given = Counter((each.assignee_id, each.planned_on) for each in placements)
    free = {(who, day): max(0, PER_DAY - planned.get(who, {}).get(day, 0)) for who, day in given}
    return sum(max(0, count - free[each]) for each, count in given.items())


def _line(proposal: Proposal, target: Target) -> Line:
    return Line(
        target.enterprise_id, target.name, target.area, proposal.account_id, proposal.planned_on,
        reasons(proposal, target),
    )  # fmt: skip


def reasons(proposal: Proposal, target: Target) -> str:
    """Return in words why a line of the plan is as it is."""
    words = []
    if proposal.own_grid:
        words.append(gettext("own grid"))
    if proposal.least_load:
        words.append(gettext("least load"))
    if proposal.distance is not None:
        words.append(gettext("distance {km} km").format(km=f"{proposal.distance:.1f}"))
    if proposal.around_leave:
        words.append(gettext("after leave"))
    if target.last_visit:
        words.append("⚠ " + gettext("visited lately"))
    return " · ".join(words)


def _candidates(members: Iterable[Member], days: Sequence[date]) -> list[Candidate]:
    return [
        Candidate(
            account_id=each.account_id,
            load=each.open_visits,
            grid_path=each.grid_path,
            place=each.place,
            away=frozenset(day for day in days if each.is_away(day)),
            planned=each.planned,
        )
        for each in members
    ]
