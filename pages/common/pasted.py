"""What a pasted list of enterprises named, as every page that takes one shows it."""

from collections.abc import Collection, Sequence

import streamlit as st

from core.i18n import gettext as _
from core.i18n import ngettext
from pages.common import ui
from services.enterprises.pasting import BadLine

_FIRST = 8


def first_names(names: Collection[str]) -> None:
    """Show the first of the enterprises that were found."""
    if names:
        st.caption(ui.plain(_(", ").join(list(names)[:_FIRST])) + (" …" if len(names) > _FIRST else ""))


def bad_lines(bad: Sequence[BadLine]) -> None:
    """Show the lines that name no enterprise, and why."""
    if bad:
        title = ngettext("{count} line names no enterprise", "{count} lines name no enterprise", len(bad))
        st.warning(title.format(count=len(bad)), icon=":material/warning:")
        rows = [{_("Line"): line.number, _("Text"): line.text, _("Reason"): line.reason} for line in bad]
        st.dataframe(rows, hide_index=True)
