"""What the ledger is asked, kept whole in the page's address: a link, the back button and a saved view restore it.

Beside the filters, which stand under their fields' keys, `_view` is the quick view and `_at` where the page begins.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from models.base import LabelledEnum
from models.fields import FieldSpec
from pages.common import address, filters
from pages.common.asked import numbers
from services.issues.ledger import SIZES, Query
from services.issues.ledger_filters import QuickView
from services.issues.ledger_order import Order
from services.issues.ledger_views import Asked

E = TypeVar("E", bound=LabelledEnum)
VIEW, AT = "_view", "_at"
_TURN, _STANDS = "ledger_turn", "ledger_address"


def areas() -> list[int]:
    """Return the areas the address asks for: the filter must be able to name them."""
    return numbers("area_id")


def enterprises() -> list[int]:
    """Return the enterprises the address asks for: the filter must be able to name them."""
    return numbers("enterprise_id")


def begin(specs: Sequence[FieldSpec]) -> str:
    """Return what the keys of the page's widgets begin with.

    Where the address was changed by anything but the widgets themselves they get new keys, and with them the values
    that stand in the address.
    """
    stands = standing(specs)
    if st.session_state.get(_STANDS, stands) != stands:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_STANDS] = stands
    return f"ledger_{st.session_state.get(_TURN, 0)}"


def standing(specs: Sequence[FieldSpec]) -> Asked:
    """Return what the address asks, without the place in the list: what a saved view keeps."""
    names = (address.SEARCH, VIEW, address.SORT, address.SIZE, *(spec.key for spec in filters.filterable(specs)))
    return {name: st.query_params.get_all(name) for name in names if name in st.query_params}


def remember(specs: Sequence[FieldSpec], search: str, asked: dict[str, Any]) -> None:
    """Put what the widgets ask into the address; another question begins at its first page."""
    offered = filters.filterable(specs)
    wanted = {spec.key: address.written_filter(spec, asked.get(spec.key)) for spec in offered}
    address.write({address.SEARCH: search, **wanted})
    if standing(specs) != st.session_state[_STANDS]:
        address.write({AT: ""})
    st.session_state[_STANDS] = standing(specs)


def ask(asked: Asked) -> None:
    """Ask something else: for callbacks of saved views."""
    st.query_params.from_dict(asked)


def change(**values: str) -> None:
    """Change a part of what is asked, named without its underscore; the list begins anew."""
    address.write({AT: "", **{f"_{name}": value for name, value in values.items()}})


def query(search: str, asked: dict[str, Any]) -> Query:
    """Return the query the address and the widgets ask."""
    return Query(search, asked, view(), order())


def view() -> QuickView:
    """Return the quick view the address asks: what is open, unless it says otherwise."""
    return _member(address.read(VIEW), QuickView.OPEN)


def order() -> Order:
    """Return the order the address asks; what is closed has no deadline and comes newest first."""
    usual = Order.NEWEST if view() is QuickView.CLOSED else Order.DUE
    return _member(address.read(address.SORT), usual)


def size() -> int:
    """Return how many rows a page has."""
    given = address.read(address.SIZE)
    return int(given) if given in map(str, SIZES) else SIZES[0]


def _member(given: str, usual: E) -> E:
    known = type(usual)
    return known.of(given) if given in {member.value for member in known} else usual
