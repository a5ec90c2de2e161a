"""What the coordinator does with a bulletin: remark, build anew, issue, withdraw."""

from datetime import datetime

import streamlit as st

from core import months
from core.i18n import gettext as _
from models.bulletin import Bulletin, BulletinState
from pages.common import ui
from pages.common.began import Began
from pages.common.links import go
from services.actor import Actor
from services.bulletin import building, issuing
from services.permissions import Action, allows

STATES = {BulletinState.DRAFT: "orange", BulletinState.ISSUED: "green", BulletinState.WITHDRAWN: "gray"}
_READ = "bulletin_read"


def badge(state: BulletinState) -> str:
    """Return a bulletin's state as a badge."""
    return f":{STATES[state]}-badge[{_(state.label)}]"


def controls(actor: Actor, bulletin: Bulletin) -> None:
    """Show the buttons of a bulletin to whom may use them."""
    if not allows(actor, Action.BULLETIN_EDIT):
        return
    if bulletin.state is BulletinState.DRAFT:
        _remark(actor, bulletin)
        _build(actor, bulletin)
        _issue(actor, bulletin)
    elif bulletin.state is BulletinState.ISSUED:
        _withdraw(actor, bulletin)
    else:
        _replace(actor, bulletin)


def _remark(actor: Actor, bulletin: Bulletin) -> None:
    with st.popover(_("Requirements"), icon=":material/edit_note:", key="remark"):
        st.caption(_("Stands at the end of the bulletin, in each language what is written for it."))
        began = Began(f"remark_{bulletin.pk}", bulletin.model_dump(include={"remark", "remark_en"}), first="zh")
        chinese = st.text_area(
            _("Chinese"), began.values["remark"], key=f"{began.prefix}_zh", max_chars=2000, height=140
        )  # fmt: skip
        english = st.text_area(
            _("English"), began.values["remark_en"], key=f"{began.prefix}_en", max_chars=2000, height=100
        )  # fmt: skip
        pressed = st.button(_("Save"), key="remark_save", type="primary", width="stretch")
        if began.insisted() or pressed:
            with ui.told(), began.saving():
                issuing.remark(actor, bulletin.pk, chinese, english, seen=began.values)
                began.renew()
                ui.flash(_("Saved."))
                st.rerun()
        began.notice()


def _build(actor: Actor, bulletin: Bulletin) -> None:
    question = _("The rows are frozen anew and all figures counted from them. The requirements you wrote stay.")
    if ui.confirm(_("Build anew"), question, key="rebuild", icon=":material/refresh:"):
        with ui.told(), st.spinner(_("Freezing the month…")):
            building.build(actor, bulletin.month)
            ui.flash(_("Built anew."))
            st.rerun()


def _issue(actor: Actor, bulletin: Bulletin) -> None:
    early = bulletin.until < months.end(bulletin.month)
    with st.popover(
        _("Issue the bulletin"), icon=":material/send:", type="primary", key="issue", disabled=early,
        help=_("The month is not over yet.") if early else None,
    ):  # fmt: skip
        st.markdown(_("From now on its readers see it, and nothing in it changes any more."))
        tell = st.checkbox(_("Send its readers a notice"), value=True, key="issue_tell")
        st.caption(_("Managers, team leads and department officers"))
        if st.button(
            _("Issue the bulletin"), key="issue_yes", type="primary", width="stretch", on_click=_read,
            args=(bulletin.frozen_at,),
        ):  # fmt: skip
            with ui.told():
                issuing.issue(actor, bulletin.pk, tell=tell, seen=st.session_state.pop(_READ))
                ui.flash(_("Issued. Its reminders end with it."))
                st.rerun()


def _read(frozen_at: datetime) -> None:
    """Remember which figures stood on the page when the button was pressed."""
    st.session_state[_READ] = frozen_at


def _withdraw(actor: Actor, bulletin: Bulletin) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:", key="withdraw"):
        st.markdown(_("Its readers see it no more; then the month can be built anew."))
        reason = st.text_input(_("Reason"), key="withdraw_reason", max_chars=500)
        if st.button(_("Withdraw"), key="withdraw_yes", type="primary", width="stretch"):
            with ui.told():
                issuing.withdraw(actor, bulletin.pk, reason)
                ui.flash(_("Withdrawn."))
                st.rerun()


def _replace(actor: Actor, bulletin: Bulletin) -> None:
    if st.button(_("Build anew"), key="replace", icon=":material/refresh:", type="primary"):
        with ui.told(), st.spinner(_("Freezing the month…")):
            made = building.build(actor, bulletin.month)
            ui.flash(_("Built anew."))
            go("bulletin/bulletin.py", bulletin=made)
