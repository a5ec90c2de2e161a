import streamlit as st

from core.i18n import format_percent, ngettext
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from pages.shell.session import current_actor
from services.actor import Actor
from services.enterprises import duplicates, merging
from services.enterprises.duplicates import Pair, Side


def page() -> None:
    """Show enterprises that may be entered twice; somebody decides about each pair, nothing is merged by itself."""
    actor = current_actor()
    pairs = duplicates.pairs(actor)
    text = ngettext("{count} pair waits for a decision", "{count} pairs wait for a decision", len(pairs))
    with ui.header(_("Perhaps entered twice"), text.format(count=len(pairs))):
        if st.button(_("Enterprises"), key="list", icon=":material/arrow_back:"):
            go("enterprises/list.py")
    if not pairs:
        ui.empty(_("Nothing to decide"), _("No two enterprises have a similar name."), icon="task_alt")
        return
    st.caption(_("Similar names are compared without place, brackets and legal form. Branches are enterprises too."))
    for pair in pairs:
        _pair(actor, pair)


def _pair(actor: Actor, pair: Pair) -> None:
    key = f"{pair.first.id}_{pair.second.id}"
    with st.container(border=True):
        left, right = st.columns(2, gap="large")
        with left:
            _side(actor, pair.first, pair.second, key)
        with right:
            _side(actor, pair.second, pair.first, key)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(_("Names alike: {share}").format(share=format_percent(pair.share)), width="content")
            if st.button(_("Two different ones: keep both"), key=f"both_{key}", icon=":material/call_split:"):
                duplicates.keep_both(actor, pair.first.id, pair.second.id)
                ui.flash(_("Both are kept. The pair is not shown again."))
                st.rerun()


def _side(actor: Actor, side: Side, other: Side, key: str) -> None:
    code = side.credit_code or f":gray[{_('no credit code')}]"
    visits = ngettext("{count} visit", "{count} visits", side.visits).format(count=side.visits)
    facts = " · ".join(ui.plain(part) for part in (side.address, side.legal_representative, visits) if part)
    st.markdown(f"**{ui.plain(side.name)}**  \n{code}  \n:small[:gray[{facts}]]")
    with st.container(horizontal=True):
        if st.button(_("Open it"), key=f"open_{side.id}_{key}", icon=":material/arrow_forward:"):
            go("enterprises/profile.py", enterprise=side.id)
        question = _(
            "“{other}” is deleted. Its contacts, visits, issues and promises move to “{name}”. "
            "**This cannot be undone.**"
        ).format(other=ui.plain(other.name), name=ui.plain(side.name))
        if ui.confirm(_("Keep this one and merge"), question, key=f"merge_{side.id}_{key}", icon=":material/merge:"):
            with ui.told():
                merging.merge(actor, side.id, other.id)
                ui.flash(_("Merged into “{name}”.").format(name=ui.plain(side.name)))
                st.rerun()


page()
