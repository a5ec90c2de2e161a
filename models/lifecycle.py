"""The life cycle of an issue: the one table of what can be done in which state and where it leads.

Pure: whether a person may take a step, and what else it needs, is asked by `services.issues`.
"""

from dataclasses import dataclass

from core.i18n import N_
from models.base import LabelledEnum
from models.issue import ENDED_STATES, IssueState


class Verb(LabelledEnum):
    """Everything that can happen to an issue; each is one event of its log."""

    REGISTER = "register", N_("Register")
    RESOLVE_ON_SITE = "resolve_on_site", N_("Resolve on site")
    ACCEPT = "accept", N_("Accept")
    DECLINE = "decline", N_("Decline")
    DISPATCH = "dispatch", N_("Dispatch")
    REDISPATCH = "redispatch", N_("Re-dispatch")
    ACKNOWLEDGE = "acknowledge", N_("Acknowledge")
    RETURN = "return", N_("Return")
    REQUEST_EXTENSION = "request_extension", N_("Request an extension")
    APPROVE_EXTENSION = "approve_extension", N_("Approve the extension")
    REFUSE_EXTENSION = "refuse_extension", N_("Refuse the extension")
    REQUEST_SHELVING = "request_shelving", N_("Request shelving")
    APPROVE_SHELVING = "approve_shelving", N_("Approve the shelving")
    REFUSE_SHELVING = "refuse_shelving", N_("Refuse the shelving")
    RESUME = "resume", N_("Take up again")
    RESOLVE = "resolve", N_("Resolve")
    PASS_REVIEW = "pass_review", N_("Pass the review")
    FAIL_REVIEW = "fail_review", N_("Send back after review")
    ANSWER = "answer", N_("Answer the enterprise")
    START_CALL_BACK = "start_call_back", N_("Start the call-back")
    CALL_BACK = "call_back", N_("Record the call-back")
    REDO = "redo", N_("Redo")
    CLOSE = "close", N_("Close the issue")
    REOPEN = "reopen", N_("Reopen the issue")
    URGE = "urge", N_("Urge")
    SUPERVISE = "supervise", N_("Supervise")
    ESCALATE = "escalate", N_("Escalate")
    YELLOW_CARD = "yellow_card", N_("Show a yellow card")
    RED_CARD = "red_card", N_("Show a red card")
    COMMENT = "comment", N_("Comment")
    ATTACH = "attach", N_("Attach a file")
    WITHDRAW_FILE = "withdraw_file", N_("Withdraw a file")
    EDIT = "edit", N_("Correct")
    LINK = "link", N_("Link")
    UNLINK = "unlink", N_("Unlink")
    ADD_TASK = "add_task", N_("Add a task")
    FINISH_TASK = "finish_task", N_("Finish the task")
    RETURN_TASK = "return_task", N_("Return the task")
    CANCEL_TASK = "cancel_task", N_("Cancel the task")
    RECOMPUTE = "recompute", N_("Compute the deadline anew")


@dataclass(frozen=True)
class Step:
    """In which states a step can be taken and to which it leads.

    Args:
        sources: the states it can be taken in.
        targets: the states it can lead to; empty where it changes none.
    """

    sources: frozenset[IssueState]
    targets: tuple[IssueState, ...] = ()


_S = IssueState
_ALL = frozenset(IssueState)
_OPEN = _ALL - set(ENDED_STATES)
_WORK = frozenset({
    _S.DISPATCHED, _S.HANDLING, _S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED, _S.SHELVED,
})  # fmt: skip


def _step(sources: IssueState | frozenset[IssueState], *targets: IssueState) -> Step:
    return Step(frozenset({sources}) if isinstance(sources, IssueState) else sources, targets)


STEPS: dict[Verb, Step] = {
    Verb.REGISTER: _step(frozenset(), _S.REGISTERED, _S.RESOLVED_ON_SITE),
    Verb.RESOLVE_ON_SITE: _step(_S.REGISTERED, _S.RESOLVED_ON_SITE),
    Verb.ACCEPT: _step(_S.REGISTERED, _S.ACCEPTED),
    Verb.DECLINE: _step(_S.REGISTERED, _S.DECLINED),
    Verb.DISPATCH: _step(_S.ACCEPTED, _S.DISPATCHED),
    Verb.REDISPATCH: _step(frozenset({_S.RETURNED, _S.DISPATCHED, _S.HANDLING}), _S.DISPATCHED),
    Verb.ACKNOWLEDGE: _step(_S.DISPATCHED, _S.HANDLING),
    Verb.RETURN: _step(frozenset({_S.DISPATCHED, _S.HANDLING}), _S.RETURNED),
    Verb.REQUEST_EXTENSION: _step(_S.HANDLING, _S.EXTENSION_REQUESTED),
    Verb.APPROVE_EXTENSION: _step(_S.EXTENSION_REQUESTED, _S.HANDLING),
    Verb.REFUSE_EXTENSION: _step(_S.EXTENSION_REQUESTED, _S.HANDLING),
    Verb.REQUEST_SHELVING: _step(_S.HANDLING, _S.SHELVING_REQUESTED),
    Verb.APPROVE_SHELVING: _step(_S.SHELVING_REQUESTED, _S.SHELVED),
    Verb.REFUSE_SHELVING: _step(_S.SHELVING_REQUESTED, _S.HANDLING),
    Verb.RESUME: _step(_S.SHELVED, _S.HANDLING),
    Verb.RESOLVE: _step(_S.HANDLING, _S.RESOLVED),
    Verb.PASS_REVIEW: _step(_S.RESOLVED),
    Verb.FAIL_REVIEW: _step(_S.RESOLVED, _S.HANDLING),
    Verb.ANSWER: _step(frozenset({_S.RESOLVED, _S.RESOLVED_ON_SITE}), _S.ANSWERED),
    Verb.START_CALL_BACK: _step(frozenset({_S.ANSWERED, _S.CALL_BACK}), _S.CALL_BACK),
    Verb.CALL_BACK: _step(_S.CALL_BACK),
    Verb.REDO: _step(_S.CALL_BACK, _S.DISPATCHED, _S.ACCEPTED),
    Verb.CLOSE: _step(_S.CALL_BACK, _S.CLOSED),
    Verb.REOPEN: _step(frozenset(ENDED_STATES), _S.ACCEPTED),
    Verb.URGE: _step(_OPEN),
    Verb.SUPERVISE: _step(_OPEN),
    Verb.ESCALATE: _step(_OPEN),
    Verb.YELLOW_CARD: _step(_OPEN),
    Verb.RED_CARD: _step(_OPEN),
    Verb.COMMENT: _step(_ALL),
    Verb.ATTACH: _step(_ALL),
    Verb.WITHDRAW_FILE: _step(_ALL),
    Verb.EDIT: _step(frozenset({_S.REGISTERED, _S.ACCEPTED, _S.RETURNED})),
    Verb.LINK: _step(_ALL),
    Verb.UNLINK: _step(_ALL),
    Verb.ADD_TASK: _step(_WORK),
    Verb.FINISH_TASK: _step(_WORK),
    Verb.RETURN_TASK: _step(_WORK),
    Verb.CANCEL_TASK: _step(_WORK | {_S.RETURNED}),
    Verb.RECOMPUTE: _step(_OPEN),
}  # fmt: skip
