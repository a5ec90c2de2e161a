"""The form of the zone's mail server, with its test."""

from collections.abc import Mapping

import streamlit as st

from core.i18n import gettext as _
from pages.common import fields, ui
from pages.reminders.parts import robots
from services import accounts
from services.actor import Actor
from services.channels import mail_setup, testing
from services.channels.mail_setup import MailForm, MailView
from services.channels.mailing import Security

_PORTS: Mapping[Security, int] = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
_EMPTY = MailForm("", _PORTS[Security.TLS], Security.TLS, "", "", "", "")
_TESTED, _PORT = "server_tested", "mail_port"


def mail_server(actor: Actor) -> None:
    """Show the mail server, and let an administrator set and try it."""
    view = mail_setup.show(actor)
    _state(view)
    with st.container(border=True):
        form, slots = _inputs(view)
        if st.button(_("Save"), key="mail_save", type="primary"):
            with ui.told(slots):
                mail_setup.save(actor, form)
                ui.flash(_("Saved. Send a test message now."))
                st.rerun()
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


def _inputs(view: MailView | None) -> tuple[MailForm, fields.Slots]:
    kept = view.form if view is not None and view.form is not None else _EMPTY
    slots: fields.Slots = {}
    first, second, third = st.columns([3, 2, 1])
    with first:
        host = st.text_input(_("Server"), kept.host, key="mail_host", placeholder="smtp.example.com", max_chars=253)
        slots["host"] = st.empty()
    with second:
        kinds = {kind: _(kind.label) for kind in Security}
        security = st.selectbox(
            _("Encryption"), list(kinds), list(kinds).index(kept.security), key="mail_security",
            format_func=kinds.__getitem__, on_change=_suggest_port,
        )  # fmt: skip
    with third:
        st.session_state.setdefault(_PORT, kept.port)  # not as the widget's value: the encryption may set it too
        port = st.number_input(_("Port"), 1, 65535, key=_PORT, step=1)
        slots["port"] = st.empty()
    user, password = _account(view, kept, slots)
    sender, name = _sender(kept, slots)
    active = st.toggle(_("Send mail"), kept.active, key="mail_active")
    return MailForm(host, int(port), security or kept.security, user, password, sender, name, active), slots


def _account(view: MailView | None, kept: MailForm, slots: fields.Slots) -> tuple[str, str]:
    first, second = st.columns(2)
    with first:
        user = st.text_input(
            _("Account"), kept.user, key="mail_user", max_chars=200, autocomplete="off",
            placeholder=_("Empty if the server asks for none"),
        )  # fmt: skip
    with second:
        has_one = view is not None and view.has_password
        password = st.text_input(
            _("Password or authorisation code"), key="mail_password", type="password", max_chars=200,
            autocomplete="new-password", placeholder=_("Kept. Leave empty to keep it.") if has_one else "",
        )  # fmt: skip
        slots["password"] = st.empty()
    return user, password


def _sender(kept: MailForm, slots: fields.Slots) -> tuple[str, str]:
    first, second = st.columns(2)
    with first:
        sender = st.text_input(
            _("Sender’s address"), kept.sender, key="mail_sender", placeholder="qianqi@example.com", max_chars=254
        )  # fmt: skip
        slots["sender"] = st.empty()
    with second:
        name = st.text_input(_("Sender’s name"), kept.sender_name or _("Qianqi"), key="mail_name", max_chars=60)
    return sender, name


def _suggest_port() -> None:
    if st.session_state[_PORT] in _PORTS.values():
        st.session_state[_PORT] = _PORTS[st.session_state["mail_security"]]


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
