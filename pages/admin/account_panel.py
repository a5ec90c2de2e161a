"""What an administrator does with one account: change it, hand over a password, unlock it, sign it out."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from models.fields import FieldSpec
from pages.admin.account_work import work_in_hand
from pages.common import fields, ui
from pages.common.began import Began
from services import accounts
from services.accounts import AccountState, NewAccount
from services.actor import Actor
from services.entities import Described, name_held, save

_HANDOVER = "account_handover"


def new_account(actor: Actor) -> None:
    """Open the form of a new account."""
    st.dialog(_("New account"))(_creating)(actor)


def handover() -> None:
    """Show, once, the first password of an account made or reset in the run before."""
    made = st.session_state.pop(_HANDOVER, None)
    if isinstance(made, NewAccount):
        st.dialog(_("First password"), width="medium")(_handing_over)(made)


def panel(actor: Actor, row: Mapping[str, Any], specs: Sequence[FieldSpec]) -> None:
    """Show the account chosen in the list: its fields on the left, its state and what can be done on the right."""
    with st.container(border=True):
        st.subheader(f"{ui.plain(row['name'])} · {ui.plain(row['username'])}", anchor=False)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _fields(actor, row, specs)
        with right:
            _state(actor, row["id"])


def _creating(actor: Actor) -> None:
    slots: fields.Slots = {}
    entered = fields.inputs(
        [spec for spec in accounts.form(actor) if spec.key != "active"], {}, prefix="new",
        references={"department_id": accounts.departments(actor)}, slots=slots,
    )  # fmt: skip
    if st.button(_("Create"), type="primary", key="create", width="stretch"):
        with ui.told(slots):
            st.session_state[_HANDOVER] = accounts.create(actor, {**entered, "active": True})
            st.rerun()


def _handing_over(made: NewAccount) -> None:
    st.markdown(_("Hand this to **{name}**. It is shown only now and must be changed at the first sign-in.").format(
        name=ui.plain(made.name)))  # fmt: skip
    lines = ui.labelled(_("User name"), made.username), ui.labelled(_("Password"), made.password)
    st.code("\n".join(lines), language=None)
    if st.button(_("Done"), key="handed_over", width="stretch"):
        st.rerun()


def _fields(actor: Actor, row: Mapping[str, Any], specs: Sequence[FieldSpec]) -> None:
    slots: fields.Slots = {}
    began = Began(f"account_{row['id']}", row, first="username")
    asked = [spec for spec in specs if spec.editable]
    offered = Described(asked, {"department_id": accounts.departments(actor)})
    names = name_held(actor, accounts.ACCOUNTS, offered, began.values).references
    entered = fields.inputs(asked, began.values, prefix=began.prefix, references=names, slots=slots)
    pressed = st.button(_("Save"), type="primary", key="save")
    if began.insisted() or pressed:
        with ui.told(slots), began.saving():
            save(actor, accounts.ACCOUNTS, entered, row["id"], seen=began.values)
            began.renew()
            ui.flash(_("The account has been saved."))
            st.rerun()
    began.notice(asked, names)


def _state(actor: Actor, account_id: int) -> None:
    state = accounts.state_of(actor, account_id)
    for line in _lines(state):
        st.markdown(line)
    work_in_hand(actor, account_id)
    with ui.told():
        if state.locked_until and st.button(_("Unlock"), key="unlock", icon=":material/lock_open:", width="stretch"):
            accounts.unlock(actor, account_id)
            _done(_("The account can try again."))
        if account_id == actor.account_id:
            st.caption(_("Change your own password under “My account”."))
            return
        if ui.confirm(_("Reset password"), _("The account gets a new first password and is signed out everywhere."),
                      key="reset", icon=":material/key:", width="stretch"):  # fmt: skip
            st.session_state[_HANDOVER] = accounts.reset_password(actor, account_id)
            st.rerun()
        if state.sessions and ui.confirm(_("Sign out on all devices"), _("What is not saved there is lost."),
                                         key="out", icon=":material/logout:", width="stretch"):  # fmt: skip
            accounts.end_all_sessions(actor, account_id)
            _done(_("The account has been signed out everywhere."))


def _lines(state: AccountState) -> list[str]:
    last = format_moment(state.last_signed_in_at) or _("never")
    lines = [_("Last signed in: {moment}").format(moment=last), _("Signed in now on {count} devices").format(
        count=state.sessions)]  # fmt: skip
    if state.locked_until:
        lines.append(_(":orange-badge[locked] after too many wrong passwords, until {moment}").format(
            moment=format_moment(state.locked_until)))  # fmt: skip
    if state.must_change_password:
        lines.append(_(":blue-badge[first password] not changed yet"))
    if state.has_identity:
        lines.append(_(":green-badge[unified identity] linked"))
    return lines


def _done(message: str) -> None:
    ui.flash(message)
    st.rerun()
