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
  {_BOARD} [data-testid="stLayoutWrapper"]:has(> .st-key-issue_act) {{ order: -1; }}
}}
</style>
"""


def board() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Return the places for the matter, for the next step, and for what goes beside them."""
    st.html(_STYLE)
    with st.container(key="issue_board"):
        left, right = st.columns([3, 2], gap="medium")
    with right:
        act = st.container(key="issue_act")
        beside = st.container(key="issue_beside")
    return left, act, beside
