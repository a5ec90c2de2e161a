"""The fields of a campaign, laid out for setting one up and for changing it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.campaign import Campaign
from models.entity import specs_of
from pages.common.fields import Slots, field_input

_ROWS = (("name",), ("starts_on", "ends_on"), ("goal", "revisit_days"), ("modes",), ("purpose",))


def campaign_fields(
    values: Mapping[str, Any], *, prefix: str, slots: Slots, only: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Show a campaign's fields and return what was entered.

    Args:
        values: what to begin with, by field key.
        prefix: makes the widgets' keys unique on the page.
        slots: is filled with the place below each field.
        only: the fields to show; empty means all.
    """
    specs = {spec.key: spec for spec in specs_of(Campaign)}
    entered: dict[str, Any] = {}
    for row in _ROWS:
        keys = [key for key in row if not only or key in only]
        for key, place in zip(keys, st.columns(len(keys)) if keys else (), strict=True):
            with place:
                entered[key] = field_input(specs[key], values.get(key), key=f"{prefix}_{key}")
                slots[key] = st.empty()
    return entered
