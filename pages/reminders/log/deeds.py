"""Retrying, dropping and cancelling: chosen rows, or all that match, after the number has been said."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.i18n import N_, format_number
from core.i18n import gettext as _
from pages.common import ui
from services.delivery_log.acting import Deed
from services.delivery_log.listing import CAP

_QUESTIONS = {
    Deed.RETRY: N_("**{count}** will be tried again at once."),
    Deed.DROP: N_("**{count}** will be given up for good: nobody is told."),
    Deed.CANCEL: N_("**{count}** not yet sent will be cancelled: nobody is told."),
}
_DONE = {
    Deed.RETRY: N_("To be tried again: {count}"),
    Deed.DROP: N_("Given up: {count}"),
    Deed.CANCEL: N_("Cancelled: {count}"),
}
Chosen = list[int]
_ASKED = "log_asked"
Do = Callable[[Deed], int]
ICONS = {Deed.RETRY: "replay", Deed.DROP: "delete", Deed.CANCEL: "block"}
# The bar stays in sight while rows further up are chosen.
_STYLE = """
<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-log_bar) { position: sticky; bottom: 1rem; z-index: 10; }
.st-key-log_bar { background: var(--q-paper); box-shadow: 0 4px 16px rgb(20 40 80 / 16%); }
@media (max-width: 640px) { .st-key-log_bar { display: none; } }
</style>
"""


def bar(chosen: Chosen, offered: Sequence[Deed], do: Do) -> None:
    """Show what can be done with the chosen rows."""
    if not chosen:
        return
    st.html(_STYLE)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="log_bar"):
        count = _("{count} chosen").format(count=len(chosen))
        st.markdown(f"**{count}**", width="content")
        for deed in offered:
            question = _(_QUESTIONS[deed]).format(count=format_number(len(chosen)))
            if ui.confirm(_(deed.label), question, key=f"log_chosen_{deed}", icon=f":material/{ICONS[deed]}:"):
                carry_out(deed, do)


def all_matching(offered: Sequence[Deed], fitting: Callable[[Deed], int], do: Do) -> None:
    """Show a button for each deed that takes all rows the filters leave; the number is said before."""
    with st.popover(_("All that match"), icon=":material/done_all:", key="log_all"):
        st.caption(_("What the filters leave, all pages of it"))
        for deed in offered:
            st.button(
                _(deed.label), key=f"log_all_{deed}", icon=f":material/{ICONS[deed]}:", width="stretch",
                on_click=_asking, args=(deed,),
            )  # fmt: skip
    asked = st.session_state.get(_ASKED)
    for deed in offered:
        if asked == deed:
            _ask(deed, fitting, do)


def _asking(deed: Deed | None) -> None:
    st.session_state[_ASKED] = deed


def _ask(deed: Deed, fitting: Callable[[Deed], int], do: Do) -> None:
    @st.dialog(_(deed.label), icon=f":material/{ICONS[deed]}:", width="medium", on_dismiss=lambda: _asking(None))
    def dialog() -> None:
        number = fitting(deed)
        if not number:
            st.info(_("None of what the filters leave can be treated so."), icon=":material/info:")
            return
        st.markdown(_(_QUESTIONS[deed]).format(count=format_number(min(number, CAP))))
        if number > CAP:
            st.caption(_("There are more: repeat it for the rest."))
        label = _("{deed}: {count}").format(deed=_(deed.label), count=format_number(min(number, CAP)))
        if st.button(label, key="log_all_yes", type="primary", width="stretch"):
            _asking(None)
            carry_out(deed, do)

    dialog()


def one(offered: Sequence[Deed], do: Do, *, key: str) -> None:
    """Show the buttons that treat one row."""
    with st.container(horizontal=True):
        for deed in offered:
            icon = f":material/{ICONS[deed]}:"
            if deed is Deed.RETRY:
                pressed = st.button(_(deed.label), key=f"{key}_{deed}", icon=icon)
            else:
                pressed = ui.confirm(_(deed.label), _(_QUESTIONS[deed]).format(count=1), key=f"{key}_{deed}", icon=icon)
            if pressed:
                carry_out(deed, do)


def carry_out(deed: Deed, do: Do) -> None:
    """Do it, say with how many it was done, and run the page again."""
    with ui.told():
        done = do(deed)
        icon = ":material/check_circle:" if done else ":material/info:"
        ui.flash(_(_DONE[deed]).format(count=format_number(done)) if done else _("Nothing had to be done."), icon=icon)
        st.rerun()
