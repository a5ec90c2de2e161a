"""The enterprise has the last word: call-back, redo or closure, and reopening."""

from enum import StrEnum

from core import clock
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.issue import Issue, IssueState
from models.lifecycle import Verb
from services.actor import Actor
from services.issues import joining, people
from services.issues.dispatching import put
from services.issues.moving import Move, moving, required, within


class CallBackResult(StrEnum):
    """What came of an attempt at a call-back."""

    NOT_REACHED = "not_reached"
    CONFIRMED = "confirmed"
    REDO = "redo"


def start_call_back(actor: Actor, issue_id: int, caller_id: int | None = None, *, seen: int | None = None) -> None:
    """Have somebody ask the enterprise whether its need is solved and whether it is satisfied.

    While the call-back is not done it can be given to another; attempts made so far still count.

    Args:
        actor: who asks for it.
        issue_id: the issue.
        caller_id: who makes the call; `None`: the actor. Never whoever handled the issue.
        seen: the version the person looked at.

    Raises:
        InvalidError: this person cannot make the call.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.START_CALL_BACK, seen=seen) as move:
        issue = move.issue
        caller = caller_id or actor.account_id
        if caller is None or not people.verifies(move.session, caller, issue):
            raise InvalidError({"caller_id": gettext("Choose somebody who did not handle the issue.")})
        issue.caller_id = caller
        issue.solved = issue.satisfied = None


def record_call_back(
    actor: Actor, issue_id: int, *, reached: bool, solved: bool | None = None, satisfied: bool | None = None,
    note: str = "", seen: int | None = None,
) -> CallBackResult:  # fmt: skip
    """Record what the enterprise said: whether its need is solved, and, asked apart, whether it is satisfied.

    An issue that is not solved, or whose enterprise is not satisfied, is done anew: the next round begins.

    Args:
        actor: who called.
        issue_id: the issue.
        reached: whether somebody of the enterprise was spoken to.
        solved: their first answer; needed if reached.
        satisfied: their second answer; needed if reached.
        note: what they said; needed if either answer is no.
        seen: the version the person looked at.

    Raises:
        InvalidError: an answer or the note is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = within(note.strip(), "note", most=1000)
    if not reached:
        with moving(actor, issue_id, Verb.CALL_BACK, seen=seen, reason=tidy) as move:
            move.issue.call_backs += 1
        return CallBackResult.NOT_REACHED
    _check(solved, satisfied)
    if solved and satisfied:
        with moving(actor, issue_id, Verb.CALL_BACK, seen=seen, reason=tidy) as move:
            _write(move.issue, solved=True, satisfied=True)
            move.spoken = ("solved", "satisfied")
        return CallBackResult.CONFIRMED
    tidy = required(tidy, "note", N_("Write what the enterprise is not content with."))
    with moving(actor, issue_id, Verb.REDO, seen=seen, reason=tidy) as move:
        _write(move.issue, solved=bool(solved), satisfied=bool(satisfied))
        _next_round(move)
    return CallBackResult.REDO


def close(actor: Actor, issue_id: int, *, note: str = "", seen: int | None = None) -> None:
    """Strike the issue off the ledger (销号), once the enterprise has confirmed or could not be reached three times.

    Whoever handled it does not close it.

    Raises:
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.CLOSE, seen=seen, reason=note) as move:
        move.issue.closed_at, move.issue.closed_by_id = clock.now(), actor.account_id


def reopen(actor: Actor, issue_id: int, reason: str, *, seen: int | None = None) -> None:
    """Take up a closed or declined issue again: accepted, to be dispatched anew; a closed one in its next round.

    One that was declined has had no round yet: nobody has responded to it, and no figure says so.
    What the enterprise confirmed no longer holds: no figure counts it until the enterprise is asked again.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is taken up again."))
    with moving(actor, issue_id, Verb.REOPEN, seen=seen, reason=tidy) as move:
        issue = move.issue
        joining.end_all(move)
        issue.closed_at = issue.closed_by_id = issue.department_id = None
        _clear(issue)
        issue.solved = issue.satisfied = None
        if issue.state is IssueState.CLOSED:
            issue.round += 1


def _check(solved: bool | None, satisfied: bool | None) -> None:
    problems = {
        field: gettext("Ask the enterprise and choose its answer.")
        for field, value in {"solved": solved, "satisfied": satisfied}.items()
        if value is None
    }
    if problems:
        raise InvalidError(problems)


def _write(issue: Issue, *, solved: bool, satisfied: bool) -> None:
    issue.call_backs += 1
    issue.solved, issue.satisfied = solved, satisfied


def _next_round(move: Move) -> None:
    """Begin the next round where the last was handled; what was resolved on site goes to the coordinator instead."""
    issue = move.issue
    department_id = issue.department_id
    _clear(issue)
    joining.end_all(move)
    issue.round += 1
    if department_id is None:
        move.to(IssueState.ACCEPTED)
        return
    move.to(IssueState.DISPATCHED)
    put(move, department_id)


def _clear(issue: Issue) -> None:
    """Forget the last round's result and its actors; the log keeps them.

    The answers of the enterprise are the caller's to withdraw: a no stays until it is asked again.
    """
    issue.handler_id = issue.acknowledged_at = issue.resolved_at = issue.resolved_by_id = None
    issue.reviewed_by_id = issue.answered_at = issue.answered_by_id = issue.caller_id = None
    issue.answer, issue.call_backs, issue.returns, issue.ruled = "", 0, 0, False
