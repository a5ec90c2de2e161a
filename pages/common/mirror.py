"""Text that was typed and had not reached the server when the connection broke or the tab was closed."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from core.i18n import gettext as _

OFFLINE_NOTE = "offline_note"
"""What was written on the notepad that opens while there is no connection."""

_LONGEST = 4000
_component = st.components.v2.component(
    "qianqi_typed_text", js=Path(__file__).with_name("mirror.js").read_text("utf-8")
)


def lost_text(
    *, form: int | str, keys: str, account_id: int, version: int, run: str, known: Mapping[str, str],
    taken: Mapping[str, str], note_field: str = "", keep: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Watch the text fields of a form and return what this device typed and the server never got.

    Args:
        form: which form it is; a visit's is the visit's id.
        keys: what the keys of its fields begin with, up to the number that grows with each fresh set of them: a field's
            key is `{keys}{number}_{field name}`. Letters, digits and underscores only.
        account_id: whose text it is: another account on the same phone does not get it.
        version: the form's version; text typed for an earlier one is forgotten.
        run: changes with each fresh start of the page, which is when lost text is looked for.
        known: field name → the text the server has, of every text field on the page.
        taken: field name → the text last taken over from the device, which repeats itself until it is answered.
        note_field: the field that takes what is written on the notepad; without one no notepad opens.
        keep: whether the device keeps all text until the version changes, for a form the server has no draft of.
    """
    result = _component(
        key=f"typed_{form}",
        data={
            "form": form,
            "keys": keys,
            "account": account_id,
            "version": version,
            "run": run,
            "known": dict(known),
            "noted": taken.get(OFFLINE_NOTE, ""),
            "note_field": note_field,
            "keep": keep,
            "without_note": without_note(known.get(note_field, ""), taken.get(OFFLINE_NOTE, "")),
            "offline": _("No connection. Go on writing here; it is added to your text when the connection is back."),
        },
        on_restored_change=lambda: None,
        height="content",
    )
    given = result.get("restored")
    if not isinstance(given, dict):
        return {}
    allowed = {*known, OFFLINE_NOTE}  # a browser may send anything
    texts = {key: text[:_LONGEST] for key, text in given.items() if key in allowed and isinstance(text, str)}
    return {key: text for key, text in texts.items() if taken.get(key) != text}


def with_note(given: str, note: str) -> str:
    """Return a text with what was written on the notepad below it, once."""
    return given if note in given else f"{given}\n{note}".strip()


def without_note(given: str, note: str) -> str:
    """Return a text as it was before `with_note`."""
    return given.removesuffix(note).rstrip() if note else given
