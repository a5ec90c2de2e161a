from html import escape

import streamlit as st

from core.i18n import LOCALES, format_moment, locale
from core.i18n import gettext as _
from core.settings import settings
from pages.account.digest import digest
from pages.account.reached import reached
from pages.common import ui
from pages.common.links import page_path
from pages.common.options import apart
from pages.shell.session import current_actor, leave
from services import accounts
from services.accounts import LiveSession, Profile
from services.actor import Actor

# A form, not a link: another site must not be able to start it.
_LINK = '<form method="post" action="/oidc/link"><button type="submit" class="qianqi-button">{label}</button></form>'


def page() -> None:
    """Show the person their own account: data, language, password, identity, and where they are signed in."""
    actor = current_actor()
    own = accounts.profile(actor)
    with ui.header(_("My account"), f"{own.username} · {_(own.role.label)}"):
        if own.has_password:
            st.page_link(page_path("account/password.py"), label=_("Change password"), icon=":material/key:")
    _data(own)
    reached(actor)
    digest(actor, own)
    _language(actor)
    if settings().oidc_issuer:
        _identity(actor, own)
    _sessions(actor)


def _data(own: Profile) -> None:
    shown = {
        _("Full name"): own.name,
        _("Team"): own.team,
        _("Department"): own.department,
        _("Phone number"): own.phone,
        _("E-mail"): own.email,
    }
    with st.container(border=True):
        st.table({label: ui.plain(value) for label, value in shown.items() if value}, border="horizontal")
        st.caption(_("Ask your administrator to change what is wrong here."))


def _language(actor: Actor) -> None:
    st.subheader(_("Language"), anchor=False)
    chosen = st.segmented_control(
        _("Language"), list(LOCALES), format_func=apart(LOCALES), default=locale(), required=True,
        key="locale", label_visibility="collapsed",
    )  # fmt: skip
    if chosen and chosen != locale():
        accounts.choose_locale(actor, chosen)
        st.rerun()


def _identity(actor: Actor, own: Profile) -> None:
    st.subheader(_("Unified identity"), anchor=False)
    if st.query_params.get("identity") == "taken":
        st.error(_("This identity belongs to another account."), icon=":material/error:")
    if not own.has_identity:
        st.caption(_("Link your unified identity to sign in with it in future."))
        st.html(_LINK.format(label=escape(_("Link now"))))
        return
    st.caption(_("Your unified identity is linked: you can sign in with it."))
    if ui.confirm(_("Remove the link"), _("You will sign in with your password only."), key="unlink"):
        with ui.told():
            accounts.unlink(actor)
            st.rerun()


def _sessions(actor: Actor) -> None:
    sessions = accounts.own_sessions(actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(_("Where you are signed in"), anchor=False)
        if ui.confirm(
            _("Sign out on all devices"),
            _("Every device is signed out, this one too."),
            key="everywhere",
            icon=":material/logout:",
        ):
            accounts.sign_out_everywhere(actor)
            leave()
    for each in sessions:
        _session(actor, each)


def _session(actor: Actor, each: LiveSession) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        badge = f" :blue-badge[{_('this device')}]" if each.is_present else ""
        times = _("since {start}, last used {seen}").format(
            start=format_moment(each.started_at), seen=format_moment(each.last_seen_at)
        )
        st.markdown(f"**{ui.plain(each.device)}**{badge}  \n:small[{ui.plain(each.ip)} · {times}]")
        if not each.is_present and st.button(_("Sign out"), key=f"end_{each.id}"):
            with ui.told():
                accounts.end_session(actor, each.id)
                ui.flash(_("That device has been signed out."))
                st.rerun()


page()
