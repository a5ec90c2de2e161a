"""Forms of handling: acknowledge or return, more time, joint handling, the result."""

from collections.abc import Callable

from core.i18n import N_
from models.fields import FieldKind, FieldSpec
from models.lifecycle import Verb
from pages.common.fields import Choices
from pages.issues.parts import extending
from pages.issues.parts.form import (
    Form,
    Specs,
    departments,
    given,
    note,
    noted,
    one,
    reasoned,
    reference,
    says,
    text_field,
)
from pages.issues.parts.pressed import Take, Values
from services import issues
from services.actor import Actor
from services.issues.pausing import MOST_DAYS
from services.issues.reading import Shown


def _add_task(actor: Actor, issue_id: int, values: Values, seen: int) -> None:
    issues.add_task(
        actor, issue_id, given(values, "department_id"), values.get("text") or "",
        mandatory=bool(values.get("mandatory")), seen=seen,
    )  # fmt: skip


def _extension_specs(_shown: Shown) -> list[FieldSpec]:
    return [
        FieldSpec(
            key="days", label=N_("Working days asked for"), kind=FieldKind.INTEGER, required=True, minimum=1,
            maximum=MOST_DAYS,
        ),
        text_field("reason", N_("Why more time is needed")),
    ]  # fmt: skip


def _shelving_specs(label: str, key: str, *, required: bool) -> Specs:
    day = FieldSpec(key="review_on", label=N_("Review on"), kind=FieldKind.DATE, required=True)
    return lambda _shown: [day, text_field(key, label, required=required)]


def _of_task(step: Callable[..., object], key: str, done: str) -> Take:
    return says(
        done,
        lambda actor, issue_id, values, seen: step(
            actor, issue_id, given(values, "task_id"), values.get(key) or "", seen=seen
        ),
    )


def _tasks(*, own: bool) -> Callable[[Shown], Choices]:
    def offered(shown: Shown) -> Choices:
        ends = [each for each in shown.tasks if (each.own if own else each.task.state.value in {"open", "returned"})]
        return {"task_id": {each.task.pk: f"{each.department} · {each.task.text[:40]}" for each in ends}}

    return offered


def _only_task(shown: Shown) -> Values:
    own = [each.task.pk for each in shown.tasks if each.own]
    return {"task_id": own[0]} if len(own) == 1 else {}


def _own_task(label: str, key: str) -> Specs:
    return lambda _shown: [
        reference("task_id", N_("Task")),
        text_field(key, label, most=4000 if key == "answer" else 1000),
    ]


_V = Verb
HANDLING: dict[Verb, Form] = {
    _V.ACKNOWLEDGE: Form(
        says(N_("The issue is acknowledged; you handle it."), lambda a, i, _v, s: issues.acknowledge(a, i, seen=s)),
        "inventory", direct=True,
    ),
    _V.RETURN: Form(
        reasoned(issues.return_issue, N_("The issue is returned.")), "undo",
        one(N_("Why it is not your department’s, and whose it is")),
    ),
    _V.RESOLVE: Form(
        reasoned(issues.resolve, N_("Resolved; the coordinator reviews it next."), "solution"), "task_alt",
        one(N_("How it was resolved"), "solution", most=4000), begin=lambda shown: {"solution": shown.issue.solution},
    ),
    _V.REQUEST_EXTENSION: Form(
        extending.request, "more_time", _extension_specs, begin=lambda _shown: {"days": 5}, draw=extending.preview,
        live=True,
    ),
    _V.APPROVE_EXTENSION: Form(
        noted(issues.approve_extension, N_("The extension is granted.")), "check", note()
    ),
    _V.REFUSE_EXTENSION: Form(
        reasoned(issues.refuse_extension, N_("The extension is refused.")), "close", one(N_("Why it is refused"))
    ),
    _V.REQUEST_SHELVING: Form(
        extending.request_shelving, "pause_circle",
        _shelving_specs(N_("Why it cannot be resolved for now"), "reason", required=True),
    ),
    _V.APPROVE_SHELVING: Form(
        extending.approve_shelving, "check", _shelving_specs(N_("Note"), "note", required=False),
        begin=lambda shown: {"review_on": shown.issue.review_on},
    ),
    _V.REFUSE_SHELVING: Form(
        reasoned(issues.refuse_shelving, N_("The shelving is refused.")), "close", one(N_("Why it is refused"))
    ),
    _V.RESUME: Form(noted(issues.resume, N_("The issue is taken up again.")), "play_circle", note()),
    _V.ADD_TASK: Form(
        says(N_("The department is asked to assist."), _add_task), "group_add",
        lambda _shown: [
            reference("department_id", N_("Assisting department")), text_field("text", N_("Task")),
            FieldSpec(key="mandatory", label=N_("Must be done before the issue is resolved"), kind=FieldKind.BOOLEAN),
        ],
        references=departments, begin=lambda _shown: {"mandatory": True},
    ),
    _V.FINISH_TASK: Form(
        _of_task(issues.finish_task, "answer", N_("The task is finished.")), "task_alt",
        _own_task(N_("What your department has done"), "answer"), references=_tasks(own=True), begin=_only_task,
    ),
    _V.RETURN_TASK: Form(
        _of_task(issues.return_task, "reason", N_("The task is returned.")), "undo",
        _own_task(N_("Why it is not your department’s, and whose it is"), "reason"), references=_tasks(own=True),
        begin=_only_task,
    ),
    _V.CANCEL_TASK: Form(
        _of_task(issues.cancel_task, "reason", N_("The task is cancelled.")), "cancel",
        _own_task(N_("Why the task is cancelled"), "reason"), references=_tasks(own=False),
    ),
}  # fmt: skip
