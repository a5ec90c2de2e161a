"""Issues that may be the same matter, as pages offer them."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from core.text import excerpt
from models.issue_log import LinkKind
from pages.common.links import go
from pages.common.options import apart
from pages.common.ui import plain
from pages.issues.parts.entry import Entry
from services.actor import Actor
from services.issues.by_hand import Entered
from services.issues.similar import Matter, Similar, similar_to

_EXCERPT = 80
_KNOWN = "issues_alike"


def offer_links(actor: Actor, entry: Entry, entered: Entered) -> None:
    """Offer issues that may be the same as the one being entered; what is chosen is linked once it is registered."""
    found = _found(actor, entered)
    entry.links = {each.id: (each.number, kind) for each in found if (kind := _shown(entry, each, found))}


def reasons(each: Similar) -> str:
    """Return in words why an issue may be the same."""
    return _(", ").join(_(reason.label) for reason in each.reasons)


def issue_link(issue_id: int, label: str, *, key: str = "") -> None:
    """Show what leads to an issue's page; `key` tells several on one page apart."""
    if st.button(label, key=f"issue_{key}_{issue_id}", type="tertiary", icon=":material/assignment:"):
        go("issues/issue.py", issue=issue_id)


def _found(actor: Actor, entered: Entered) -> Sequence[Similar]:
    """Return what is alike; found anew only when the enterprise, the category or the words change."""
    if entered.enterprise_id is None or not entered.text.strip():
        return ()
    matter = Matter(entered.enterprise_id, entered.category or "", entered.text)
    known: tuple[Matter, list[Similar]] | None = st.session_state.get(_KNOWN)
    if known is None or known[0] != matter:
        known = st.session_state[_KNOWN] = (matter, similar_to(actor, matter))
    return known[1]


def _shown(entry: Entry, each: Similar, found: Sequence[Similar]) -> str | None:
    if each is found[0]:
        st.subheader(_("Perhaps registered already"), anchor=False)
        st.caption(_("Look before you register: it can be linked with one of these, or registered all the same."))
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            issue_link(each.id, each.number)
            st.markdown(f":gray-badge[{_(each.state.label)}] :orange-badge[{reasons(each)}]", width="content")
        st.markdown(plain(excerpt(each.text, _EXCERPT)))
        st.caption(f"{plain(each.enterprise)} · {format_date(each.registered_at)}")
        kinds = {kind.value: _(kind.label) for kind in LinkKind}
        return st.pills(
            _("Link it"), list(kinds), format_func=apart(kinds), key=entry.key(f"link_{each.id}"),
            label_visibility="collapsed",
        )  # fmt: skip
