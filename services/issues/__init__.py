"""The issue ledger: every need from its registration to its verified closure, one public function for each step."""

from services.issues.accepting import accept, decline, escalate, resolve_on_site
from services.issues.allowing import allowed
from services.issues.correcting import correct, link, unlink
from services.issues.dispatching import Assistance, acknowledge, dispatch, redispatch, return_issue
from services.issues.joining import add_task, cancel_task, finish_task, return_task
from services.issues.moving import StaleError
from services.issues.pausing import (
    approve_extension,
    approve_shelving,
    refuse_extension,
    refuse_shelving,
    request_extension,
    request_shelving,
    resume,
)
from services.issues.registering import Heard, register, register_in
from services.issues.resolving import answer, fail_review, pass_review, resolve
from services.issues.talking import comment, red_card, supervise, urge, yellow_card
from services.issues.verifying import CallBackResult, close, record_call_back, reopen, start_call_back

__all__ = [
    "Assistance",
    "CallBackResult",
    "Heard",
    "StaleError",
    "accept",
    "acknowledge",
    "add_task",
    "allowed",
    "answer",
    "approve_extension",
    "approve_shelving",
    "cancel_task",
    "close",
    "comment",
    "correct",
    "decline",
    "dispatch",
    "escalate",
    "fail_review",
    "finish_task",
    "link",
    "pass_review",
    "record_call_back",
    "red_card",
    "redispatch",
    "refuse_extension",
    "refuse_shelving",
    "register",
    "register_in",
    "reopen",
    "request_extension",
    "request_shelving",
    "resolve",
    "resolve_on_site",
    "resume",
    "return_issue",
    "return_task",
    "start_call_back",
    "supervise",
    "unlink",
    "urge",
    "yellow_card",
]
