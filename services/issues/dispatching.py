"""Dispatching an issue to departments, and their first answer: acknowledged, or returned as not theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import clock, text
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.account import Department
from models.issue import IssueState
from models.issue_log import IssueTask, TaskState
from models.lifecycle import Verb
from services.actor import Actor
from services.issues import joining
from services.issues.guards import MOST_RETURNS
from services.issues.moving import Move, moving, moving_in, required, within
from services.issues.steps import ACTIONS
from services.use_case import use_case


@dataclass(frozen=True)
class Assistance:
    """What an assisting department is asked for.

    Args:
        department_id: the department.
        text: its task.
        mandatory: whether the issue cannot be resolved without it.
    """

    department_id: int
    text: str
    mandatory: bool = True


def dispatch(
    actor: Actor, issue_id: int, department_id: int, *, instruction: str = "", assisting: Sequence[Assistance] = (),
    seen: int | None = None,
) -> None:  # fmt: skip
    """Dispatch an accepted issue to its lead department and ask others to assist.

    Args:
        actor: the coordinator.
        issue_id: the issue.
        department_id: the lead department (主办).
        instruction: what is asked of it.
        assisting: the assisting departments (协办), each with its task.
        seen: the version the coordinator looked at.

    Raises:
        InvalidError: a department does not exist, is no longer active, or is named twice.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    _dispatch(Verb.DISPATCH, actor, issue_id, department_id, instruction, assisting, seen)


def accept_and_dispatch(
    actor: Actor, issue_id: int, department_id: int, *, instruction: str = "", seen: int | None = None
) -> None:
    """Accept a registered issue and dispatch it in one go: both steps are taken, or neither.

    Raises:
        InvalidError: the department does not exist or is no longer active.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = within(text.prose(instruction), "instruction", most=1000)
    with use_case(actor, ACTIONS[Verb.DISPATCH]) as session:
        with moving_in(session, actor, issue_id, Verb.ACCEPT, seen):
            pass
        with moving_in(session, actor, issue_id, Verb.DISPATCH, reason=tidy) as move:
            _check(move, department_id, ())
            _ask(move, department_id, tidy)


def redispatch(
    actor: Actor, issue_id: int, department_id: int, *, instruction: str, assisting: Sequence[Assistance] = (),
    seen: int | None = None,
) -> None:  # fmt: skip
    """Dispatch a returned issue anew, or take one from a department and give it to another.

    After the third return the coordinator's choice is a ruling: the department cannot return it any more.

    Raises:
        InvalidError: the instruction is missing, or see `dispatch`.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(instruction, "instruction", N_("Write why it goes to this department."))
    _dispatch(Verb.REDISPATCH, actor, issue_id, department_id, tidy, assisting, seen)


def acknowledge(actor: Actor, issue_id: int, *, seen: int | None = None) -> None:
    """Acknowledge an issue for one's department; whoever does it is its handler.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.ACKNOWLEDGE, seen=seen) as move:
        move.issue.handler_id, move.issue.acknowledged_at = actor.account_id, clock.now()


def return_issue(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Return an issue that is not the department's, within the limit for it.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is not your department's, and whose it is."))
    with moving(actor, issue_id, Verb.RETURN, seen=seen, reason=tidy) as move:
        issue = move.issue
        issue.returns += 1
        issue.department_id = issue.handler_id = issue.acknowledged_at = None


def _dispatch(  # noqa: PLR0917 - the two public functions name them
    verb: Verb, actor: Actor, issue_id: int, department_id: int, instruction: str, assisting: Sequence[Assistance],
    seen: int | None,
) -> None:  # fmt: skip
    tidy = within(text.prose(instruction), "instruction", most=1000)
    with moving(actor, issue_id, verb, seen=seen, reason=tidy) as move:
        _check(move, department_id, assisting)
        _ask(move, department_id, tidy)
        for each in assisting:
            joining.put(move, each.department_id, each.text, mandatory=each.mandatory)


def put(move: Move, department_id: int) -> None:
    """Give the issue to a department as of now; part of the step `move`.

    Whoever dispatched it last, and what they asked, stay: a call-back that begins the next round asks nothing new.
    """
    issue = move.issue
    issue.department_id, issue.dispatched_at = department_id, clock.now()
    issue.state = IssueState.DISPATCHED
    issue.handler_id = issue.acknowledged_at = None
    issue.ruled = issue.returns >= MOST_RETURNS


def _ask(move: Move, department_id: int, instruction: str) -> None:
    """Give the issue to a department with what the coordinator asks of it."""
    put(move, department_id)
    move.issue.instruction, move.issue.dispatched_by_id = instruction, move.actor.account_id


def _check(move: Move, department_id: int, assisting: Sequence[Assistance]) -> None:
    problems: dict[str, str] = {}
    if not _active(move.session, [department_id]):
        problems["department_id"] = gettext("Choose a department that is active.")
    wanted = [each.department_id for each in assisting]
    assisting_now = set(_assisting(move))
    if department_id in assisting_now:
        problems["department_id"] = gettext("This department has an open task in the issue already.")
    if not _active(move.session, wanted):
        problems["assisting"] = gettext("Choose a department that is active.")
    elif len(set(wanted)) != len(wanted) or (assisting_now | {department_id}) & set(wanted):
        problems["assisting"] = gettext("A department has only one part in an issue: lead it, or assist once.")
    if problems:
        raise InvalidError(problems)


def _assisting(move: Move) -> Sequence[int]:
    found = select(IssueTask.department_id).where(
        IssueTask.issue_id == move.issue.pk, IssueTask.state == TaskState.OPEN
    )
    return move.session.exec(found).all()


def _active(session: Session, ids: Sequence[int]) -> bool:
    found = session.exec(select(Department.id).where(col(Department.id).in_(ids), col(Department.active))).all()
    return set(found) == set(ids)
