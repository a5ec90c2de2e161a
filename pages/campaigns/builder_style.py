"""How the form builder looks: a bar and a preview that stay in sight, icons in one row."""

import streamlit as st

_STYLE = """
<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-builder_bar) { position: sticky; top: 0; z-index: 90; }
.st-key-builder_bar { background: var(--q-paper); padding: .5rem 0; border-bottom: 1px solid var(--q-line); }
.st-key-builder_preview { border: 1px solid var(--q-line); border-radius: 22px; padding: 1.1rem 1.1rem 1.4rem;
  background: var(--q-paper); box-shadow: 0 6px 22px rgba(28, 39, 51, .08); max-width: 420px; margin: 0 auto; }
[class*="st-key-question_"] { padding: .6rem .9rem .7rem; }
[class*="st-key-open_question_"] { border-left: 4px solid #1f5fbf; }
[class*="st-key-tools_"] { margin-left: auto; }
[class*="st-key-tools_"] button { min-width: 2.4rem; min-height: 2.4rem; padding: 0; }
[class*="st-key-done_"] button { padding: 0 .8rem; }
[class*="st-key-edit_"] button { justify-content: flex-start; text-align: left; padding: 0; min-height: 2.4rem; }
[class*="st-key-edit_"] button > div { justify-content: flex-start; text-align: left; }
@media (min-width: 900px) {
  [data-testid="stColumn"]:has(.st-key-builder_preview) { position: sticky; top: 4.6rem; align-self: flex-start; }
  .st-key-builder_preview { max-height: calc(100vh - 6rem); overflow-y: auto; flex-wrap: nowrap; }
}
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-builder_bar) { top: 3.7rem; }
  [class*="st-key-tools_"] { margin-left: auto; }
[class*="st-key-tools_"] button { min-width: 2.75rem; min-height: 2.75rem; }
}
</style>
"""


def style() -> None:
    """Add the styles of the form builder to the page."""
    st.html(_STYLE)
