"""A table whose rows can be chosen.

Streamlit remembers which places are chosen, not which rows: once a row comes or goes, whether by a filter or by
somebody else's work, the same places hold others. Here the rows themselves are remembered, by their ids.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st


def chosen_of(
    key: str,
    ids: Sequence[int],
    cells: Sequence[Mapping[str, Any]],
    *,
    mode: Literal["multi-row", "single-row"] = "multi-row",
    one_at_least: bool = False,
    **look: Any,
) -> list[int]:
    """Show a table and return the ids of the rows chosen in it.

    Args:
        key: makes it unique on the page.
        ids: what tells its rows from each other, in the order shown.
        cells: the rows as they are shown.
        mode: whether several can be chosen.
        one_at_least: whether the first is chosen as long as none is, and stays so when others come before it.
        look: further arguments of `st.dataframe`.

    Returns:
        The ids in the order chosen; one whose row is no longer there is not among them.
    """
    chosen = [each for each in st.session_state.get(_chosen(key), ()) if each in set(ids)]
    if one_at_least and not chosen:
        chosen = list(ids[:1])
    st.session_state[_chosen(key)] = chosen
    # Other rows or another order make another table, which begins with what is chosen wherever that stands in it now.
    table = f"{key}_table_{st.session_state.get(_turn(key), 0)}_{hash(tuple(ids))}"

    def pressed() -> None:
        places = st.session_state[table]["selection"]["rows"]
        st.session_state[_chosen(key)] = [ids[place] for place in places]

    st.dataframe(
        cells,
        key=table,
        hide_index=True,
        on_select=pressed,
        selection_mode=mode,
        selection_default={"selection": {"rows": [ids.index(each) for each in chosen]}},
        **look,
    )
    return chosen


def choose_none(key: str) -> None:
    """Begin anew with nothing chosen, once what was chosen has been acted on."""
    st.session_state[_turn(key)] = st.session_state.get(_turn(key), 0) + 1
    st.session_state.pop(_chosen(key), None)


def _chosen(key: str) -> str:
    return f"{key}_chosen"


def _turn(key: str) -> str:
    return f"{key}_turn"
