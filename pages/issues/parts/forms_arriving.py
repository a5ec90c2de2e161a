"""Forms of a need that arrives: accept or decline it, correct and link it, dispatch it."""

from collections.abc import Collection

from core.errors import InvalidError
from core.i18n import N_
from core.i18n import gettext as _
from models.fields import Condition, FieldSpec
from models.issue import IssueKind, Urgency
from models.issue_log import LinkKind
from models.lifecycle import Verb
from pages.issues.parts import dispatching
from pages.issues.parts.form import (
    CHOOSE,
    Form,
    choice,
    departments,
    given,
    labelled,
    noted,
    one,
    reasoned,
    reference,
    says,
    text_field,
)
from pages.issues.parts.pressed import Values
from services import issues
from services.actor import Actor
from services.issues import choosing
from services.issues.reading import Shown

_OWN = "extra."


def _correct(actor: Actor, issue_id: int, values: Values, seen: int) -> None:
    issues.correct(
        actor, issue_id, kind=next((each for each in IssueKind if each.value == values.get("kind")), None),
        urgency=next((each for each in Urgency if each.value == values.get("urgency")), None),
        category=values.get("category") or "", text=values.get("text") or "",
        first_receiver_id=values.get("first_receiver_id"), reason=values.get("reason") or "", seen=seen,
        extra={key.removeprefix(_OWN): value for key, value in values.items() if key.startswith(_OWN)},
    )  # fmt: skip


def _link(actor: Actor, issue_id: int, values: Values, _seen: int) -> None:
    kind = next((each for each in LinkKind if each.value == values.get("kind")), None)
    other = choosing.numbered(actor, values.get("number") or "")
    if kind is None:
        raise InvalidError({"kind": _(CHOOSE)})
    issues.link(actor, issue_id, other, kind)


def _edit_specs(shown: Shown) -> list[FieldSpec]:
    return [
        choice("kind", N_("Kind"), labelled(IssueKind)),
        choice("urgency", N_("Urgency"), labelled(Urgency)),
        choice("category", N_("Category"), shown.choices.categories if shown.choices else (), required=False),
        text_field("text", N_("What the enterprise said"), most=4000),
        reference("first_receiver_id", N_("First receiver")),
        *_own_fields(shown),
        text_field("reason", N_("Reason"), required=False),
    ]


def _own_fields(shown: Shown) -> list[FieldSpec]:
    """Return the administrator's own fields, under keys that no field of the form has."""
    own = {spec.key for spec in shown.names.own_fields}
    return [
        spec.model_copy(update={"key": f"{_OWN}{spec.key}", "shown_if": _renamed(spec.shown_if, own)})
        for spec in shown.names.own_fields
    ]


def _renamed(condition: Condition | None, own: Collection[str]) -> Condition | None:
    if condition is None or condition.field not in own:
        return condition
    return condition.model_copy(update={"field": f"{_OWN}{condition.field}"})


def _edit_begin(shown: Shown) -> Values:
    issue = shown.issue
    return {
        "kind": issue.kind.value, "urgency": issue.urgency.value, "category": issue.category or None,
        "text": issue.text, "first_receiver_id": issue.first_receiver_id,
        **{f"{_OWN}{key}": value for key, value in issue.extra.items()},
    }  # fmt: skip


_V = Verb
ARRIVING: dict[Verb, Form] = {
    _V.ACCEPT: Form(noted(issues.accept, N_("The issue is accepted.")), "check", direct=True),
    _V.DECLINE: Form(
        reasoned(issues.decline, N_("The issue is declined.")), "block", one(N_("Why it is declined")),
        N_("It ends here. Whoever received it first is reminded to tell the enterprise why, if that is not you."),
    ),
    _V.RESOLVE_ON_SITE: Form(
        reasoned(issues.resolve_on_site, N_("Resolved on site."), "solution"), "task_alt",
        one(N_("How it was resolved"), "solution", most=4000),
    ),
    _V.DISPATCH: Form(
        dispatching.dispatch, "send", dispatching.specs, references=departments, draw=dispatching.assisting, live=True
    ),
    _V.REDISPATCH: Form(
        dispatching.redispatch, "send", dispatching.specs_again, references=departments,
        draw=dispatching.assisting, live=True,
    ),
    _V.EDIT: Form(says(N_("Corrected."), _correct), "edit", _edit_specs, begin=_edit_begin, live=True,
        references=lambda shown: {"first_receiver_id": shown.choices.people if shown.choices else {}},
    ),
    _V.LINK: Form(
        says(N_("The issues are linked."), _link), "add_link",
        lambda _shown: [
            FieldSpec(key="number", label=N_("Number of the other issue"), required=True, max_length=20),
            choice("kind", N_("How they belong together"), labelled(LinkKind)),
        ],
    ),
    _V.UNLINK: Form(
        says(
            N_("The issues are no longer linked."),
            lambda a, i, values, _s: issues.unlink(a, i, given(values, "other_id")),
        ),
        "link_off", lambda _shown: [reference("other_id", N_("The other issue"))],
        references=lambda shown: {"other_id": {each.id: each.number for each in shown.links}},
    ),
    _V.REOPEN: Form(
        reasoned(issues.reopen, N_("The issue is reopened, to be dispatched anew.")), "replay",
        one(N_("Why it is taken up again")),
    ),
}  # fmt: skip
