"""Pages of a list whose address does not name them."""

import streamlit as st


def page_of(key: str, total: int, size: int) -> int:
    """Return which page of a list is asked for; its last where it has become shorter.

    Args:
        key: as `turn` has it.
        total: how many rows there are.
        size: how many stand on a page.
    """
    return min(int(st.session_state.get(key) or 1), max(_count(total, size), 1))


def turn(key: str, total: int, size: int) -> None:
    """Show the ways to the other pages of a list, if it has any; arguments as for `page_of`."""
    if total > size:
        st.pagination(_count(total, size), key=key, max_visible_pages=5)


def _count(total: int, size: int) -> int:
    return -(-total // size)
