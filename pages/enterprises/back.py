"""The way back to the list of enterprises as the person left it."""

from typing import NoReturn

import streamlit as st

from pages.common.links import go

LIST_ADDRESS = "address_of_the_list_of_enterprises"
"""Where the list keeps what its address asks."""


def to_list() -> NoReturn:
    """Leave for the list, with the search and filters it had."""
    go("enterprises/list.py", **st.session_state.get(LIST_ADDRESS, {}))
