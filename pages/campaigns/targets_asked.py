"""What the list of a campaign's targets is narrowed to, kept in the address, so that a figure can open its rows."""

from datetime import date
from typing import Any

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from models.campaign import Campaign
from pages.common import address, ui
from pages.common.links import number_asked
from services.actor import Actor
from services.campaigns import target_list
from services.campaigns.standing import Standing
from services.campaigns.target_list import Wanted

_STANDING, _TEAM, _AREA, _ASSIGNEE, _UNTIL = "standing", "team", "area_id", "assignee", "until"
_FEW = 3


def query(
    campaign_id: int, *, standing: tuple[Standing, ...] = (), team_id: int | None = None, areas: tuple[int, ...] = (),
    assignee_id: int | None = None, until: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what the campaign page's address carries to show some of its targets; see `Wanted`."""
    found: dict[str, Any] = {
        "campaign": campaign_id,
        "tab": "targets",
        _STANDING: [each.value for each in standing],
        _TEAM: team_id,
        _AREA: list(areas),
        _ASSIGNEE: assignee_id,
        _UNTIL: until.isoformat() if until else None,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def asked(campaign: Campaign) -> Wanted:
    """Show search and standing, and what else the list is narrowed to; return all of it."""
    wanted = _read()
    search, standing = f"target_search_{campaign.pk}", f"target_standing_{campaign.pk}"
    st.session_state[search], st.session_state[standing] = wanted.search, list(wanted.standing)
    st.text_input(
        _("Search"), key=search, type="search", placeholder=_("Name, code or address"), on_change=_searched,
        args=(search,),
    )  # fmt: skip
    st.multiselect(
        _("Standing"), list(Standing), format_func=lambda each: _(each.label), key=standing, placeholder=_("All"),
        on_change=_chosen, args=(standing,),
    )  # fmt: skip
    return wanted


def narrowed(actor: Actor, wanted: Wanted) -> None:
    """Say which team, areas, person and day the list is narrowed to, with a button that takes that away."""
    names = target_list.named(actor, wanted)
    shown = [*names[:_FEW], *(["…"] if len(names) > _FEW else [])]
    if wanted.until is not None:
        shown.append(_("by {day}").format(day=format_date(wanted.until)))
    if not shown:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" ".join(f":blue-badge[{ui.plain(each)}]" for each in shown), width="content")
        st.button(_("Show all"), key="targets_whole", icon=":material/close:", type="tertiary", on_click=_widen)


def _read() -> Wanted:
    known = {each.value: each for each in Standing}
    given = st.query_params.get_all(_STANDING)
    try:
        until = date.fromisoformat(address.read(_UNTIL)) if address.read(_UNTIL) else None
    except ValueError:  # an address typed by hand
        until = None
    return Wanted(
        search=address.read(address.SEARCH),
        standing=tuple(known[each] for each in given if each in known),
        team_id=number_asked(_TEAM),
        areas=tuple(int(each) for each in st.query_params.get_all(_AREA) if each.isdecimal() and len(each) < 10),
        assignee_id=number_asked(_ASSIGNEE),
        until=until,
    )


def _searched(key: str) -> None:
    address.write({address.SEARCH: st.session_state[key]})


def _chosen(key: str) -> None:
    address.write({_STANDING: [each.value for each in st.session_state[key]]})


def _widen() -> None:
    address.write({_TEAM: "", _AREA: "", _ASSIGNEE: "", _UNTIL: ""})
