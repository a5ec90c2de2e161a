"""What stands above the ledger's rows: quick views, search, filters, order and columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.fields import FieldSpec
from pages.common import address, filters
from pages.common.options import apart
from pages.issues.parts import ledger_address
from services.actor import Actor
from services.entities import Described
from services.issues import ledger_fields, ledger_views
from services.issues.ledger import SIZES
from services.issues.ledger_filters import QuickView, offered_to
from services.issues.ledger_order import Order

_COLUMNS = "ledger_columns"


def quick_views(actor: Actor, prefix: str) -> None:
    """Show the questions people ask every day as pills; the pressed one stands in the address."""
    key = f"{prefix}_view"
    st.session_state[key] = ledger_address.view()
    st.pills(
        _("Quick view"), offered_to(actor), key=key, format_func=lambda view: _(view.label),
        label_visibility="collapsed", required=True, on_change=_view_changed, args=(key,),
    )  # fmt: skip


def search_and_filters(described: Described, prefix: str) -> tuple[str, dict[str, Any]]:
    """Show the search box and the filters; return what they ask."""
    offered = filters.filterable(described.specs)
    search = st.text_input(
        _("Search"), address.read(address.SEARCH), key=f"{prefix}_search", type="search", icon=":material/search:",
        placeholder=_("Number, words, enterprise"), label_visibility="collapsed", width=300,
    ) or ""  # fmt: skip
    active = filters.count(offered, prefix=f"{prefix}_filter")
    label = _("Filters ({count})").format(count=active) if active else _("Filters")
    with st.popover(label, icon=":material/filter_list:", key="ledger_filters"):
        asked = _filters(offered, f"{prefix}_filter", described.references)
    if active or search:
        st.button(
            _("Clear"), key="ledger_clear", icon=":material/filter_list_off:", type="tertiary",
            on_click=filters.clear, args=(offered,),
        )  # fmt: skip
    return search, asked


def display(actor: Actor, specs: Sequence[FieldSpec], prefix: str) -> list[str]:
    """Show the choice of columns and page size; return the columns."""
    chosen = columns(actor, specs)
    labels = {spec.key: _(spec.label) for spec in ledger_fields.columns(specs)}
    with st.popover(_("Display"), icon=":material/view_column:", type="tertiary", key="ledger_display"):
        picked = st.multiselect(
            _("Columns"), list(labels), chosen, apart(labels), f"{prefix}_columns",
            placeholder=_("Standard"), select_all=False, help=_("Kept for you, on every device"),
        )  # fmt: skip
        _size(prefix)
    if picked and picked != chosen:
        st.session_state[_COLUMNS] = chosen = picked
        ledger_views.keep_columns(actor, [] if picked == list(ledger_fields.STANDARD) else picked)
    return chosen


def columns(actor: Actor, specs: Sequence[FieldSpec]) -> list[str]:
    """Return the columns the person has chosen, or the usual ones."""
    if _COLUMNS not in st.session_state:
        st.session_state[_COLUMNS] = ledger_views.columns(actor)
    known = {spec.key for spec in ledger_fields.columns(specs)}
    return [key for key in st.session_state[_COLUMNS] if key in known] or list(ledger_fields.STANDARD)


def _filters(offered: Sequence[FieldSpec], prefix: str, references: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    """Show the filters in two columns: they are many."""
    half = -(-len(offered) // 2)
    asked: dict[str, Any] = {}
    for column, part in zip(st.columns(2, gap="medium"), (offered[:half], offered[half:]), strict=True):
        with column:
            asked |= filters.show(part, prefix=prefix, references=references)
    return asked


def order(prefix: str) -> None:
    """Show in which order all rows stand, whatever page they are on."""
    key = f"{prefix}_order"
    st.session_state[key] = ledger_address.order()
    st.selectbox(
        _("Order"), list(Order), key=key, format_func=lambda each: _(each.label), on_change=_order_changed,
        args=(key,), label_visibility="collapsed", width=170,
    )  # fmt: skip


def _size(prefix: str) -> None:
    key = f"{prefix}_size"
    st.session_state[key] = ledger_address.size()
    st.segmented_control(_("Rows on a page"), SIZES, key=key, required=True, on_change=_size_changed, args=(key,))


def _view_changed(key: str) -> None:
    view = st.session_state[key]
    ledger_address.change(view="" if view is QuickView.OPEN else view.value, sort="")


def _order_changed(key: str) -> None:
    ledger_address.change(sort=st.session_state[key].value)


def _size_changed(key: str) -> None:
    size = st.session_state[key]
    ledger_address.change(size="" if size == SIZES[0] else str(size))
