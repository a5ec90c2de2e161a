"""Giving visits to members, moving them, taking them back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from core.errors import ConflictError, NotFoundError, UserError
from core.i18n import N_, format_date, gettext
from models.account import Account
from models.enterprise import Enterprise
from models.visit import OPEN_VISIT_STATES, Visit, VisitState
from services import access
from services.actor import Actor
from services.assignment.board import Member, members, unassigned
from services.assignment.days import check_days
from services.permissions import Action
from services.teams.holding import hold_members
from services.use_case import use_case
from services.visits.rules import running_campaign


class OnLeaveError(UserError):
    """Somebody is on leave on the day they would be sent; asked again with `despite_leave` it is done."""


@dataclass(frozen=True)
class Placement:
    """One enterprise, who is to visit it and when."""

    enterprise_id: int
    assignee_id: int
    planned_on: date


@dataclass(frozen=True)
class Taken:
    """An enterprise that somebody else had assigned first."""

    enterprise: str
    assignee: str


@dataclass(frozen=True)
class Outcome:
    """What became of a batch: visits made, and enterprises that others were quicker with or that need none."""

    visit_ids: list[int]
    taken: list[Taken]
    settled: list[str]
    """Names of enterprises that were visited, taken out of the campaign or closed since they were listed."""


def assign(actor: Actor, campaign_id: int, placements: Sequence[Placement], *, despite_leave: bool = False) -> Outcome:
    """Make a visit of each placement.

    An enterprise that has an open visit of the campaign already is left to whoever has it, one that needs no visit
    any more is left alone; both are reported, and all others are assigned. The unique index on open visits decides
    between two leads at once.

    Raises:
        ConflictError: the campaign does not run.
        InvalidError: a day lies in the past or outside the campaign.
        NotFoundError: an enterprise is not the actor's to assign, or a person not a member of their teams.
        OnLeaveError: somebody is on leave that day and `despite_leave` is not set.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        campaign = running_campaign(session, actor, campaign_id)
        check_days({each.planned_on for each in placements}, campaign.ends_on)
        people = _people(session, actor, {each.assignee_id for each in placements})
        _check_leave(people, placements, despite_leave=despite_leave)
        enterprises = _hold(session, actor, {each.enterprise_id for each in placements})
        free = _free(session, actor, campaign_id, enterprises)
        visits = [
            _visit(actor, campaign_id, each, enterprises[each.enterprise_id], people[each.assignee_id])
            for each in placements
            if each.enterprise_id in free
        ]
        made = [visit for visit in visits if _stored(session, visit)]
        left = set(enterprises) - {visit.enterprise_id for visit in made}
        taken = _taken(session, campaign_id, left)
        settled = [enterprises[each].name for each in sorted(left - set(taken))]
        return Outcome([visit.pk for visit in made], list(taken.values()), settled)


def move(
    actor: Actor,
    visit_ids: Iterable[int],
    *,
    assignee_id: int,
    planned_on: date | None = None,
    despite_leave: bool = False,
) -> None:
    """Give open visits to another member, on another day if one is named.

    Raises:
        ConflictError: one is not open any more, or its campaign does not run.
        NotFoundError: a visit is not the actor's to move, or the person not a member of their teams.
        OnLeaveError: the person is on leave that day and `despite_leave` is not set.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        person = _people(session, actor, {assignee_id})[assignee_id]
        visits = [_load(session, actor, visit_id, OPEN_VISIT_STATES) for visit_id in sorted(visit_ids)]
        for visit in visits:
            day = planned_on or visit.planned_on
            placement = Placement(visit.enterprise_id, assignee_id, day)
            _check_leave({assignee_id: person}, [placement], despite_leave=despite_leave)
            campaign = running_campaign(session, actor, visit.campaign_id)
            if planned_on is not None:
                check_days({planned_on}, campaign.ends_on)
            if visit.assignee_id != assignee_id:
                visit.hand_over()
            visit.assignee_id, visit.team_id, visit.planned_on = assignee_id, person.team_id, day
            visit.assigned_by_id = actor.pk
            visit.version += 1


def take_back(actor: Actor, visit_ids: Iterable[int]) -> None:
    """Take open visits back; their enterprises can then be assigned anew.

    Raises:
        ConflictError: one is not open any more.
        NotFoundError: one is not the actor's to take back.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        for visit_id in sorted(visit_ids):
            visit = _load(session, actor, visit_id, OPEN_VISIT_STATES)
            visit.state = VisitState.TAKEN_BACK
            visit.version += 1


def restore(actor: Actor, visit_ids: Iterable[int]) -> None:
    """Undo `take_back`.

    Raises:
        ConflictError: one is not taken back, or its enterprise has been assigned anew, visited, closed or taken out
            of the campaign meanwhile.
        NotFoundError: one is not the actor's to assign, or its visitor no longer a member of their teams.
    """
    with use_case(actor, Action.VISIT_ASSIGN) as session:
        visits = [_load(session, actor, visit_id, (VisitState.TAKEN_BACK,)) for visit_id in sorted(visit_ids)]
        _people(session, actor, {visit.assignee_id for visit in visits})
        enterprises = _hold(session, actor, {visit.enterprise_id for visit in visits})
        for visit in visits:
            if not _free(session, actor, visit.campaign_id, [visit.enterprise_id]):
                message = N_("{name} has been assigned or visited meanwhile, or is not to be visited any more.")
                raise ConflictError(message, name=enterprises[visit.enterprise_id].name)
            visit.state = VisitState.RETURNED if visit.recorded_at else VisitState.PLANNED
            visit.hand_over()
            visit.version += 1


def _hold(session: Session, actor: Actor, enterprise_ids: Iterable[int]) -> dict[int, Enterprise]:
    """Return id → enterprise and keep all as they are: nobody closes one or begins a visit there meanwhile.

    In the order of ids, so that two batches wait for each other instead of dead-locking.
    """
    return {
        each: access.load(session, actor, Action.VISIT_ASSIGN, Enterprise, each, lock=True)
        for each in sorted(enterprise_ids)
    }


def _free(session: Session, actor: Actor, campaign_id: int, enterprise_ids: Iterable[int]) -> set[int]:
    """Return which enterprises the campaign still needs somebody for, as the list they were chosen from promised."""
    wanted = unassigned(actor, campaign_id).where(col(Enterprise.id).in_(list(enterprise_ids)))
    return set(session.execute(wanted.with_only_columns(col(Enterprise.id))).scalars())


def _visit(actor: Actor, campaign_id: int, placement: Placement, enterprise: Enterprise, person: Member) -> Visit:
    return Visit(
        campaign_id=campaign_id,
        enterprise_id=enterprise.pk,
        area_id=enterprise.area_id,
        team_id=person.team_id,
        assignee_id=person.account_id,
        assigned_by_id=actor.pk,
        planned_on=placement.planned_on,
    )


def _stored(session: Session, visit: Visit) -> bool:
    """Return whether the visit could be stored; if not, there is an open one and the transaction goes on."""
    try:
        with session.begin_nested():
            session.add(visit)
            session.flush()
    except IntegrityError as problem:
        if getattr(getattr(problem.orig, "diag", None), "constraint_name", None) != "uq_visit_open":
            raise
        return False
    return True


def _taken(session: Session, campaign_id: int, enterprise_ids: Iterable[int]) -> dict[int, Taken]:
    """Return id → who has the open visit of an enterprise, for those that have one."""
    rows = session.execute(
        select_columns(col(Enterprise.id), col(Enterprise.name), col(Account.name))
        .join(Visit, col(Visit.enterprise_id) == Enterprise.id)
        .join(Account, col(Account.id) == Visit.assignee_id)
        .where(col(Visit.campaign_id) == campaign_id, col(Visit.state).in_(OPEN_VISIT_STATES))
        .where(col(Enterprise.id).in_(list(enterprise_ids)))
        .order_by(col(Enterprise.id))
    )
    return {enterprise_id: Taken(enterprise, assignee) for enterprise_id, enterprise, assignee in rows}


def _people(session: Session, actor: Actor, account_ids: set[int]) -> dict[int, Member]:
    hold_members(session, account_ids)
    found = {each.account_id: each for each in members(session, actor) if each.account_id in account_ids}
    if set(found) != account_ids:
        raise NotFoundError(N_("This person is not a present member of your teams."))
    return found


def _check_leave(people: dict[int, Member], placements: Iterable[Placement], *, despite_leave: bool) -> None:
    if despite_leave:
        return
    for each in placements:
        person = people[each.assignee_id]
        if person.is_away(each.planned_on):
            raise OnLeaveError(N_("{name} is on leave on {day}."), name=person.name, day=format_date(each.planned_on))


def _load(session: Session, actor: Actor, visit_id: int, states: tuple[VisitState, ...]) -> Visit:
    visit = access.load(session, actor, Action.VISIT_ASSIGN, Visit, visit_id, lock=True)
    if visit.state not in states:
        message = N_("This visit is now “{state}” and can no longer be changed here.")
        raise ConflictError(message, state=gettext(visit.state.label))
    return visit
