"""What each role has to do next with issues: groups, each one condition over the issues the role may act on.

The order of `RULES` is the order of the to-do: what others wait for comes first, what is only watched last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, exists, false, func, not_, or_, true
from sqlmodel import col, select

from core import clock
from core.i18n import N_
from models.account import Role
from models.area import Tier
from models.base import LabelledEnum, Moment
from models.issue import ENDED_STATES, Card, Issue, IssueState
from models.issue_log import IssueEvent, IssueTask, TaskState
from models.lifecycle import STEPS, Verb
from services import access
from services.actor import Actor
from services.issues.guards import MOST_CALL_BACKS
from services.issues.people import GONE, STAFFED
from services.issues.remaining import Moments, Remaining
from services.issues.remaining import condition as has_left
from services.issues.steps import ACTIONS
from services.issues.tiers import VILLAGE, ZONE, served_from_above, without_lead
from services.permissions import Action

_S = IssueState
_REVIEW_DAYS = 7
"""Days before its review date from which on a shelved issue is shown."""


class Group(LabelledEnum):
    """A list of the to-do."""

    CALL_BACK = "call_back", N_("Call-backs to make")
    SETTLE = "settle", N_("To resolve on site")
    ACCEPT = "accept", N_("To accept")
    REDISPATCH = "redispatch", N_("Returned, to re-dispatch")
    DISPATCH = "dispatch", N_("To dispatch")
    EXTENSION = "extension", N_("Extensions to decide")
    SHELVING = "shelving", N_("Shelvings to decide")
    REVIEW = "review", N_("Results to review")
    ACKNOWLEDGE = "acknowledge", N_("To acknowledge")
    HANDLE = "handle", N_("To handle")
    ASSIST = "assist", N_("To assist")
    ANSWER = "answer", N_("To answer")
    ARRANGE = "arrange", N_("Call-backs to arrange")
    CLOSE = "close", N_("To close")
    OVERDUE = "overdue", N_("Overdue with others")
    LATE = "late", N_("All that is overdue")
    SHELVED = "shelved", N_("Shelved, review near")
    AWAITED = "awaited", N_("Waiting for the coordinator")
    SUPERVISED = "supervised", N_("Supervised")
    CARDED = "carded", N_("With a card")
    RED_CARD = "red_card", N_("Red card")


@dataclass(frozen=True)
class Desk:
    """Whose to-do it is, and when."""

    actor: Actor
    at: Moments


Clause = Callable[[Desk], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """Which issues belong to a group for some roles.

    Args:
        group: the group.
        roles: whose to-do has it.
        why: why it is theirs, a sentence of the catalogue.
        clause: the condition.
        step: what they do with it; `None`: it is only watched.
        due: by when, if not by the issue's own deadline.
        due_of: what that deadline is of; empty for the issue's own.
    """

    group: Group
    roles: tuple[Role, ...]
    why: str
    clause: Clause
    step: Verb | None = None
    due: Callable[[Desk], ColumnElement[Any]] | None = None
    due_of: str = ""

    @property
    def watched(self) -> bool:
        """Whether others are to act."""
        return self.step in {None, Verb.URGE, Verb.RESUME}

    def condition(self, desk: Desk) -> ColumnElement[bool]:
        """Return what makes an issue belong to the group: within reach of the step, and as the clause says."""
        action = ACTIONS[self.step] if self.step else Action.ISSUE_VIEW
        return and_(access.condition(desk.actor, action, Issue), self.clause(desk))

    def deadline(self, desk: Desk) -> Any:
        """Return the column that says by when it is to be done."""
        return self.due(desk) if self.due else col(Issue.due_at)

    def overdue(self, desk: Desk) -> ColumnElement[bool]:
        """Return the condition that this is late."""
        return has_left(Remaining.OVERDUE, desk.at) if self.due is None else self.due(desk) < desk.at.now


def rules(actor: Actor) -> list[Rule]:
    """Return the rules of an actor's to-do, what they do themselves first."""
    return [rule for rule in RULES if actor.role in rule.roles]


def waiting(desk: Desk) -> ColumnElement[bool]:
    """Return the condition that an issue in the actor's sight waits for them: its next step is theirs to take."""
    return or_(false(), *(rule.clause(desk) for rule in rules(desk.actor) if not rule.watched))


def urges(actor: Actor) -> bool:
    """Return whether the actor's to-do holds what others are late with, to be urged."""
    return any(rule.group is Group.OVERDUE for rule in rules(actor))


def to_urge(desk: Desk) -> ColumnElement[bool]:
    """Return the condition of what the actor may urge today, as their to-do counts it; nothing for other roles."""
    return or_(false(), *(rule.condition(desk) for rule in rules(desk.actor) if rule.group is Group.OVERDUE))


def urged_today(desk: Desk) -> ColumnElement[bool]:
    """Return the condition that the actor has urged an issue today: once a day is enough (催办)."""
    midnight = desk.at.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return exists().where(
        col(IssueEvent.issue_id) == Issue.id, col(IssueEvent.actor_id) == desk.actor.account_id,
        col(IssueEvent.at) >= midnight, col(IssueEvent.verb) == Verb.URGE,
    )  # fmt: skip


def mine(desk: Desk) -> ColumnElement[bool]:
    """Return `waiting` as a value that is never unknown, for whoever asks for its opposite too."""
    return func.coalesce(waiting(desk), false())


def late_with_others(desk: Desk) -> ColumnElement[bool]:
    """Return the condition of what is overdue and waits for somebody else."""
    return and_(has_left(Remaining.OVERDUE, desk.at), not_(mine(desk)))


def _state(*states: IssueState) -> ColumnElement[bool]:
    return col(Issue.state) == states[0] if len(states) == 1 else col(Issue.state).in_(states)


def _not_handled(desk: Desk) -> ColumnElement[bool]:
    """Whoever handled an issue, or belongs to the department that did, does not confirm its result."""
    own, office = desk.actor.account_id, desk.actor.department_id
    others = true() if office is None else col(Issue.department_id).is_distinct_from(office)
    return and_(others, col(Issue.handler_id).is_distinct_from(own), col(Issue.resolved_by_id).is_distinct_from(own))


def _verified() -> ColumnElement[bool]:
    confirmed = and_(col(Issue.solved).is_(True), col(Issue.satisfied).is_(True))
    return or_(confirmed, col(Issue.call_backs) >= MOST_CALL_BACKS)


def _answerable() -> ColumnElement[bool]:
    reviewed = and_(_state(_S.RESOLVED), col(Issue.reviewed_by_id).is_not(None))
    return or_(_state(_S.RESOLVED_ON_SITE), reviewed)


def _to_call() -> ColumnElement[bool]:
    return and_(_state(_S.CALL_BACK), not_(_verified()))


def _nobody_calls() -> ColumnElement[bool]:
    """Whoever was asked for the call-back can make it no more, so another has to be asked."""
    return func.coalesce(access.among(Issue.caller_id, GONE), false())


AWAITS: dict[Group, ColumnElement[bool]] = {
    Group.ACCEPT: _state(_S.REGISTERED),
    Group.REDISPATCH: _state(_S.RETURNED),
    Group.DISPATCH: _state(_S.ACCEPTED),
    Group.EXTENSION: _state(_S.EXTENSION_REQUESTED),
    Group.SHELVING: _state(_S.SHELVING_REQUESTED),
    Group.REVIEW: and_(_state(_S.RESOLVED), col(Issue.reviewed_by_id).is_(None)),
    Group.ACKNOWLEDGE: _state(_S.DISPATCHED),
    Group.HANDLE: _state(_S.HANDLING),
    Group.ANSWER: _answerable(),
    Group.ARRANGE: or_(_state(_S.ANSWERED), and_(_to_call(), _nobody_calls())),
    Group.CALL_BACK: and_(_to_call(), not_(_nobody_calls())),
    Group.CLOSE: and_(_state(_S.CALL_BACK), _verified()),
}
"""What an issue waits for, whoever is to do it: the one meaning of these words in to-dos, figures and the ledger.

No issue waits for two of them; one that is shelved or has ended waits for none.
"""


def _call_back(desk: Desk) -> ColumnElement[bool]:
    mine = col(Issue.caller_id) == desk.actor.account_id
    return and_(AWAITS[Group.CALL_BACK], mine, _not_handled(desk))


def _settle(desk: Desk) -> ColumnElement[bool]:
    mine = col(Issue.registered_by_id) == desk.actor.account_id
    return and_(AWAITS[Group.ACCEPT], mine, col(Issue.tier).in_(VILLAGE))


def _lead_accepts(desk: Desk) -> ColumnElement[bool]:
    """A lead decides on what is with the tier of their team or below."""
    at_street = and_(col(Issue.tier) == Tier.STREET, access.among(Issue.area_id, served_from_above(desk.actor)))
    return and_(AWAITS[Group.ACCEPT], or_(col(Issue.tier).in_(VILLAGE), at_street))


def _zone_accepts(_desk: Desk) -> ColumnElement[bool]:
    return and_(AWAITS[Group.ACCEPT], or_(col(Issue.tier).in_(ZONE), without_lead()))


def _to_redispatch(_desk: Desk) -> ColumnElement[bool]:
    """What was returned, and what lies with a department in which nobody can take it up."""
    with_department = or_(AWAITS[Group.ACKNOWLEDGE], AWAITS[Group.HANDLE])
    return or_(AWAITS[Group.REDISPATCH], and_(with_department, not_(access.among(Issue.department_id, STAFFED))))


def _review(desk: Desk) -> ColumnElement[bool]:
    return and_(AWAITS[Group.REVIEW], _not_handled(desk))


def _first_receiver(desk: Desk) -> ColumnElement[bool]:
    """Whoever received a need first answers for it to the end (首接负责)."""
    return and_(AWAITS[Group.ANSWER], col(Issue.first_receiver_id) == desk.actor.account_id)


def _nobody_else_answers(desk: Desk) -> ColumnElement[bool]:
    gone = access.among(Issue.first_receiver_id, GONE)
    return and_(AWAITS[Group.ANSWER], or_(col(Issue.first_receiver_id) == desk.actor.account_id, gone))


def _departments(desk: Desk) -> ColumnElement[bool]:
    own = desk.actor.department_id
    return false() if own is None else col(Issue.department_id) == own


def _own_task(desk: Desk) -> Any:
    return and_(col(IssueTask.department_id) == desk.actor.department_id, col(IssueTask.state) == TaskState.OPEN)


def _assist(desk: Desk) -> ColumnElement[bool]:
    work = STEPS[Verb.FINISH_TASK].sources
    tasks = select(IssueTask.issue_id).where(_own_task(desk))
    return and_(col(Issue.state).in_(work), access.among(Issue.id, tasks))


def _task_due(desk: Desk) -> ColumnElement[Any]:
    due = select(func.min(IssueTask.due_at)).where(IssueTask.issue_id == Issue.id, _own_task(desk))
    return due.correlate(Issue).scalar_subquery()


def _arrange(desk: Desk) -> ColumnElement[bool]:
    return and_(AWAITS[Group.ARRANGE], _not_handled(desk))


def _close(desk: Desk) -> ColumnElement[bool]:
    return and_(AWAITS[Group.CLOSE], _not_handled(desk))


def _overdue(desk: Desk) -> ColumnElement[bool]:
    """What is late and waits for somebody else, unless it was urged today already."""
    return and_(late_with_others(desk), not_(urged_today(desk)))


def _shelved(_desk: Desk) -> ColumnElement[bool]:
    near = clock.today() + timedelta(days=_REVIEW_DAYS)
    return and_(_state(_S.SHELVED), col(Issue.review_on) <= near)


def _review_day(_desk: Desk) -> ColumnElement[Any]:
    return cast(col(Issue.review_on), Moment)


def _awaited(desk: Desk) -> ColumnElement[bool]:
    groups = (Group.EXTENSION, Group.SHELVING, Group.REVIEW)
    return and_(_departments(desk), or_(*(AWAITS[group] for group in groups)))


def _supervised(_desk: Desk) -> ColumnElement[bool]:
    return and_(col(Issue.supervision) != "", col(Issue.state).not_in(ENDED_STATES))


def _carded(_desk: Desk) -> ColumnElement[bool]:
    return and_(col(Issue.card) != Card.NONE, col(Issue.state).not_in(ENDED_STATES))


_C, _L, _W, _D, _M = Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.MANAGER

RULES: tuple[Rule, ...] = (
    Rule(Group.ACKNOWLEDGE, (_D,), N_("Dispatched to your department"),
         lambda desk: and_(_departments(desk), AWAITS[Group.ACKNOWLEDGE]), Verb.ACKNOWLEDGE),
    Rule(Group.HANDLE, (_D,), N_("Your department leads"),
         lambda desk: and_(_departments(desk), AWAITS[Group.HANDLE]), Verb.RESOLVE),
    Rule(Group.ASSIST, (_D,), N_("Your department assists"), _assist, Verb.FINISH_TASK, _task_due,
         N_("Assisting task")),
    Rule(Group.ANSWER, (_D,), N_("Your department resolved it"),
         lambda desk: and_(_departments(desk), AWAITS[Group.ANSWER]), Verb.ANSWER),
    Rule(Group.REDISPATCH, (_C,), N_("A department returned it, or has no officer"), _to_redispatch, Verb.REDISPATCH),
    Rule(Group.EXTENSION, (_C,), N_("A department asks for more time"),
         lambda _desk: AWAITS[Group.EXTENSION], Verb.APPROVE_EXTENSION),
    Rule(Group.SHELVING, (_C,), N_("A department cannot resolve it for now"),
         lambda _desk: AWAITS[Group.SHELVING], Verb.APPROVE_SHELVING),
    Rule(Group.ACCEPT, (_C,), N_("Handed up to the zone, or no team lead is left"), _zone_accepts, Verb.ACCEPT),
    Rule(Group.ACCEPT, (_L,), N_("Registered in your area"), _lead_accepts, Verb.ACCEPT),
    Rule(Group.DISPATCH, (_C,), N_("Accepted, with no department yet"),
         lambda _desk: AWAITS[Group.DISPATCH], Verb.DISPATCH),
    Rule(Group.REVIEW, (_C,), N_("A department says it is resolved"), _review, Verb.PASS_REVIEW),
    Rule(Group.CALL_BACK, (_C, _L, _W), N_("You were asked to call the enterprise"), _call_back, Verb.CALL_BACK),
    Rule(Group.ANSWER, (_L, _W), N_("You received it first"), _first_receiver, Verb.ANSWER),
    Rule(Group.ANSWER, (_C,), N_("Nobody else is left to answer"), _nobody_else_answers, Verb.ANSWER),
    Rule(Group.SETTLE, (_W,), N_("You registered it"), _settle, Verb.RESOLVE_ON_SITE),
    Rule(Group.CLOSE, (_C, _L), N_("The call-back is done"), _close, Verb.CLOSE),
    Rule(Group.ARRANGE, (_C, _L), N_("The enterprise has its answer"), _arrange, Verb.START_CALL_BACK),
    Rule(Group.OVERDUE, (_C, _L, _W), N_("Whoever is to act is late"), _overdue, Verb.URGE),
    Rule(Group.LATE, (_M,), N_("Whoever is to act is late"),
         lambda desk: has_left(Remaining.OVERDUE, desk.at)),
    Rule(Group.SHELVED, (_C,), N_("Its review date is near"), _shelved, Verb.RESUME, _review_day,
         N_("Review of the shelving")),
    Rule(Group.AWAITED, (_D,), N_("The coordinator decides next"), _awaited),
    Rule(Group.SUPERVISED, (_C, _M), N_("It is under supervision"), _supervised),
    Rule(Group.CARDED, (_M,), N_("A card was shown"), _carded),
)  # fmt: skip
