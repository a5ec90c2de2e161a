"""How the parts of an issue's page lie: two columns on a desk; on a phone one, what is to be done first."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_BOARD = '.st-key-issue_board > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]'
_STYLE = f"""
<style>
@media (max-width: 640px) {{
  {_BOARD} {{ flex-direction: column; gap: 1rem; }}
  {_BOARD} > [data-testid="stColumn"],
  {_BOARD} > [data-testid="stColumn"] > [data-testid="stVerticalBlock"] {{ display: contents; }}
  {_BOARD} [data-testid="stLayoutWrapper"]:has(> .st-key-issue_act) {{ order: -3; }}
  {_BOARD} [data-testid="stLayoutWrapper"]:has(> .st-key-issue_need) {{ order: -2; }}
  {_BOARD} [data-testid="stLayoutWrapper"]:has(> .st-key-issue_enterprise) {{ order: -1; }}
}}
</style>
"""


def board() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Return the places for the matter, for the next step, and for what goes beside them.

    On a phone the next step comes first, then `need`, `enterprise` (whom a caller rings), the rest, the time line.
    """
    st.html(_STYLE)
    with st.container(key="issue_board"):
        left, right = st.columns([3, 2], gap="medium")
    with right:
        act = st.container(key="issue_act")
    return left, act, right
