"""The fields of one need: the same at a visit and on the page that registers one."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldSpec, Option
from models.issue import IssueKind, Urgency
from pages.common.fields import field_input, required
from pages.common.options import apart
from services.entities.fields import leaves
from services.issues.saying import Said

Key = Callable[[str], str]
"""Field → key of its widget."""
Problem = Callable[[str], None]
"""Shows what is wrong with a field, right below it."""


def said_fields(
    key: Key, start: Said, present: Said, *, categories: Sequence[Option], extra: Sequence[FieldSpec], problem: Problem
) -> dict[str, Any]:  # fmt: skip
    """Show the fields of one need and return what they hold, by field.

    Args:
        key: names the widgets.
        start: what the fields begin with.
        present: what they held at the run before, for a field that is not shown now.
        categories: the tree of categories.
        extra: the administrator's own fields.
        problem: shows what is wrong with a field.
    """
    kind = _pills(required(_("Kind")), {each.value: _(each.label) for each in IssueKind}, start.kind, key("kind"))
    problem("kind")
    text = st.text_area(required(_("What the enterprise said")), start.text, key=key("text"), height=96, max_chars=4000)
    problem("text")
    category = category_field(categories, start.category, key("category"))
    problem("category")
    urgency = _pills(_("Urgency"), {each.value: _(each.label) for each in Urgency}, start.urgency, key("urgency"))
    resolved = st.checkbox(_("Resolved on site"), start.resolved, key=key("resolved"))
    solution = present.solution
    if resolved:
        solution = st.text_input(
            required(_("How it was resolved")), start.solution, key=key("solution"), max_chars=4000
        )
        problem("solution")
    known = {"kind": kind, "category": category, "urgency": urgency}
    return {
        "kind": kind, "urgency": urgency, "text": text or "", "category": category, "resolved": resolved,
        "solution": solution, "extra": _extra(key, start.extra, extra, problem, known),
    }  # fmt: skip


def category_field(categories: Sequence[Option], start: str | None, key: str) -> str | None:
    """Show the tree of categories as paths that can be searched (“水电气热 / 供电”) and return the chosen one.

    A branch that has values below it is not offered itself, for one of them says more.
    """
    offered = {option.value for option in leaves(categories) if option.active} | {start}
    chosen = {option.value: _(option.label) for option in categories if option.value in offered}
    if not chosen:
        return None
    index = list(chosen).index(start) if start in chosen else None
    return st.selectbox(
        _("Category"), list(chosen), index, apart(chosen), key, placeholder=_("Type part of it, or choose")
    )


def _pills(label: str, texts: dict[str, str], start: str | None, key: str) -> str | None:
    return st.pills(label, list(texts), default=start, format_func=apart(texts), key=key)


def _extra(
    key: Key, start: dict[str, Any], specs: Sequence[FieldSpec], problem: Problem, known: dict[str, Any]
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for spec in specs:
        if not spec.is_asked(known | given):
            continue
        given[spec.key] = field_input(spec, start.get(spec.key), key=key(f"x_{spec.key}"))
        problem(f"extra.{spec.key}")
    return given
