"""What a step needs besides the right state and permission, and how a refusal is told."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from core import clock
from core.errors import UserError
from core.i18n import N_, gettext
from models.account import Role
from models.area import Area, Tier
from models.issue import Card, Issue, IssueState
from models.issue_log import IssueTask, TaskState
from models.lifecycle import STEPS, Verb
from models.limits import Stage
from services import limits, working_time
from services.actor import Actor
from services.issues.tiers import VILLAGE, ZONE, served_from_above

MOST_RETURNS = 3
"""The return after which the coordinator rules which department handles the issue."""
MOST_CALL_BACKS = 3
"""Attempts at a call-back after which an enterprise that cannot be reached no longer keeps an issue open."""


class StepRefusedError(UserError):
    """A step is not possible now; nothing was changed."""


@dataclass(frozen=True)
class Refusal:
    """Why a step is refused: a message of the catalogue and what fills it."""

    message: str
    params: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        """Return the reason in the present language."""
        return gettext(self.message).format(**dict(self.params))


@dataclass(frozen=True)
class Case:
    """Everything a guard looks at."""

    session: Session
    actor: Actor
    issue: Issue

    @property
    def leads(self) -> bool:
        """Whether the actor belongs to the lead department."""
        return self.actor.department_id is not None and self.actor.department_id == self.issue.department_id

    @property
    def handled(self) -> bool:
        """Whether the actor, or their department, handled the issue in this round."""
        own = self.actor.account_id
        return self.leads or (own is not None and own in {self.issue.handler_id, self.issue.resolved_by_id})


Guard = Callable[[Case], Refusal | None]


def refuse(session: Session, actor: Actor, issue: Issue, verb: Verb) -> None:
    """Refuse a step that is not possible.

    Raises:
        StepRefusedError: it is not; the message says why.
    """
    refusal = why_not(session, actor, issue, verb)
    if refusal is not None:
        raise StepRefusedError(refusal.message, **dict(refusal.params))


def why_not(session: Session, actor: Actor, issue: Issue, verb: Verb) -> Refusal | None:
    """Return why a step is not possible for somebody who may take it in general; `None` if it is."""
    if issue.state not in STEPS[verb].sources:
        state = gettext(issue.state.label)
        return Refusal(N_("This is not possible while the issue is “{state}”."), (("state", state),))
    case = Case(session, actor, issue)
    return next((found for guard in _GUARDS.get(verb, ()) if (found := guard(case)) is not None), None)


def verified(issue: Issue) -> bool:
    """Return whether the enterprise has confirmed, or could not be reached so often that it need not."""
    return bool(issue.solved and issue.satisfied) or issue.call_backs >= MOST_CALL_BACKS


def _lead_department(case: Case) -> Refusal | None:
    if case.leads:
        return None
    return Refusal(N_("Only the lead department can do this."))


def _acknowledged_in_time(case: Case) -> Refusal | None:
    """A wrongly dispatched issue is returned within its limit, or not at all."""
    issue, at = case.issue, case.issue.dispatched_at
    if at is None:
        return None
    limit = limits.limit_for(
        case.session, Stage.RETURN, kind=issue.kind, urgency=issue.urgency, cross_department=issue.cross_department
    )
    if clock.now() <= working_time.calendar(case.session).deadline(at, limit).at:
        return None
    return Refusal(N_("The time to return a wrongly dispatched issue is over; ask the coordinator to re-dispatch it."))


def _not_ruled(case: Case) -> Refusal | None:
    if not case.issue.ruled:
        return None
    return Refusal(N_("The coordinator has ruled that your department handles this issue; it cannot be returned."))


def _asked_in_time(case: Case) -> Refusal | None:
    issue, due = case.issue, case.issue.due_at
    if due is None:
        return None
    notice = limits.limit_for(
        case.session, Stage.EXTENSION_NOTICE, kind=issue.kind, urgency=issue.urgency,
        cross_department=issue.cross_department,
    )  # fmt: skip
    latest = working_time.calendar(case.session).deadline(clock.now(), notice).at
    if latest <= due:
        return None
    return Refusal(N_("It is too late to ask for an extension: it must be asked before the last days of the limit."))


def _no_open_task(case: Case) -> Refusal | None:
    open_tasks = case.session.exec(
        select(func.count()).where(
            IssueTask.issue_id == case.issue.pk,
            col(IssueTask.state).in_((TaskState.OPEN, TaskState.RETURNED)),
            col(IssueTask.mandatory),
        )
    ).one()
    if not open_tasks:
        return None
    return Refusal(
        N_("Assisting departments still have tasks that must be done first: {count}."), (("count", open_tasks),)
    )


def _not_reviewed(case: Case) -> Refusal | None:
    return None if case.issue.reviewed_by_id is None else Refusal(N_("The result has passed its review already."))


def _reviewed(case: Case) -> Refusal | None:
    if case.issue.state is IssueState.RESOLVED_ON_SITE or case.issue.reviewed_by_id is not None:
        return None
    return Refusal(N_("The result has not passed its review yet."))


def _answers(case: Case) -> Refusal | None:
    """An assisting department does not answer for the lead department."""
    if case.actor.role is not Role.DEPARTMENT_OFFICER or case.leads:
        return None
    return Refusal(N_("Only the lead department can do this."))


def _not_the_handler(case: Case) -> Refusal | None:
    return Refusal(N_("Whoever handled the issue does not confirm its own result.")) if case.handled else None


def _calls(case: Case) -> Refusal | None:
    """The call-back is made by whom it was given to; coordinators and leads may step in."""
    if case.actor.role is not Role.GRID_WORKER or case.issue.caller_id == case.actor.account_id:
        return None
    return Refusal(N_("Somebody else was asked to make this call-back."))


def _gives_the_call(case: Case) -> Refusal | None:
    """A call-back under way is given to another by whoever may make it, until it is done."""
    if case.issue.state is not IssueState.CALL_BACK:
        return None
    return Refusal(N_("The call-back is done already.")) if verified(case.issue) else _calls(case)


def _verified(case: Case) -> Refusal | None:
    if verified(case.issue):
        return None
    return Refusal(
        N_("The enterprise has not confirmed yet: record the call-back, or {count} attempts at it."),
        (("count", MOST_CALL_BACKS),),
    )


def _below_the_zone(case: Case) -> Refusal | None:
    if case.issue.tier not in ZONE:
        return None
    return Refusal(N_("The issue is with the zone already: there is no tier above."))


def _at_ones_tier(case: Case) -> Refusal | None:
    """A lead decides on what is with the tier of a team of theirs or below; what went up is with others."""
    issue = case.issue
    if case.actor.role is not Role.TEAM_LEAD or issue.tier in VILLAGE:
        return None
    if issue.tier is Tier.STREET:
        above = served_from_above(case.actor).where(col(Area.id) == issue.area_id)
        if case.session.exec(above).first() is not None:
            return None
    return Refusal(N_("The issue was handed to the tier above, which decides on it now."))


def _acts_on_others(case: Case) -> Refusal | None:
    if case.issue.stage:
        return None
    return Refusal(N_("Nobody has to act on this issue now."))


def _no_card_yet(card: Card) -> Guard:
    def guard(case: Case) -> Refusal | None:
        order = list(Card)
        if order.index(case.issue.card) < order.index(card):
            return None
        return Refusal(N_("This card has been shown already."))

    return guard


def _not_supervised(case: Case) -> Refusal | None:
    if not case.issue.supervision:
        return None
    return Refusal(N_("It is under supervision already: {number}."), (("number", case.issue.supervision),))


def _joins(case: Case) -> Refusal | None:
    if case.actor.role is not Role.DEPARTMENT_OFFICER or case.leads:
        return None
    return Refusal(N_("Only the lead department or the coordinator can do this."))


def _own_department_assists(case: Case) -> Refusal | None:
    own = case.actor.department_id
    found = case.session.exec(
        select(func.count()).where(
            IssueTask.issue_id == case.issue.pk, IssueTask.department_id == own, IssueTask.state == TaskState.OPEN
        )
    ).one()
    return None if own is not None and found else Refusal(N_("Your department has no open task in this issue."))


def _task_to_cancel(case: Case) -> Refusal | None:
    found = case.session.exec(
        select(func.count()).where(
            IssueTask.issue_id == case.issue.pk, col(IssueTask.state).in_((TaskState.OPEN, TaskState.RETURNED))
        )
    ).one()
    return None if found else Refusal(N_("The issue has no task that could be cancelled."))


_GUARDS: dict[Verb, tuple[Guard, ...]] = {
    Verb.ACCEPT: (_at_ones_tier,),
    Verb.DECLINE: (_at_ones_tier,),
    Verb.ACKNOWLEDGE: (_lead_department,),
    Verb.RETURN: (_lead_department, _not_ruled, _acknowledged_in_time),
    Verb.REQUEST_EXTENSION: (_lead_department, _asked_in_time),
    Verb.REQUEST_SHELVING: (_lead_department,),
    Verb.RESOLVE: (_lead_department, _no_open_task),
    Verb.PASS_REVIEW: (_not_reviewed, _not_the_handler),
    Verb.FAIL_REVIEW: (_not_reviewed,),
    Verb.ANSWER: (_reviewed, _answers),
    Verb.START_CALL_BACK: (_not_the_handler, _gives_the_call),
    Verb.CALL_BACK: (_not_the_handler, _calls),
    Verb.REDO: (_not_the_handler, _calls),
    Verb.CLOSE: (_not_the_handler, _verified),
    Verb.URGE: (_acts_on_others,),
    Verb.SUPERVISE: (_not_supervised,),
    Verb.ESCALATE: (_below_the_zone, _at_ones_tier),
    Verb.YELLOW_CARD: (_no_card_yet(Card.YELLOW),),
    Verb.RED_CARD: (_no_card_yet(Card.RED),),
    Verb.ADD_TASK: (_joins,),
    Verb.CANCEL_TASK: (_joins, _task_to_cancel),
    Verb.FINISH_TASK: (_own_department_assists,),
    Verb.RETURN_TASK: (_own_department_assists,),
}
