"""Several issues at once: what would be done and what is left out and why, then each in a transaction of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.errors import InvalidError, NotSignedInError, UserError
from core.i18n import N_, gettext
from models.account import Department
from models.enterprise import Enterprise
from models.issue import Issue
from models.lifecycle import Verb
from services import access
from services.actor import Actor
from services.issues import people
from services.issues.dispatching import accept_and_dispatch, dispatch
from services.issues.guards import why_not
from services.issues.remaining import moments
from services.issues.steps import ACTIONS
from services.issues.talking import urge
from services.issues.todo_groups import Desk, urged_today
from services.issues.verifying import start_call_back
from services.permissions import Action, allows
from services.use_case import use_case

MOST = 200
"""Issues that can be chosen at once."""
OFFERED = (Verb.DISPATCH, Verb.URGE, Verb.START_CALL_BACK)


@dataclass(frozen=True)
class Planned:
    """What would be done with one of the chosen issues.

    Args:
        issue_id: the issue.
        number: its number.
        enterprise: its enterprise's name.
        version: as it was looked at: what happens to it meanwhile is not overrun.
        steps: the steps that would be taken; empty if it is left out.
        refusal: why it is left out, in the present language; empty if it is not.
    """

    issue_id: int
    number: str
    enterprise: str
    version: int
    steps: tuple[Verb, ...]
    refusal: str = ""


@dataclass(frozen=True)
class Done:
    """What became of one issue: done, or refused for the reason in `refusal`."""

    issue_id: int
    number: str
    refusal: str = ""


Step = Callable[[Planned], None]


def plan(actor: Actor, issue_ids: Sequence[int], verb: Verb, *, accepting: bool = False) -> list[Planned]:
    """Return what a step would do with each of the chosen issues, in their order; ids of others are passed over.

    Args:
        actor: who asks.
        issue_ids: the chosen issues.
        verb: the step, one of `OFFERED`.
        accepting: whether registered issues are accepted on the way to their dispatch.

    Raises:
        NotAllowedError: the role may not see issues.
        InvalidError: there are more than `MOST`.
    """
    if len(issue_ids) > MOST:
        raise InvalidError({"issues": gettext("Choose at most {count} issues.").format(count=MOST)})
    with use_case(actor, Action.ISSUE_VIEW) as session:
        mine = access.condition(actor, Action.ISSUE_VIEW, Issue)
        found = session.exec(
            select(Issue, Enterprise.name)
            .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
            .where(mine, col(Issue.id).in_(issue_ids))
        )
        by_id = {issue.pk: (issue, name) for issue, name in found.all()}
        verbs = (verb, Verb.ACCEPT) if accepting and verb is Verb.DISPATCH else (verb,)
        reach = {each: _reach(session, actor, each, list(by_id)) for each in verbs}
        urged = _urged(session, actor, list(by_id)) if verb is Verb.URGE else frozenset()
        asked = _Asked(session, actor, verb, reach, urged)
        return [_planned(asked, *by_id[each]) for each in issue_ids if each in by_id]


def dispatch_all(actor: Actor, planned: Sequence[Planned], department_id: int, instruction: str = "") -> list[Done]:
    """Dispatch the planned issues to one department with one instruction.

    Raises:
        InvalidError: the department does not exist or is no longer active.
        NotAllowedError: the role may not dispatch.
    """
    with use_case(actor, Action.ISSUE_DISPATCH) as session:
        active = select(Department.id).where(Department.id == department_id, col(Department.active))
        if session.exec(active).first() is None:
            raise InvalidError({"department_id": gettext("Choose a department that is active.")})

    def step(each: Planned) -> None:
        take = accept_and_dispatch if Verb.ACCEPT in each.steps else dispatch
        take(actor, each.issue_id, department_id, instruction=instruction, seen=each.version)

    return _each(planned, step)


def urge_all(actor: Actor, planned: Sequence[Planned], note: str = "") -> list[Done]:
    """Urge whoever is to act on each of the planned issues."""
    return _each(planned, lambda each: urge(actor, each.issue_id, note, seen=each.version))


def start_call_backs(actor: Actor, planned: Sequence[Planned], caller_id: int | None = None) -> list[Done]:
    """Start the call-back of the planned issues, to be made by one person: `None` means the actor."""
    return _each(planned, lambda each: start_call_back(actor, each.issue_id, caller_id, seen=each.version))


def callers(actor: Actor) -> dict[int, str]:
    """Return who can be asked for a call-back, id → name: whoever deals with enterprises and still works here.

    Raises:
        NotAllowedError: the role has nothing to do with call-backs.
    """
    with use_case(actor, Action.ISSUE_CALL_BACK) as session:
        return people.choices(session, people.DEALS)


@dataclass(frozen=True)
class _Asked:
    """What is asked for all chosen issues: the step, and with which of them the actor may take it and what precedes."""

    session: Session
    actor: Actor
    verb: Verb
    reach: dict[Verb, frozenset[int | None]]
    urged: frozenset[int | None]

    def refusal(self, issue: Issue, verb: Verb) -> str:
        """Return why a step cannot be taken with an issue now; empty if it can."""
        found = why_not(self.session, self.actor, issue, verb)
        if found is not None:
            return str(found)
        return "" if issue.pk in self.reach[verb] else gettext(N_("Your account may not do this."))

    def urged_already(self, issue: Issue) -> str:
        """Return that the actor has urged an issue today, where they are to urge it; empty if not."""
        return gettext(N_("You urged it today already.")) if issue.pk in self.urged else ""


def _urged(session: Session, actor: Actor, issue_ids: Sequence[int]) -> frozenset[int | None]:
    """Return which issues the actor has urged today: several at once are urged once a day (催办)."""
    already = urged_today(Desk(actor, moments(session)))
    return frozenset(session.exec(select(Issue.id).where(col(Issue.id).in_(issue_ids), already)).all())


def _reach(session: Session, actor: Actor, verb: Verb, issue_ids: Sequence[int]) -> frozenset[int | None]:
    """Return with which issues the actor may take a step in general: one query for all of them."""
    if not allows(actor, ACTIONS[verb]):
        return frozenset()
    own = select(Issue.id).where(col(Issue.id).in_(issue_ids), access.condition(actor, ACTIONS[verb], Issue))
    return frozenset(session.exec(own).all())


def _planned(asked: _Asked, issue: Issue, enterprise: str) -> Planned:
    steps: tuple[Verb, ...] = (asked.verb,)
    refusal = asked.refusal(issue, asked.verb) or asked.urged_already(issue)
    if refusal and Verb.ACCEPT in asked.reach and not asked.refusal(issue, Verb.ACCEPT):
        refusal, steps = "", (Verb.ACCEPT, asked.verb)
    return Planned(issue.pk, issue.number, enterprise, issue.version, () if refusal else steps, refusal)


def _each(planned: Sequence[Planned], step: Step) -> list[Done]:
    return [_one(each, step) for each in planned if each.steps]


def _one(planned: Planned, step: Step) -> Done:
    try:
        step(planned)
    except NotSignedInError:
        raise  # nothing more can be done for this person
    except UserError as problem:
        return Done(planned.issue_id, planned.number, str(problem))
    return Done(planned.issue_id, planned.number)
