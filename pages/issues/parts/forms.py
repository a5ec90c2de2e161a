"""The form of each step as a table: what it asks, what it says, and which service takes the step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.errors import InvalidError
from core.i18n import N_
from core.i18n import gettext as _
from models.fields import Condition, FieldKind, FieldSpec, Option
from models.issue import Issue, IssueKind, Urgency
from models.issue_log import LinkKind
from models.lifecycle import Verb
from pages.common.fields import Choices
from pages.issues.parts import dispatching, extending
from pages.issues.parts.pressed import Take, Values
from services import issues
from services.actor import Actor
from services.issues import choosing
from services.issues.pausing import MOST_DAYS
from services.issues.reading import Shown
from services.issues.verifying import CallBackResult

Specs = Callable[[Shown], list[FieldSpec]]
Draw = Callable[[Actor, Shown, str], None]
_CHOOSE = N_("Please choose.")


@dataclass(frozen=True)
class Form:
    """How a step is taken on the page.

    Args:
        take: takes it.
        icon: name of a Material symbol.
        specs: what it asks.
        question: what is said above the fields; for what cannot be taken back, it asks.
        references: what its references offer.
        begin: what the fields begin with.
        draw: shows what goes beyond fields, below them.
        live: whether the page runs again while it is filled in, because later fields depend on earlier ones.
        direct: whether one press takes the step, without a form.
    """

    take: Take
    icon: str
    specs: Specs = field(default=lambda _shown: [])
    question: str = ""
    references: Callable[[Shown], Choices] = field(default=lambda _shown: {})
    begin: Callable[[Issue], Values] = field(default=lambda _issue: {})
    draw: Draw | None = None
    live: bool = False
    direct: bool = False


def _text(key: str, label: str, *, required: bool = True, most: int = 1000, hint: str = "") -> FieldSpec:
    return FieldSpec(
        key=key, label=label, kind=FieldKind.LONG_TEXT, required=required, max_length=most, help=hint
    )  # fmt: skip


def _reference(key: str, label: str, *, required: bool = True) -> FieldSpec:
    return FieldSpec(key=key, label=label, kind=FieldKind.REFERENCE, required=required)


def _choice(key: str, label: str, options: tuple[Option, ...], *, required: bool = True) -> FieldSpec:
    return FieldSpec(key=key, label=label, kind=FieldKind.CHOICE, options=options, required=required)


def _labelled(enum: Any) -> tuple[Option, ...]:
    return tuple(Option(value=each.value, label=each.label) for each in enum)


def _one(label: str, key: str = "reason", *, required: bool = True, most: int = 1000) -> Specs:
    return lambda _shown: [_text(key, label, required=required, most=most)]


def _note(label: str = N_("Note")) -> Specs:
    return _one(label, "note", required=False)


def _given(values: Values, key: str) -> Any:
    """Return what was chosen.

    Raises:
        InvalidError: nothing was.
    """
    if values.get(key) is None:
        raise InvalidError({key: _(_CHOOSE)})
    return values[key]


def _says(done: str, step: Callable[[Actor, int, Values, int], object]) -> Take:
    def take(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
        step(actor, issue_id, values, seen)
        return _(done)

    return take


def _reasoned(step: Callable[..., object], done: str, key: str = "reason") -> Take:
    """Return what takes a step whose only input is a text."""
    return _says(done, lambda actor, issue_id, values, seen: step(actor, issue_id, values.get(key) or "", seen=seen))


def _noted(step: Callable[..., object], done: str) -> Take:
    """Return what takes a step with an optional note."""
    return _says(
        done, lambda actor, issue_id, values, seen: step(actor, issue_id, note=values.get("note") or "", seen=seen)
    )  # fmt: skip


def _supervise(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    number = issues.supervise(actor, issue_id, values.get("reason") or "", seen=seen)
    return _("It is under supervision: {number}.").format(number=number)


def _call_back(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    result = issues.record_call_back(
        actor, issue_id, reached=_given(values, "reached"), solved=values.get("solved"),
        satisfied=values.get("satisfied"), note=values.get("note") or "", seen=seen,
    )  # fmt: skip
    texts = {
        CallBackResult.NOT_REACHED: N_("The attempt is recorded."),
        CallBackResult.CONFIRMED: N_("The enterprise has confirmed; the issue can be closed."),
        CallBackResult.REDO: N_("The call-back is recorded; the issue is redone in its next round."),
    }
    return _(texts[result])


def _correct(actor: Actor, issue_id: int, values: Values, seen: int) -> None:
    issues.correct(
        actor, issue_id, kind=next((each for each in IssueKind if each.value == values.get("kind")), None),
        urgency=next((each for each in Urgency if each.value == values.get("urgency")), None),
        category=values.get("category") or "", text=values.get("text") or "",
        first_receiver_id=values.get("first_receiver_id"), reason=values.get("reason") or "", seen=seen,
    )  # fmt: skip


def _link(actor: Actor, issue_id: int, values: Values, _seen: int) -> None:
    kind = next((each for each in LinkKind if each.value == values.get("kind")), None)
    other = choosing.numbered(actor, values.get("number") or "")
    if kind is None:
        raise InvalidError({"kind": _(_CHOOSE)})
    issues.link(actor, issue_id, other, kind)


def _add_task(actor: Actor, issue_id: int, values: Values, seen: int) -> None:
    issues.add_task(
        actor, issue_id, _given(values, "department_id"), values.get("text") or "",
        mandatory=bool(values.get("mandatory")), seen=seen,
    )  # fmt: skip


def _of_task(step: Callable[..., object], key: str, done: str) -> Take:
    return _says(
        done,
        lambda actor, issue_id, values, seen: step(
            actor, issue_id, _given(values, "task_id"), values.get(key) or "", seen=seen
        ),
    )


def _departments(shown: Shown) -> Choices:
    return {"department_id": shown.choices.departments if shown.choices else {}}


def _tasks(*, own: bool) -> Callable[[Shown], Choices]:
    def offered(shown: Shown) -> Choices:
        ends = [each for each in shown.tasks if (each.own if own else each.task.state.value in {"open", "returned"})]
        return {"task_id": {each.task.pk: f"{each.department} · {each.task.text[:40]}" for each in ends}}

    return offered


def _own_task(label: str, key: str) -> Specs:
    return lambda _shown: [_reference("task_id", N_("Task")), _text(key, label, most=4000 if key == "answer" else 1000)]


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
        _text("note", N_("What the enterprise said"), required=False),
    ]


def _edit_specs(shown: Shown) -> list[FieldSpec]:
    return [
        _choice("kind", N_("Kind"), _labelled(IssueKind)),
        _choice("urgency", N_("Urgency"), _labelled(Urgency)),
        _choice("category", N_("Category"), shown.choices.categories if shown.choices else (), required=False),
        _text("text", N_("What the enterprise said"), most=4000),
        _reference("first_receiver_id", N_("First receiver")),
        _text("reason", N_("Reason"), required=False),
    ]


def _edit_begin(issue: Issue) -> Values:
    return {
        "kind": issue.kind.value, "urgency": issue.urgency.value, "category": issue.category or None,
        "text": issue.text, "first_receiver_id": issue.first_receiver_id,
    }  # fmt: skip


def _extension_specs(_shown: Shown) -> list[FieldSpec]:
    return [
        FieldSpec(
            key="days", label=N_("Working days asked for"), kind=FieldKind.INTEGER, required=True, minimum=1,
            maximum=MOST_DAYS,
        ),
        _text("reason", N_("Why more time is needed")),
    ]  # fmt: skip


def _shelving_specs(label: str, key: str, *, required: bool) -> Specs:
    day = FieldSpec(key="review_on", label=N_("Review on"), kind=FieldKind.DATE, required=True)
    return lambda _shown: [day, _text(key, label, required=required)]


_V = Verb
FORMS: dict[Verb, Form] = {
    _V.RESOLVE_ON_SITE: Form(
        _reasoned(issues.resolve_on_site, N_("Resolved on site."), "solution"), "task_alt",
        _one(N_("How it was resolved"), "solution", most=4000),
    ),
    _V.ACCEPT: Form(_noted(issues.accept, N_("The issue is accepted.")), "check", direct=True),
    _V.DECLINE: Form(
        _reasoned(issues.decline, N_("The issue is declined.")), "block", _one(N_("Why it is declined")),
        N_("The issue ends here, and the enterprise is told the reason."),
    ),
    _V.DISPATCH: Form(
        dispatching.dispatch, "send", dispatching.specs, references=_departments, draw=dispatching.assisting, live=True
    ),
    _V.REDISPATCH: Form(
        dispatching.redispatch, "send", dispatching.specs_again, references=_departments,
        draw=dispatching.assisting, live=True,
    ),
    _V.ACKNOWLEDGE: Form(
        _says(N_("The issue is acknowledged; you handle it."), lambda a, i, _v, s: issues.acknowledge(a, i, seen=s)),
        "inventory", direct=True,
    ),
    _V.RETURN: Form(
        _reasoned(issues.return_issue, N_("The issue is returned.")), "undo",
        _one(N_("Why it is not your department’s, and whose it is")),
    ),
    _V.REQUEST_EXTENSION: Form(
        extending.request, "more_time", _extension_specs, begin=lambda _issue: {"days": 5}, draw=extending.preview,
        live=True,
    ),
    _V.APPROVE_EXTENSION: Form(
        _noted(issues.approve_extension, N_("The extension is granted.")), "check", _note(), draw=extending.asked
    ),
    _V.REFUSE_EXTENSION: Form(
        _reasoned(issues.refuse_extension, N_("The extension is refused.")), "close", _one(N_("Why it is refused"))
    ),
    _V.REQUEST_SHELVING: Form(
        extending.request_shelving, "pause_circle",
        _shelving_specs(N_("Why it cannot be resolved for now"), "reason", required=True),
    ),
    _V.APPROVE_SHELVING: Form(
        extending.approve_shelving, "check", _shelving_specs(N_("Note"), "note", required=False),
        begin=lambda issue: {"review_on": issue.review_on},
    ),
    _V.REFUSE_SHELVING: Form(
        _reasoned(issues.refuse_shelving, N_("The shelving is refused.")), "close", _one(N_("Why it is refused"))
    ),
    _V.RESUME: Form(_noted(issues.resume, N_("The issue is taken up again.")), "play_circle", _note()),
    _V.RESOLVE: Form(
        _reasoned(issues.resolve, N_("Resolved; the coordinator reviews it next."), "solution"), "task_alt",
        _one(N_("How it was resolved"), "solution", most=4000), begin=lambda issue: {"solution": issue.solution},
    ),
    _V.PASS_REVIEW: Form(
        _noted(issues.pass_review, N_("The result has passed; the enterprise is told next.")), "check", _note()
    ),
    _V.FAIL_REVIEW: Form(
        _reasoned(issues.fail_review, N_("Sent back to the department.")), "undo", _one(N_("What is missing"))
    ),
    _V.ANSWER: Form(
        _reasoned(issues.answer, N_("The answer is recorded."), "answer"), "campaign",
        _one(N_("What the enterprise was told"), "answer", most=4000),
        begin=lambda issue: {"answer": issue.answer or issue.solution},
    ),
    _V.START_CALL_BACK: Form(
        _says(
            N_("The call-back is arranged."),
            lambda a, i, values, s: issues.start_call_back(a, i, _given(values, "caller_id"), seen=s),
        ),
        "call", lambda _shown: [_reference("caller_id", N_("Who calls"))],
        references=lambda shown: {"caller_id": shown.choices.callers if shown.choices else {}},
        begin=lambda issue: {"caller_id": issue.first_receiver_id},
    ),
    _V.CALL_BACK: Form(_call_back, "call", _call_specs, live=True),
    _V.CLOSE: Form(
        _noted(issues.close, N_("The issue is closed.")), "verified", _note(),
        N_("Strike it off the ledger? A coordinator can reopen it."),
    ),
    _V.REOPEN: Form(
        _reasoned(issues.reopen, N_("The issue is reopened, to be dispatched anew.")), "replay",
        _one(N_("Why it is taken up again")),
    ),
    _V.URGE: Form(_reasoned(issues.urge, N_("Urged."), "note"), "notifications_active", _note()),
    _V.SUPERVISE: Form(_supervise, "visibility", _one(N_("What the supervision demands"))),
    _V.ESCALATE: Form(
        _reasoned(issues.escalate, N_("It is with the tier above now.")), "arrow_upward",
        _one(N_("Why the tier above must act")),
    ),
    _V.YELLOW_CARD: Form(
        _reasoned(issues.yellow_card, N_("A yellow card is shown.")), "style", _one(N_("What the card is for")),
        N_("A card stays on the issue and cannot be taken back."),
    ),
    _V.RED_CARD: Form(
        _reasoned(issues.red_card, N_("A red card is shown.")), "style", _one(N_("What the card is for")),
        N_("A card stays on the issue and cannot be taken back."),
    ),
    _V.EDIT: Form(_says(N_("Corrected."), _correct), "edit", _edit_specs, begin=_edit_begin,
        references=lambda shown: {"first_receiver_id": shown.choices.people if shown.choices else {}},
    ),
    _V.LINK: Form(
        _says(N_("The issues are linked."), _link), "add_link",
        lambda _shown: [
            FieldSpec(key="number", label=N_("Number of the other issue"), required=True, max_length=20),
            _choice("kind", N_("How they belong together"), _labelled(LinkKind)),
        ],
    ),
    _V.UNLINK: Form(
        _says(
            N_("The issues are no longer linked."),
            lambda a, i, values, _s: issues.unlink(a, i, _given(values, "other_id")),
        ),
        "link_off", lambda _shown: [_reference("other_id", N_("The other issue"))],
        references=lambda shown: {"other_id": {each.id: each.number for each in shown.links}},
    ),
    _V.ADD_TASK: Form(
        _says(N_("The department is asked to assist."), _add_task), "group_add",
        lambda _shown: [
            _reference("department_id", N_("Assisting department")), _text("text", N_("Task")),
            FieldSpec(key="mandatory", label=N_("Must be done before the issue is resolved"), kind=FieldKind.BOOLEAN),
        ],
        references=_departments, begin=lambda _issue: {"mandatory": True},
    ),
    _V.FINISH_TASK: Form(
        _of_task(issues.finish_task, "answer", N_("The task is finished.")), "task_alt",
        _own_task(N_("What your department has done"), "answer"), references=_tasks(own=True),
    ),
    _V.RETURN_TASK: Form(
        _of_task(issues.return_task, "reason", N_("The task is returned.")), "undo",
        _own_task(N_("Why it is not your department’s, and whose it is"), "reason"), references=_tasks(own=True),
    ),
    _V.CANCEL_TASK: Form(
        _of_task(issues.cancel_task, "reason", N_("The task is cancelled.")), "cancel",
        _own_task(N_("Why the task is cancelled"), "reason"), references=_tasks(own=False),
    ),
    _V.COMMENT: Form(
        _says(N_("Your comment is there."), lambda a, i, values, _s: issues.comment(a, i, values.get("comment") or "")),
        "chat", _one(N_("Write to everybody who works on it"), "comment", required=False, most=2000),
    ),
}  # fmt: skip
"""Steps a person takes on the page; the call-back's form also takes `Verb.REDO`."""


def take_of(verb: Verb) -> Take:
    """Return what takes a step."""
    return FORMS[verb].take
