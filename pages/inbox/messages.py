from datetime import datetime

import streamlit as st

from core import clock
from core.i18n import format_number
from core.i18n import gettext as _
from models.reminder import Subject
from pages.common import address, ui
from pages.common.options import apart
from pages.inbox.parts.days import days, pressing
from pages.inbox.parts.style import style
from pages.shell.session import current_actor
from services.actor import Actor
from services.inbox import answering, listing
from services.inbox.listing import Counts, Page, Show, Wanted

_SHOW, _ABOUT, _BEFORE = "show", "about", "before"
_UNTIL = "inbox_read_until"


def page() -> None:
    """Show what the person was told: urgent and unread first, then day by day, many of one kind as one line."""
    actor = current_actor()
    if until := st.session_state.pop(_UNTIL, None):
        answering.read_all(actor, until)
    counts, drawn_at = listing.unread(actor), clock.now()
    with ui.header(_("Messages"), _caption(counts)):
        if counts.unread:
            icon = ":material/done_all:"
            st.button(_("Mark all as read"), key="read_all", icon=icon, on_click=_read_until, args=(drawn_at,))
    style()
    wanted = _asked()
    _choose(wanted, counts)
    _shown(actor, wanted, listing.messages(actor, wanted))


def _read_until(moment: datetime) -> None:
    st.session_state[_UNTIL] = moment


def _caption(counts: Counts) -> str:
    if not counts.unread:
        return _("You have read everything.")
    text = _("{count} unread, {urgent} of them urgent") if counts.urgent else _("{count} unread")
    return text.format(count=format_number(counts.unread), urgent=format_number(counts.urgent))


def _asked() -> Wanted:
    show, about = address.read(_SHOW), address.read(_ABOUT)
    return Wanted(
        Show.of(show) if show in list(Show) else Show.ALL,
        Subject.of(about) if about in list(Subject) else None,
        _place(address.read(_BEFORE)),
    )


def _choose(wanted: Wanted, counts: Counts) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        names = {each: _(each.label) for each in Show}
        if counts.unread:
            names[Show.UNREAD] += f" {format_number(counts.unread)}"
        st.session_state["inbox_show"] = wanted.show
        st.segmented_control(
            _("Messages"), list(Show), format_func=apart(names), key="inbox_show", required=True,
            label_visibility="collapsed", on_change=_chosen, args=(_SHOW, "inbox_show"),
        )  # fmt: skip
        st.session_state["inbox_about"] = wanted.subject or ""
        st.selectbox(
            _("About"), ["", *Subject], key="inbox_about", label_visibility="collapsed", width=170,
            format_func=_about,
            on_change=_chosen, args=(_ABOUT, "inbox_about"),
        )  # fmt: skip


def _about(subject: Subject | str) -> str:
    return _(subject.label) if isinstance(subject, Subject) else _("About everything")


def _chosen(name: str, key: str) -> None:
    chosen = st.session_state[key]
    address.write({name: "" if chosen is Show.ALL else str(chosen), _BEFORE: ""})


def _shown(actor: Actor, wanted: Wanted, found: Page) -> None:
    if not found.pressing and not found.lines:
        _nothing(wanted)
    pressing(actor, found.pressing)
    days(actor, found.lines)
    with st.container(horizontal=True, horizontal_alignment="center"):
        if wanted.before:
            st.button(_("Newest"), key="newest", icon=":material/first_page:", on_click=_turn, args=("",))
        if found.rest:
            at = f"{found.rest[0].timestamp():.6f}_{found.rest[1]}"
            st.button(_("Older"), key="older", icon=":material/chevron_right:", on_click=_turn, args=(at,))


def _nothing(wanted: Wanted) -> None:
    if wanted == Wanted():
        hint = _("When something needs you, such as an issue whose deadline comes near, it is told here.")
        ui.empty(_("No messages yet"), hint, icon="inbox")
    else:
        ui.empty(_("No such messages"), _("Nothing here waits for you."), icon="task_alt")


def _turn(before: str) -> None:
    address.write({_BEFORE: before})


def _place(given: str) -> tuple[datetime, int] | None:
    """Return the place in the list an address names; an address typed by hand may name none."""
    moment, _between, number = given.partition("_")
    try:
        return datetime.fromtimestamp(float(moment), clock.zone()), int(number)
    except (ValueError, OverflowError, OSError):
        return None


page()
