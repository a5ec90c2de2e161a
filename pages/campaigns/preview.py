"""The live preview of a form: the same inputs as on the recording page, and a check as at handing in."""

import hashlib
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec, clean_values
from models.forms import Question
from pages.common.fields import Slots, inputs


def preview(questions: Sequence[Question]) -> None:
    """Show a form as whoever records a visit sees it; nothing entered here is kept."""
    st.markdown(f":gray[:material/smartphone: {_('Preview: as on the visit page')}]")
    if not questions:
        st.caption(_("Questions show here as soon as you add them."))
        return
    specs: list[FieldSpec] = [_named(question) for question in questions]
    slots: Slots = {}
    entered = inputs(specs, {}, prefix=_prefix(specs), slots=slots)
    if st.button(_("Try it: hand in"), key="try_form", icon=":material/send:", width="stretch"):
        _check(specs, entered, slots)


def _named(question: Question) -> Question:
    return question if question.label else question.model_copy(update={"label": _("(no text yet)")})


def _prefix(specs: Sequence[FieldSpec]) -> str:
    """Return what widgets' keys begin with: another one once kinds or options differ, so that no old value misfits."""
    shape = [(spec.key, spec.kind, spec.options, spec.minimum, spec.maximum) for spec in specs]
    return "try_" + hashlib.sha256(repr(sorted(shape)).encode()).hexdigest()[:8]


def _check(specs: Sequence[FieldSpec], entered: dict[str, Any], slots: Slots) -> None:
    files = {spec.key for spec in specs if spec.kind is FieldKind.ATTACHMENT}
    given = {key: list(range(len(value or []))) if key in files else value for key, value in entered.items()}
    _values, problems = clean_values(specs, given)
    for key, message in problems.items():
        slots[key].error(message, icon=":material/error:")
    if not problems:
        st.success(_("This record would be accepted. Nothing was kept."), icon=":material/check_circle:")
