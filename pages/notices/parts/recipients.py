"""The recipients of a batch and how it stands with each."""

import streamlit as st

from core.i18n import format_moment, format_number, ngettext
from core.i18n import gettext as _
from models.reminder import Audience, ReminderState
from pages.common import paging, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from services.actor import Actor
from services.notices import reading
from services.notices.reading import Recipient, Standing

_PAGE_SIZE = 50
_OPENED = "opened_recipient"
_WIDTHS = {"enterprise": 240, "person": 80, "state": 90}


def recipients(actor: Actor, shown: Standing) -> None:
    """Show the recipients, narrowed by state and name; a press on an enterprise opens its profile."""
    if opened := st.session_state.pop(_OPENED, None):
        go("enterprises/profile.py", enterprise=opened)
    if not shown.counts.total:
        ui.empty(_("Nobody yet"), _("Recipients stand here once it is being sent."), icon="hourglass_empty")
        return
    states, search = _narrowed(shown)
    asked = f"recipients_page_{len(states)}_{search}"
    page = int(st.session_state.get(asked) or 1)
    rows, total = reading.recipients(
        actor, shown.batch.pk, states=states, search=search, page=page, page_size=_PAGE_SIZE
    )  # fmt: skip
    st.caption(ngettext("{count} recipient", "{count} recipients", total).format(count=format_number(total)))
    enterprises = shown.batch.audience is Audience.ENTERPRISES
    whose = {each.id: each.enterprise_id for each in rows}
    plain_list(
        "recipients", _columns(enterprises=enterprises), [_row(each) for each in rows],
        on_open=(lambda row_id: _open(whose[row_id])) if enterprises else None, widths=_WIDTHS if enterprises else {},
    )  # fmt: skip
    paging.turn(asked, total, _PAGE_SIZE)


def _narrowed(shown: Standing) -> tuple[list[ReminderState], str]:
    counts = shown.counts.by_state
    present = [state for state in ReminderState if counts.get(state)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"), key="recipient_search", type="search", icon=":material/search:", width=280,
            placeholder=_("Enterprise or person"), label_visibility="collapsed",
        )  # fmt: skip
        states = st.pills(
            _("State"), present, selection_mode="multi", key="recipient_states", label_visibility="collapsed",
            format_func=lambda state: f"{_(state.label)} {format_number(counts[state])}",
        )  # fmt: skip
    return states, search or ""


def _columns(*, enterprises: bool) -> dict[str, str]:
    first = {"enterprise": _("Enterprise")} if enterprises else {}
    return {
        **first, "person": _("Recipient"), "state": _("State"), "told": _("Sent at"), "read": _("Read at"),
        "note": _("Note"),
    }  # fmt: skip


def _row(found: Recipient) -> dict[str, object]:
    return {
        "id": found.id, "enterprise": found.enterprise, "person": found.person or _("(a contact since deleted)"),
        "state": _(found.state.label), "told": format_moment(found.told_at), "read": format_moment(found.read_at),
        "note": _(found.note),
    }  # fmt: skip


def _open(enterprise_id: int | None) -> None:
    """Remember whose row was pressed; staff are no enterprise."""
    if enterprise_id is not None:
        st.session_state[_OPENED] = enterprise_id
