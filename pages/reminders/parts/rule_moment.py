"""When a rule reminds, as people say it: before, on the day, after, by how much."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.reminder import Occasion, OffsetUnit
from pages.common.options import apart
from services.reminders.occasions import SUDDEN

_BEFORE, _ON_THE_DAY, _AT_ONCE, _AFTER = "before", "day", "at_once", "after"
_DUE = {
    _BEFORE: N_("In advance"),
    _ON_THE_DAY: N_("On the day, when the office opens"),
    _AT_ONCE: N_("When the time has come"),
    _AFTER: N_("Afterwards"),
}
_HAPPENED = {_AT_ONCE: N_("At once"), _AFTER: N_("Some time later")}


def inputs(occasion: Occasion, values: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Show when a rule reminds and return `offset` and `unit`.

    Args:
        occasion: what is reminded of; what just happens has no before.
        values: the rule's values to begin with.
        key: makes the widgets unique.
    """
    options = {each: _(label) for each, label in (_HAPPENED if occasion in SUDDEN else _DUE).items()}
    offset, unit = int(values.get("offset") or 0), OffsetUnit.of(values.get("unit") or OffsetUnit.WORKING_DAYS)
    present = _way(offset, unit, new="id" not in values)
    way = st.selectbox(
        _("When"), list(options), list(options).index(present) if present in options else 0,
        apart(options), key=f"{key}_way",
    )  # fmt: skip
    if way == _ON_THE_DAY:
        return {"offset": 0, "unit": OffsetUnit.WORKING_DAYS.value}
    if way == _AT_ONCE:
        return {"offset": 0, "unit": OffsetUnit.MINUTES.value}
    left, right = st.columns(2)
    amount = left.number_input(_("How much"), 1, 100_000, abs(offset) or 1, key=f"{key}_amount")
    units = {each.value: _(each.label) for each in OffsetUnit}
    chosen = right.selectbox(_("Unit"), list(units), list(units).index(unit), apart(units), key=f"{key}_unit")
    return {"offset": -amount if way == _BEFORE else amount, "unit": chosen}


def _way(offset: int, unit: OffsetUnit, *, new: bool) -> str:
    if offset == 0 and not new:
        return _ON_THE_DAY if unit is OffsetUnit.WORKING_DAYS else _AT_ONCE
    return _AFTER if offset > 0 else _BEFORE
