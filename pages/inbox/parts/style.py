"""How messages look: one line on a desk, stacked on a phone."""

import streamlit as st

_STYLE = """
<style>
[class*="st-key-message_"] { flex-wrap: nowrap; }
[class*="st-key-message_"] > div:first-child { flex: 1 1 0; min-width: 0; }
[class*="st-key-message_unread_"] { border-left: 3px solid #1f5fbf; }
[class*="st-key-message_urgent_"] { border-left: 3px solid #b42318; }
@media (max-width: 640px) {
  [class*="st-key-message_"] { flex-direction: column; align-items: stretch; gap: .4rem; }
  [class*="st-key-message_"] > div:first-child { flex: none; }
}
</style>
"""


def style() -> None:
    """Set the style of messages; once for a page."""
    st.html(_STYLE)
