"""Forms of verifying: review the result, tell the enterprise, call back, close."""

from core.i18n import N_
from core.i18n import gettext as _
from models.fields import Condition, FieldKind, FieldSpec
from models.lifecycle import Verb
from pages.issues.parts.form import Form, given, note, noted, one, reasoned, reference, says, text_field
from pages.issues.parts.pressed import Values
from services import issues
from services.actor import Actor
from services.issues.reading import Shown
from services.issues.verifying import CallBackResult


def _call_back(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    result = issues.record_call_back(
        actor, issue_id, reached=given(values, "reached"), solved=values.get("solved"),
        satisfied=values.get("satisfied"), note=values.get("note") or "", seen=seen,
    )  # fmt: skip
    texts = {
        CallBackResult.NOT_REACHED: N_("The attempt is recorded."),
        CallBackResult.CONFIRMED: N_("The enterprise has confirmed; the issue can be closed."),
        CallBackResult.REDO: N_("The call-back is recorded; the issue is redone in its next round."),
    }
    return _(texts[result])


def _call_specs(_shown: Shown) -> list[FieldSpec]:
    reached = Condition(field="reached", values=("True",))
    asked = {
        "solved": N_("Is the need solved?"),
        "satisfied": N_("Is the enterprise satisfied with how it was handled?"),
    }
    return [
        FieldSpec(key="reached", label=N_("Was somebody reached?"), kind=FieldKind.BOOLEAN, required=True),
        *(
            FieldSpec(key=key, label=label, kind=FieldKind.BOOLEAN, required=True, shown_if=reached)
            for key, label in asked.items()
        ),
        text_field("note", N_("What it said to this"), required=False),
    ]


_V = Verb
VERIFYING: dict[Verb, Form] = {
    _V.PASS_REVIEW: Form(
        noted(issues.pass_review, N_("The result has passed; the enterprise is told next.")), "check", note()
    ),
    _V.FAIL_REVIEW: Form(
        reasoned(issues.fail_review, N_("Sent back to the department.")), "undo", one(N_("What is missing"))
    ),
    _V.ANSWER: Form(
        reasoned(issues.answer, N_("The answer is recorded."), "answer"), "campaign",
        one(N_("What the enterprise was told"), "answer", most=4000),
        begin=lambda shown: {"answer": shown.issue.answer or shown.issue.solution},
    ),
    _V.START_CALL_BACK: Form(
        says(
            N_("The call-back is arranged."),
            lambda a, i, values, s: issues.start_call_back(a, i, given(values, "caller_id"), seen=s),
        ),
        "call", lambda _shown: [reference("caller_id", N_("Who calls"))],
        references=lambda shown: {"caller_id": shown.choices.callers if shown.choices else {}},
        begin=lambda shown: {"caller_id": shown.issue.first_receiver_id},
    ),
    _V.CALL_BACK: Form(_call_back, "call", _call_specs, live=True),
    _V.CLOSE: Form(
        noted(issues.close, N_("The issue is closed.")), "verified", note(),
        N_("Strike it off the ledger? A coordinator can reopen it."),
    ),
}  # fmt: skip
