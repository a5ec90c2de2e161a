"""What the overview is asked: chosen above it, kept in its address."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from pages.common import address
from pages.common.links import number_asked
from pages.common.options import apart
from services.actor import Actor
from services.progress_overview import Period, Question, Setting, choices
from services.progress_overview.question import OF_CAMPAIGN

CAMPAIGN, PERIOD, AREA, TEAM, CATEGORY = "campaign", "period", "area", "team", "category"


def question() -> Question:
    """Return what the address asks."""
    periods = {each.value: each for each in Period}
    return Question(
        campaign_id=number_asked(CAMPAIGN),
        period=periods.get(address.read(PERIOD)),
        area_id=number_asked(AREA),
        team_id=number_asked(TEAM),
        category=address.read(CATEGORY),
    )


def filters(actor: Actor, setting: Setting) -> None:
    """Show what can be asked: the period at once, the rest behind a button that says how much of it is set."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="overview_filters"):
        _period(setting, _("Needs raised"))
        count = sum(bool(address.read(each)) for each in (CAMPAIGN, AREA, TEAM, CATEGORY))
        label = f"{_('Filter')} · {count}" if count else _("Filter")
        more = st.popover(label, icon=":material/filter_alt:", key="overview_more", on_change="rerun")
        if count and st.button(_("Clear"), key="overview_clear", icon=":material/close:", type="tertiary"):
            st.query_params.clear()
            st.rerun()
    if more.open:
        with more:
            _more(actor, setting)


def period_and_campaign(setting: Setting) -> None:
    """Show what can be asked on a page that has its own way of asking for a place."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="overview_filters"):
        if setting.campaign is not None:
            _select(_("Campaign"), CAMPAIGN, _texts(setting.campaigns), str(setting.campaign.pk), width=300)
        _period(setting, _("Time counted"))


def _period(setting: Setting, label: str) -> None:
    periods = {each.value: setting.called(each) for each in Period if setting.campaign or each not in OF_CAMPAIGN}
    _select(label, PERIOD, periods, setting.period.value, width=230)


def _more(actor: Actor, setting: Setting) -> None:
    offered = choices(actor)
    if len(setting.campaigns) > 1 and setting.campaign is not None:
        _select(_("Campaign"), CAMPAIGN, _texts(setting.campaigns), str(setting.campaign.pk))
    _select(_("Area"), AREA, {"": _("All"), **_texts(offered.areas)}, address.read(AREA))
    _select(_("Team"), TEAM, {"": _("All"), **_texts(offered.teams)}, address.read(TEAM))
    _select(_("Category"), CATEGORY, {"": _("All"), **offered.categories}, address.read(CATEGORY))


def _texts(names: Mapping[int, str]) -> dict[str, str]:
    return {str(key): name for key, name in names.items()}


def _select(label: str, name: str, options: Mapping[str, str], present: str, **more: Any) -> None:
    key = f"overview_{name}"
    st.session_state[key] = present if present in options else next(iter(options))
    st.selectbox(
        label, list(options), format_func=apart(options), key=key, on_change=_changed, args=(name, key), **more
    )


def _changed(name: str, key: str) -> None:
    """Ask something else: a team lies in one place, so that area and team replace each other."""
    other = {AREA: TEAM, TEAM: AREA}.get(name)
    address.write({name: st.session_state[key], **({other: ""} if other else {})})
