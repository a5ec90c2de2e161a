"""Choosing the enterprise a need belongs to: from one list, or by a search where there are many."""

import streamlit as st

from core.i18n import gettext as _
from pages.common.fields import required
from pages.common.options import apart
from pages.common.ui import plain
from pages.issues.parts.entry import Entry
from services.actor import Actor
from services.issues.by_hand import Sheet, enterprise_name, search_enterprises


def whose(actor: Actor, sheet: Sheet, entry: Entry) -> int | None:
    """Show the enterprise, or how to find it, and return it."""
    if sheet.enterprises is not None:
        return _from_list(entry, sheet.enterprises)
    chosen = entry.stored.enterprise_id
    name = enterprise_name(actor, chosen) if chosen is not None else None
    if name is None:
        return _searched(actor, entry)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f":material/domain: **{plain(name)}**", width="stretch")
        if st.button(_("Another"), key="enterprise_another", type="tertiary"):
            entry.renew(entry.stored.model_copy(update={"enterprise_id": None}))
            st.rerun()
    return chosen


def _from_list(entry: Entry, names: dict[int, str]) -> int | None:
    ids = list(names)
    start = entry.start.enterprise_id
    return st.selectbox(
        required(_("Enterprise")), ids, ids.index(start) if start in names else None, apart(names),
        entry.key("enterprise"), placeholder=_("Type part of its name"),
    )  # fmt: skip


def _searched(actor: Actor, entry: Entry) -> int | None:
    wanted = st.text_input(
        required(_("Enterprise")), key=entry.key("search"), placeholder=_("Part of the name, credit code or address")
    )
    if not wanted.strip():
        return None
    found = search_enterprises(actor, wanted)
    if not found:
        st.caption(_("No enterprise of yours is called so."))
    for row_id, name in found.items():
        if st.button(plain(name), key=f"enterprise_{row_id}", width="stretch", icon=":material/domain:"):
            entry.renew(entry.stored.model_copy(update={"enterprise_id": row_id}))
            st.rerun()
    return None
