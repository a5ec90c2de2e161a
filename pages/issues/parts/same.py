"""Issues that may be the same matter as the one shown: looked at, and linked with one press."""

import streamlit as st

from core.i18n import gettext as _
from core.text import excerpt
from models.issue_log import LinkKind
from models.lifecycle import Verb
from pages.common import ui
from pages.issues.parts.alike import issue_link, reasons
from services import issues
from services.actor import Actor
from services.issues.reading import Shown
from services.issues.similar import Similar, similar

_KNOWN = "issue_same"
_EXCERPT = 60
_FIRST = 3


def same_matter(actor: Actor, shown: Shown) -> None:
    """Offer to link what may be the same matter, to whom may link; nothing when there is nothing."""
    if Verb.LINK not in shown.allowed:
        return
    found = [each for each in _found(actor, shown) if each.linked is None][:_FIRST]
    if not found:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Perhaps the same matter')}**")
        for each in found:
            _offer(actor, shown, each)


def _found(actor: Actor, shown: Shown) -> list[Similar]:
    """Return what is alike; looked for anew only when something happened to the issue."""
    key = (shown.id, shown.issue.version)
    known: tuple[tuple[int, int], list[Similar]] | None = st.session_state.get(_KNOWN)
    if known is None or known[0] != key:
        known = st.session_state[_KNOWN] = (key, similar(actor, shown.id))
    return known[1]


def _offer(actor: Actor, shown: Shown, each: Similar) -> None:
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            issue_link(each.id, each.number, key="same")
            st.markdown(f":gray-badge[{_(each.state.label)}] :orange-badge[{reasons(each)}]", width="content")
        st.markdown(f"{ui.plain(excerpt(each.text, _EXCERPT))}  \n:small[:gray[{ui.plain(each.enterprise)}]]")
        with st.container(horizontal=True, gap="small"):
            for kind in LinkKind:
                if st.button(_(kind.label), key=f"same_{kind.value}_{each.id}", icon=":material/add_link:"):
                    _link(actor, shown, each, kind)


def _link(actor: Actor, shown: Shown, each: Similar, kind: LinkKind) -> None:
    with ui.told():
        issues.link(actor, shown.id, each.id, kind)
        ui.flash(_("The issues are linked."))
        st.rerun()
