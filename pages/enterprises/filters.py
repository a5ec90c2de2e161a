"""The filters above the list of enterprises."""

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from pages.common import fields
from services import entities
from services.actor import Actor
from services.enterprises import ENTERPRISES, listing, places
from services.enterprises.listing import InCampaign, Standing
from services.entities import Query

PAGE_SIZE = 50
_ORDERS = {
    "name": N_("Name"),
    "-updated_at": N_("Last changed"),
    "-employees": N_("Most employees"),
    "-founded_year": N_("Youngest"),
}
_CHOICES = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.BOOLEAN)
_KEY = "enterprises"
_KEPT = "kept_filters_of_enterprises"


@dataclass(frozen=True)
class Asked:
    """What the list is asked for."""

    query: Query
    campaign: InCampaign | None


def ask(actor: Actor) -> Asked:
    """Show the filters, as they were when the person left the page, and return what they say."""
    for name, value in st.session_state.get(_KEPT, {}).items():
        st.session_state.setdefault(name, value)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"), key=f"{_KEY}_search", icon=":material/search:", placeholder=_("Name, credit code or address"),
            width=320,
        )  # fmt: skip
        area = _pick(_("Area"), places.used(actor), "area", width=240)
        with st.popover(_filters_label(), icon=":material/tune:"):
            campaign = _campaign(actor)
            more = _more(actor)
            orders = {key: _(name) for key, name in _ORDERS.items()}
            order = st.selectbox(_("Order"), list(orders), 0, orders.__getitem__, f"{_KEY}_order")
    st.session_state[_KEPT] = {name: value for name, value in st.session_state.items() if _own(name)}
    filters: dict[str, Any] = {**more, "area_id": area}
    page = st.session_state.get(page_key(), 1)
    return Asked(Query(search=search or "", filters=filters, order=order, page=page, page_size=PAGE_SIZE), campaign)


def page_key() -> str:
    """Return a key that changes with the filters, so that what is found begins at its first page."""
    names = sorted(str(name) for name in st.session_state if _own(name))
    return "pages_" + "_".join(str(st.session_state[name]) for name in names)


def _own(name: object) -> bool:
    return str(name).startswith(f"{_KEY}_")


def _campaign(actor: Actor) -> InCampaign | None:
    known = listing.campaigns(actor)
    if not known:
        return None
    campaign_id = _pick(_("Campaign"), known, "campaign")
    if campaign_id is None:
        return None
    standings = {each: _(each.label) for each in Standing}
    standing = st.selectbox(
        _("How far"), list(standings), None, standings.__getitem__, f"{_KEY}_standing", placeholder=_("All")
    )
    return InCampaign(campaign_id, standing)


def _filters_label() -> str:
    """Return the button's text with how many filters inside narrow the list."""
    inside = [name for name in st.session_state if str(name).startswith((f"{_KEY}_by_", f"{_KEY}_campaign"))]
    active = sum(bool(st.session_state[name]) for name in inside)
    return _("Filters") + (f" :blue-badge[{active}]" if active else "")


def _more(actor: Actor) -> dict[str, Any]:
    specs = entities.describe(actor, ENTERPRISES).specs
    return {spec.key: _multi(spec) for spec in specs if spec.filterable and spec.kind in _CHOICES}


def _multi(spec: FieldSpec) -> list[str]:
    options = {option.value: fields.shown(spec, option.value) for option in spec.options}
    return st.multiselect(
        _(spec.label), list(options), format_func=options.__getitem__, key=f"{_KEY}_by_{spec.key}", placeholder=_("All")
    )


def _pick(label: str, choices: dict[int, str], name: str, *, width: int | Literal["stretch"] = "stretch") -> int | None:
    return st.selectbox(
        label, list(choices), None, choices.__getitem__, f"{_KEY}_{name}", placeholder=_("All"), width=width
    )
