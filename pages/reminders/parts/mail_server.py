"""The form of the zone's mail server, with its test."""

from collections.abc import Mapping

import streamlit as st

from core.i18n import gettext as _
from pages.common import fields, ui
from pages.common.began import Began
from pages.common.options import apart
from pages.reminders.parts import robots
from services import accounts
from services.actor import Actor
from services.channels import mail_setup, testing
from services.channels.mail_setup import MailForm, MailView
from services.channels.mailing import Security

_PORTS: Mapping[Security, int] = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
_EMPTY = MailForm("", _PORTS[Security.TLS], Security.TLS, "", "", "", "")
_TESTED = "server_tested"


def mail_server(actor: Actor) -> None:
    """Show the mail server, and let an administrator set and try it."""
    view = mail_setup.show(actor)
    _state(view)
    with st.container(border=True):
        kept = view.form if view is not None and view.form is not None else _EMPTY
        began = Began("mail", mail_setup.parts(kept), first="host")
        seen = mail_setup.whole(began.values)
        form, slots = _inputs(seen, began.prefix, has_password=view is not None and view.has_password)
        pressed = st.button(_("Save"), key="mail_save", type="primary")
        if began.insisted() or pressed:
            with ui.told(slots), began.saving():
                mail_setup.save(actor, form, seen=seen)
                began.renew()
                ui.flash(_("Saved. Send a test message now."))
                st.rerun()
        began.notice()
    if view is not None and view.form is not None:
        _test(actor)


def _state(view: MailView | None) -> None:
    if view is None:
        st.info(_("No mail server is set: mail is only kept under “Sent mail”."), icon=":material/mail_off:")
    elif view.form is None:
        st.warning(_("Its address can no longer be read. Please enter it again."), icon=":material/key_off:")
    elif view.problem:
        robots.not_reached(view.problem, view.failed_at)
    elif not view.active:
        st.info(_("Mail is switched off and only kept under “Sent mail”."), icon=":material/mail_off:")


def _inputs(kept: MailForm, prefix: str, *, has_password: bool) -> tuple[MailForm, fields.Slots]:
    slots: fields.Slots = {}
    first, second, third = st.columns([3, 2, 1])
    with first:
        host = st.text_input(
            _("Server"), kept.host, key=f"{prefix}_host", placeholder="smtp.example.com", max_chars=253
        )
        slots["host"] = st.empty()
    with second:
        kinds = {kind: _(kind.label) for kind in Security}
        security = st.selectbox(
            _("Encryption"), list(kinds), list(kinds).index(kept.security), key=f"{prefix}_security",
            format_func=apart(kinds), on_change=_suggest_port, args=(prefix,),
        )  # fmt: skip
    with third:
        st.session_state.setdefault(f"{prefix}_port", kept.port)  # no widget's value: the encryption may set it too
        port = st.number_input(_("Port"), 1, 65535, key=f"{prefix}_port", step=1)
        slots["port"] = st.empty()
    user, password = _account(kept, prefix, slots, has_password=has_password)
    sender, name = _sender(kept, prefix, slots)
    active = st.toggle(_("Send mail"), kept.active, key=f"{prefix}_active")
    return MailForm(host, int(port), security or kept.security, user, password, sender, name, active), slots


def _account(kept: MailForm, prefix: str, slots: fields.Slots, *, has_password: bool) -> tuple[str, str]:
    first, second = st.columns(2)
    with first:
        user = st.text_input(
            _("Account"), kept.user, key=f"{prefix}_user", max_chars=200, autocomplete="off",
            placeholder=_("Empty if the server asks for none"),
        )  # fmt: skip
    with second:
        password = st.text_input(
            _("Password or authorisation code"), key=f"{prefix}_password", type="password", max_chars=200,
            autocomplete="new-password", placeholder=_("Kept. Leave empty to keep it.") if has_password else "",
        )  # fmt: skip
        slots["password"] = st.empty()
    return user, password


def _sender(kept: MailForm, prefix: str, slots: fields.Slots) -> tuple[str, str]:
    first, second = st.columns(2)
    with first:
        sender = st.text_input(
            _("Sender’s address"), kept.sender, key=f"{prefix}_sender", placeholder="qianqi@example.com", max_chars=254
        )  # fmt: skip
        slots["sender"] = st.empty()
    with second:
        name = st.text_input(_("Sender’s name"), kept.sender_name or _("Qianqi"), key=f"{prefix}_name", max_chars=60)
    return sender, name


def _suggest_port(prefix: str) -> None:
    if st.session_state[f"{prefix}_port"] in _PORTS.values():
        st.session_state[f"{prefix}_port"] = _PORTS[st.session_state[f"{prefix}_security"]]


def _test(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        own = accounts.profile(actor).email
        to = st.text_input(_("Send a test mail to"), own, key="mail_test_to", max_chars=254, width=340)
        pressed = st.button(_("Test"), key="mail_server_test", icon=":material/send:")
    if pressed:
        with ui.told(), st.spinner(_("Sending…")):
            st.session_state[_TESTED] = testing.server(actor, to)
            st.rerun()
    if (outcome := st.session_state.pop(_TESTED, None)) is not None:
        robots.tell(outcome)
