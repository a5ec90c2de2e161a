import streamlit as st

from core.errors import NotFoundError
from core.i18n import format_moment
from core.i18n import gettext as _
from models.reminder import DeliveryState
from pages.common import address, ui
from pages.common.links import page_path
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from services.actor import Actor
from services.channels import mail_setup, sent_mail
from services.channels.sent_mail import Mail, MailLineView, MailPage

_MAIL, _BEFORE = "_mail", "_before"


def page() -> None:
    """Show administrators every mail of the product, and its text: what went out, waits, failed or was only kept."""
    actor = current_actor()
    ui.header(_("Sent mail"), _("Every mail the product has written, newest first"))
    if not mail_setup.is_set(actor):
        _no_server()
    to = st.text_input(
        _("Search"), key="mail_search", placeholder=_("Part of a mail address"), icon=":material/search:",
        label_visibility="collapsed", on_change=_from_the_newest,
    )  # fmt: skip
    before = address.read(_BEFORE)
    found = sent_mail.page(
        actor, address=to or "", before=int(before) if before.isdecimal() and len(before) < 10 else None
    )
    if found.mails:
        columns = {"title": _("Subject"), "to": _("Addressed to"), "moment": _("Time"), "state": _("State")}
        plain_list("mail", columns, [_row(line) for line in found.mails], on_open=_open)
    elif to:
        ui.empty(_("No mail fits the search."), _("Try another part of the address."), icon="search_off")
    else:
        ui.empty(_("No mail yet"), _("Once a reminder goes out by mail, it appears here."), icon="mail")
    _turn(found, before)
    _reader(actor)


def _no_server() -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        told = _("No mail server is set: mail is only kept here.")
        st.markdown(f":orange[:material/warning:] **{told}**", width="content")
        st.page_link(page_path("reminders/channels.py"), label=_("Set it up"), icon=":material/settings:")


def _row(line: MailLineView) -> dict[str, object]:
    return {
        "id": line.id, "title": line.title, "to": line.address, "moment": format_moment(line.moment),
        "state": _state(line),
    }  # fmt: skip


def _state(line: MailLineView) -> str:
    return _("Kept only") if line.kept_only else _(line.state.label)


def _turn(found: MailPage, before: str) -> None:
    with st.container(horizontal=True):
        if before:
            st.button(_("Newest"), key="mail_newest", icon=":material/first_page:", on_click=_from_the_newest)
        if found.older:
            st.button(
                _("Older"), key="mail_older", icon=":material/chevron_right:", on_click=_go, args=(str(found.older),)
            )  # fmt: skip


def _reader(actor: Actor) -> None:
    asked = address.read(_MAIL)
    if not asked.isdecimal():
        return
    try:
        mail = sent_mail.mail(actor, int(asked))
    except NotFoundError as problem:
        _close()
        st.warning(str(problem), icon=":material/search_off:")
        return
    st.dialog(ui.plain(mail.line.title), position="right", width="medium", on_dismiss=_close)(_text)(mail)


def _text(mail: Mail) -> None:
    line = mail.line
    urgent = f" :red-badge[{_('Urgent')}]" if mail.urgent else ""
    st.markdown(
        f":gray[{_('Addressed to')}] {ui.plain(line.address)}  \n"
        f":gray[{_('Time')}] {format_moment(line.moment)} · {_state(line)}{urgent}"
    )
    if line.state is DeliveryState.FAILED or mail.note:
        st.error(ui.plain(_(mail.note)), icon=":material/error:")
    with st.container(border=True):
        st.text(mail.text)
    st.link_button(_("Open and acknowledge"), mail.link, icon=":material/open_in_new:", type="primary")
    st.caption(_("This is the recipient’s own link: opening it counts as read by them."))


def _open(mail_id: int) -> None:
    address.write({_MAIL: str(mail_id)})


def _close() -> None:
    address.write({_MAIL: ""})


def _go(before: str) -> None:
    address.write({_BEFORE: before})


def _from_the_newest() -> None:
    address.write({_BEFORE: ""})


page()
