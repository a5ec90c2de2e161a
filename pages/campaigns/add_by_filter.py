"""Adding targets by a filter: what it finds is shown before it is added, and the filter is kept."""

from datetime import date
from typing import Any

import streamlit as st

from core.i18n import format_date, format_number, ngettext
from core.i18n import gettext as _
from models.campaign import Campaign
from models.fields import FieldKind, FieldSpec
from models.targets import TargetRule
from pages.common import filters, ui
from pages.common.options import apart
from services.actor import Actor
from services.campaigns import targets

_NAMED = ("status",)
"""Filters that begin with a value: who has closed down is not visited."""


def add_by_filter(actor: Actor, campaign: Campaign) -> None:
    """Show the filters, how many enterprises they find and some of them, and add them all."""
    rule = _filter(actor, campaign)
    seen = targets.preview(actor, campaign.pk, rule)
    found = ngettext("**{count}** enterprise fits", "**{count}** enterprises fit", seen.fresh)
    text = found.format(count=format_number(seen.fresh))
    if seen.already:
        text += " · " + _("{count} are chosen already").format(count=format_number(seen.already))
    st.markdown(text)
    if seen.sample:
        rows = [{_("Enterprise"): row["name"], _("Area"): row["area"]} for row in seen.sample]
        st.dataframe(rows, hide_index=True)
    if seen.fresh > len(seen.sample):
        st.caption(_("… and {count} more").format(count=format_number(seen.fresh - len(seen.sample))))
    label = ngettext("Add {count} enterprise", "Add {count} enterprises", seen.fresh)
    button = label.format(count=format_number(seen.fresh))
    if st.button(button, key="add_filtered", type="primary", icon=":material/add:", disabled=not seen.fresh):
        _add(actor, campaign, rule)


def kept_filters(actor: Actor, campaign: Campaign) -> None:
    """Show the filters used so far with what each finds today, to be applied again or forgotten."""
    if not campaign.target_rules:
        return
    specs, names = targets.filter_fields(actor)
    with st.expander(_("Filters used so far"), icon=":material/history:", key="kept_filters"):
        for place, stored in enumerate(campaign.target_rules):
            rule = TargetRule.model_validate(stored)
            fresh = targets.preview(actor, campaign.pk, rule).fresh
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_described(rule, specs, names), width="stretch")
                again = _("Add {count} new").format(count=format_number(fresh)) if fresh else _("Nothing new")
                if st.button(again, key=f"again_{place}", icon=":material/add:", disabled=not fresh):
                    _add(actor, campaign, rule)
                if st.button("", key=f"forget_{place}", icon=":material/close:", help=_("Forget this filter")):
                    targets.forget_rule(actor, campaign.pk, rule)
                    st.rerun()


def _filter(actor: Actor, campaign: Campaign) -> TargetRule:
    specs, names = targets.filter_fields(actor)
    prefix = f"rule_{campaign.pk}"
    search = st.text_input(
        _("Name, credit code or address contains"), key=f"{prefix}_search", placeholder=_("Any part")
    )
    asked: dict[str, Any] = {}
    with st.grid(columns=3, min_column_width=220):
        for spec in specs:
            asked[spec.key] = _one(spec, names.get(spec.key, {}), f"{prefix}_{spec.key}")
        since = st.date_input(
            _("Not visited since"), None, key=f"{prefix}_since", format="YYYY-MM-DD",
            help=_("Leaves out whoever was met on that day or later, in any campaign"),
        )  # fmt: skip
    return TargetRule.of(search, asked, since if isinstance(since, date) else None)


def _one(spec: FieldSpec, names: dict[int, str], key: str) -> Any:
    label = _(spec.label)
    if spec.reference:
        return st.multiselect(label, list(names), format_func=apart(names), key=key, placeholder=_("All"))
    if spec.kind is FieldKind.BOOLEAN:
        texts = {True: _("Yes"), False: _("No")}
        return st.selectbox(label, list(texts), None, apart(texts), key, placeholder=_("All"))
    if spec.options:
        labels = {option.value: _(option.label) for option in spec.options}
        default = ["active"] if spec.key in _NAMED and "active" in labels else []
        return st.multiselect(label, list(labels), default, apart(labels), key, placeholder=_("All"))
    if spec.kind in (FieldKind.INTEGER, FieldKind.NUMBER):
        low, high = st.columns(2)
        least = low.number_input(label, value=None, key=f"{key}_low", placeholder=_("from"))
        most = high.number_input(label, value=None, key=f"{key}_high", placeholder=_("to"), label_visibility="hidden")
        return least, most
    return st.text_input(label, key=key, placeholder=_("All"))


def _described(rule: TargetRule, specs: list[FieldSpec], names: dict[str, dict[int, str]]) -> str:
    parts = [f"“{ui.plain(rule.search)}”"] if rule.search else []
    parts += filters.described(specs, rule.query_filters(), names)
    if rule.not_visited_since:
        parts.append(_("not visited since {day}").format(day=format_date(rule.not_visited_since)))
    return " · ".join(parts) or _("All enterprises")


def _add(actor: Actor, campaign: Campaign, rule: TargetRule) -> None:
    with ui.told():
        added = targets.add_by_rule(actor, campaign.pk, rule)
        ui.flash(ngettext("{count} enterprise added.", "{count} enterprises added.", added).format(count=added))
        st.rerun()
