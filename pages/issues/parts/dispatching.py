"""The form that dispatches an issue: the lead department, what is asked of it, and who assists with which task."""

import streamlit as st

from core.errors import InvalidError
from core.i18n import N_
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from pages.common import ui
from pages.common.options import apart
from pages.issues.parts.pressed import Values
from services import issues
from services.actor import Actor
from services.issues import Assistance
from services.issues.guards import MOST_RETURNS
from services.issues.reading import Shown


def specs(_shown: Shown) -> list[FieldSpec]:
    """Return what the first dispatch asks."""
    return [_LEAD, _INSTRUCTION]


def specs_again(_shown: Shown) -> list[FieldSpec]:
    """Return what a re-dispatch asks: there is a reason for it."""
    return [_LEAD, _INSTRUCTION.model_copy(update={"label": N_("Why it goes to this department"), "required": True})]


def assisting(_actor: Actor, shown: Shown, prefix: str) -> None:
    """Let assisting departments be chosen, each with its task."""
    offered = shown.choices.departments if shown.choices else {}
    chosen = st.multiselect(
        _("Assisting departments"), list(offered), format_func=apart(offered),
        key=f"{prefix}_assisting", placeholder=_("None"),
    )  # fmt: skip
    for key in chosen:
        name = ui.plain(offered[key])
        st.text_input(_("Task of {department}").format(department=name), key=f"{prefix}_task_{key}", max_chars=1000)
        st.checkbox(_("Must be done before the issue is resolved"), value=True, key=f"{prefix}_must_{key}")
    if shown.issue.returns >= MOST_RETURNS:
        ruling = _("Returned {count} times: your choice is a ruling, and it cannot be returned any more.")
        st.info(ruling.format(count=shown.issue.returns), icon=":material/gavel:")


def dispatch(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    """Dispatch the issue for the first time in its round."""
    issues.dispatch(
        actor, issue_id, _lead(values), instruction=values.get("instruction") or "", assisting=_tasks(values), seen=seen
    )
    return _("The issue is dispatched.")


def redispatch(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    """Dispatch the issue anew."""
    issues.redispatch(
        actor, issue_id, _lead(values), instruction=values.get("instruction") or "", assisting=_tasks(values), seen=seen
    )
    return _("The issue is re-dispatched.")


_LEAD = FieldSpec(key="department_id", label=N_("Lead department"), kind=FieldKind.REFERENCE, required=True)
_INSTRUCTION = FieldSpec(
    key="instruction", label=N_("What is asked of it"), kind=FieldKind.LONG_TEXT, max_length=1000
)  # fmt: skip


def _lead(values: Values) -> int:
    chosen = values.get("department_id")
    if not isinstance(chosen, int):
        raise InvalidError({"department_id": _("Choose the lead department.")})
    return chosen


def _tasks(values: Values) -> list[Assistance]:
    return [
        Assistance(key, values.get(f"task_{key}") or "", mandatory=bool(values.get(f"must_{key}", True)))
        for key in values.get("assisting") or []
    ]
