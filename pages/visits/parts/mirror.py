"""Text that was typed and had not reached the server when the connection broke or the tab was closed."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from core.i18n import gettext as _

OFFLINE_NOTE = "offline_note"
"""What was written on the notepad that opens while there is no connection."""

_HTML = "<section class='pad' hidden><p></p><textarea rows='4'></textarea></section>"
_CSS = """
.pad { border: 1px solid var(--st-orange-color); border-radius: var(--st-base-radius); padding: .7rem; }
.pad[hidden] { display: none; }
p { margin: 0 0 .5rem; font: .9rem var(--st-font); color: var(--st-text-color); }
textarea {
  width: 100%; box-sizing: border-box; font: 1rem var(--st-font); padding: .5rem; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: 6px;
}
"""
_LONGEST = 4000
_component = st.components.v2.component(
    "qianqi_typed_text", html=_HTML, css=_CSS, js=Path(__file__).with_name("mirror.js").read_text("utf-8")
)


def lost_text(*, visit_id: int, account_id: int, version: int, run: str, known: Mapping[str, str]) -> dict[str, str]:
    """Watch the text fields of a form and return what this device typed and the server never got.

    Args:
        visit_id: the visit whose form it is.
        account_id: whose text it is: another account on the same phone does not get it.
        version: the visit's version; text typed for an earlier one is forgotten.
        run: changes with each fresh start of the page, which is when lost text is looked for.
        known: field name → the text the server has, of every text field on the page.
    """
    result = _component(
        key=f"typed_{visit_id}",
        data={
            "visit": visit_id,
            "account": account_id,
            "version": version,
            "run": run,
            "known": {**known, OFFLINE_NOTE: ""},
            "offline": _("No connection. Go on writing here; it is added to the summary when the connection is back."),
        },
        on_restored_change=lambda: None,
        height="content",
    )
    given = result.get("restored")
    if not isinstance(given, dict):
        return {}
    allowed = {*known, OFFLINE_NOTE}  # a browser may send anything
    return {key: text[:_LONGEST] for key, text in given.items() if key in allowed and isinstance(text, str)}
