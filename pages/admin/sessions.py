import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import sheets, ui
from pages.common.choosing import chosen_of
from pages.shell.session import current_actor
from services import accounts
from services.accounts import LiveSession
from services.actor import Actor


def page() -> None:
    """Show administrators who is signed in where, and let them end it."""
    actor = current_actor()
    sessions = accounts.live_sessions(actor)
    count = _("{count} devices of {people} people are signed in now.")
    ui.header(_("Sign-ins"), count.format(count=len(sessions), people=len({each.account_id for each in sessions})))
    wanted = st.text_input(
        _("Search"), key="search", placeholder=_("Name, user name or address"), icon=":material/search:",
        label_visibility="collapsed",
    )  # fmt: skip
    found = [each for each in sessions if _matches(each, wanted or "")]
    if not found:
        ui.empty(_("No sign-in fits the search."), _("Try another part of the name."), icon="search_off")
        return
    rows = [_row(each) for each in found]
    sheets.excel_button("sessions", _("Sign-ins"), {name: name for name in rows[0]}, rows)
    chosen = chosen_of("sessions", [each.id for each in found], rows)
    _end(actor, [each for each in found if each.id in chosen])


def _matches(each: LiveSession, wanted: str) -> bool:
    return wanted.strip().lower() in f"{each.name} {each.username} {each.ip}".lower()


def _row(each: LiveSession) -> dict[str, str]:
    return {
        _("Full name"): f"{each.name} ({_('you')})" if each.is_present else each.name,
        _("User name"): each.username,
        _("Role"): _(each.role.label),
        _("Device"): each.device,
        _("Address"): each.ip,
        _("Signed in at"): format_moment(each.started_at),
        _("Last used"): format_moment(each.last_seen_at),
    }


def _end(actor: Actor, chosen: list[LiveSession]) -> None:
    if not chosen:
        st.caption(_("Select rows to end these sign-ins."))
        return
    label = _("End {count} sign-ins").format(count=len(chosen))
    names = _(", ").join(sorted({ui.plain(each.name) for each in chosen}))
    question = _("{names} will have to sign in again. What they have not saved is lost.").format(names=names)
    if ui.confirm(label, question, key="end", icon=":material/logout:"):
        with ui.told():
            for each in chosen:
                accounts.end_session(actor, each.id)
            ui.flash(_("The sign-ins have been ended."))
            st.rerun()


page()
