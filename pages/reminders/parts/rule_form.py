"""The form of a rule: it asks in the order one thinks, and offers only what fits what was chosen above."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.base import LabelledEnum
from models.fields import FieldSpec
from models.limits import Stage
from models.reminder import Effect, Occasion, StopsOn
from pages.common import fields
from pages.common.options import apart
from pages.reminders.parts import rule_moment
from services.reminders import rules
from services.reminders.occasions import EFFECTIVE, RELATIONS, STAGED

Templates = Mapping[Occasion, Mapping[int, str]]


def inputs(
    templates: Templates,
    specs: Sequence[FieldSpec],
    values: Mapping[str, Any],
    *,
    prefix: str,
    references: fields.Choices,  # noqa: ARG001 - `templates` knows more
    slots: fields.Slots,
) -> dict[str, Any]:
    """Show the inputs of a rule and return what is entered; see `entity_form.Inputs`."""
    labels = {spec.key: _(spec.label) for spec in specs}
    entered: dict[str, Any] = dict.fromkeys(spec.key for spec in specs)
    form = _Form(prefix, labels, values, slots, entered)
    occasion = Occasion.of(form.choice("occasion", {each: _(each.label) for each in RELATIONS}))
    if occasion in STAGED:
        form.choice("stage", {"": _("Any stage")} | {each.value: _(each.label) for each in Stage}, of=occasion)
    entered |= rule_moment.inputs(occasion, values, key=f"{prefix}_{occasion}")
    form.place("offset")
    form.several("recipients", {each.value: _(each.label) for each in RELATIONS[occasion]}, of=occasion)
    form.choice("template_id", templates[occasion], of=occasion)
    entered["urgent"] = st.toggle(labels["urgent"], bool(values.get("urgent")), key=f"{prefix}_urgent")
    st.caption(_(next(spec.help for spec in specs if spec.key == "urgent")))
    with st.expander(_("More"), icon=":material/tune:", expanded=_is_special(values)):
        _more(form, occasion, specs)
    suggested = rules.suggested_name(entered)
    name = st.text_input(labels["name"], values.get("name", ""), key=f"{prefix}_name", placeholder=suggested)
    form.place("name")
    entered["name"] = name or suggested
    return entered


class _Form:
    """Where inputs take their beginnings from and leave what is entered."""

    def __init__(
        self, prefix: str, labels: Mapping[str, str], values: Mapping[str, Any], slots: fields.Slots,
        entered: dict[str, Any],
    ) -> None:  # fmt: skip
        self.prefix, self.labels, self.values, self.slots, self.entered = prefix, labels, values, slots, entered

    def choice(self, key: str, options: Mapping[Any, str], *, of: str = "") -> Any:
        """Show one choice of several, the present or the first chosen."""
        present = self.values.get(key)
        index = list(options).index(present) if present in options else 0
        chosen = st.selectbox(
            self.labels[key], list(options), index if options else None, apart(options),
            key=f"{self.prefix}_{of}_{key}",
        )  # fmt: skip
        self.entered[key] = chosen or None
        self.place(key)
        return chosen

    def several(self, key: str, options: Mapping[str, str], *, of: str = "") -> None:
        """Show a choice of any of several."""
        present = [each for each in self.values.get(key) or [] if each in options]
        self.entered[key] = st.pills(
            self.labels[key], list(options), selection_mode="multi", default=present, format_func=apart(options),
            key=f"{self.prefix}_{of}_{key}",
        )  # fmt: skip
        self.place(key)

    def number(self, key: str) -> None:
        """Show a number."""
        self.entered[key] = st.number_input(
            self.labels[key], 0, 100_000, int(self.values.get(key) or 0), key=f"{self.prefix}_{key}"
        )
        self.place(key)

    def place(self, key: str) -> None:
        """Leave the place where what is wrong with a field is told."""
        self.slots[key] = st.empty()


def _more(form: _Form, occasion: Occasion, specs: Sequence[FieldSpec]) -> None:
    if occasion in EFFECTIVE:
        form.choice("effect", _labels(Effect))
    else:
        form.entered["effect"] = Effect.NONE.value
        form.place("effect")
    left, right = st.columns(2)
    with left:
        form.number("repeats")
    with right:
        form.number("repeat_every")
    form.choice("stops_on", _labels(StopsOn))
    helps = {spec.key: _(spec.help) for spec in specs}
    st.caption(helps["stops_on"])
    channels = next(spec for spec in specs if spec.key == "channels")
    form.several("channels", {option.value: _(option.label) for option in channels.options})
    st.caption(helps["channels"])


def _labels(choices: type[LabelledEnum]) -> dict[str, str]:
    return {each.value: _(each.label) for each in choices}


def _is_special(values: Mapping[str, Any]) -> bool:
    effect = values.get("effect") or Effect.NONE
    return bool(values.get("repeats") or values.get("channels")) or effect != Effect.NONE
