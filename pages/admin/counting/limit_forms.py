"""The time limits of a stage, each opening its form; and the form of a new one."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.base import LabelledEnum
from models.issue import IssueKind, Urgency
from models.limits import Stage, TimeLimit
from models.worktime import LimitUnit
from pages.admin.counting import review
from pages.common import fields
from pages.common.options import apart
from services.actor import Actor
from services.counting import LimitChange

E = TypeVar("E", bound=LabelledEnum)
_ACROSS = {None: N_("Either"), True: N_("Across departments"), False: N_("One department")}


def card(actor: Actor, stage: Stage, rows: Sequence[TimeLimit]) -> None:
    """Show a stage with its limits, the one that counts first at the top."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_(stage.label)}**")
        for row in rows:
            _line(actor, row)


def new(actor: Actor, _value: None) -> None:
    """Show the form of a new limit."""
    slots: fields.Slots = {}
    stages = {each.value: _(each.label) for each in Stage}
    stage = Stage.of(str(st.selectbox(_("Stage"), list(stages), format_func=apart(stages), key="limit_stage")))
    kind = _any(_("Kind"), IssueKind, "limit_kind")
    urgency = _any(_("Urgency"), Urgency, "limit_urgency")
    spans = {value: _(label) for value, label in _ACROSS.items()}
    across = st.selectbox(_("Across departments"), list(spans), format_func=apart(spans), key="limit_across")
    amount, unit = _amount("limit_new", 5, LimitUnit.WORKING_DAYS)
    slots["amount"] = st.empty()
    st.caption(_("A limit that is there already for these issues gets the new amount."))
    if st.button(_("Preview"), key="limit_new_save", type="primary", width="stretch"):
        review.ask(actor, LimitChange(stage, kind, urgency, across, amount, unit), slots)


def whom(row: TimeLimit) -> str:
    """Return for which issues a limit counts."""
    parts = [_(each.label) for each in (row.urgency, row.kind) if each]
    if row.cross_department is not None:
        parts.append(_(_ACROSS[row.cross_department]))
    return " · ".join(parts) or _("In general")


def _line(actor: Actor, row: TimeLimit) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(whom(row), width="content")
        label = _("{amount} {unit}").format(amount=row.amount, unit=_(row.unit.label))
        with st.popover(label, key=f"limit_{row.id}", width="content"):
            _editing(actor, row)


def _editing(actor: Actor, row: TimeLimit) -> None:
    slots: fields.Slots = {}
    amount, unit = _amount(f"limit_{row.id}", row.amount, row.unit)
    slots["amount"] = st.empty()
    given = {
        "stage": row.stage, "kind": row.kind, "urgency": row.urgency, "cross_department": row.cross_department,
    }  # fmt: skip
    if st.button(_("Preview"), key=f"limit_{row.id}_save", type="primary", width="stretch"):
        review.ask(actor, LimitChange(**given, amount=amount, unit=unit), slots)  # type: ignore[arg-type]
    if given["kind"] is given["urgency"] is given["cross_department"] is None:
        return
    if st.button(_("Delete"), key=f"limit_{row.id}_delete", width="stretch"):
        review.ask(actor, LimitChange(**given, amount=None))  # type: ignore[arg-type]


def _any(label: str, choices: type[E], key: str) -> E | None:
    """Let the person choose a value, or any."""
    texts = {"": _("Any")} | {each.value: _(each.label) for each in choices}
    chosen = st.selectbox(label, list(texts), format_func=apart(texts), key=key)
    return choices.of(chosen) if chosen else None


def _amount(key: str, amount: int, unit: LimitUnit) -> tuple[int, LimitUnit]:
    left, right = st.columns(2)
    entered = left.number_input(_("Limit"), 1, 10_000, amount, key=f"{key}_amount")
    units = {each.value: _(each.label) for each in LimitUnit}
    chosen = right.selectbox(
        _("Unit"), list(units), index=list(units).index(unit), format_func=apart(units), key=f"{key}_unit"
    )
    return entered, LimitUnit.of(str(chosen))
