"""The result: resolved by the department, reviewed by the coordinator, told to the enterprise."""

from core import clock
from core.i18n import N_
from models.lifecycle import Verb
from services.actor import Actor
from services.issues import joining
from services.issues.moving import moving, required


def resolve(actor: Actor, issue_id: int, solution: str, *, seen: int | None = None) -> None:
    """Say that the department has resolved the issue, and how; optional tasks that are still open are cancelled.

    Raises:
        InvalidError: it does not say how.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(solution, "solution", N_("Write how it was resolved."), most=4000)
    with moving(actor, issue_id, Verb.RESOLVE, seen=seen) as move:
        issue = move.issue
        issue.solution, issue.resolved_at, issue.resolved_by_id = tidy, clock.now(), actor.account_id
        issue.reviewed_by_id = None
        joining.end_all(move)


def pass_review(actor: Actor, issue_id: int, *, note: str = "", seen: int | None = None) -> None:
    """Find the result good: the enterprise can be told.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.PASS_REVIEW, seen=seen, reason=note) as move:
        move.issue.reviewed_by_id = actor.account_id


def fail_review(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Send the result back to the department, which goes on handling; the time of the review does not count.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write what is missing."))
    with moving(actor, issue_id, Verb.FAIL_REVIEW, seen=seen, reason=tidy) as move:
        move.issue.resolved_at = move.issue.resolved_by_id = None


def answer(actor: Actor, issue_id: int, told: str, *, seen: int | None = None) -> None:
    """Record what the enterprise was told of the result.

    Raises:
        InvalidError: the answer is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(told, "answer", N_("Write what the enterprise was told."), most=4000)
    with moving(actor, issue_id, Verb.ANSWER, seen=seen) as move:
        issue = move.issue
        issue.answer, issue.answered_at, issue.answered_by_id = tidy, clock.now(), actor.account_id
