"""What pages show of a commitment."""

import streamlit as st

from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from pages.common import ui
from services import commitments
from services.actor import Actor
from services.commitments import Commitment


def badge(shown: Commitment) -> str:
    """Return how a commitment stands as a badge."""
    colour = "green" if shown.fulfilled_at else "red" if shown.is_overdue else "orange"
    return f":{colour}-badge[{ui.plain(shown.remaining)}]"


def made_good(shown: Commitment) -> str:
    """Return when, by whom and how it was made good, as one line."""
    about = _("Recorded on {moment} by {name}: {note}").format(
        moment=format_moment(shown.fulfilled_at), name=shown.fulfilled_by, note=shown.note
    )
    return ui.plain(about)


def days(shown: Commitment) -> str:
    """Return by when and who follows it, as one line."""
    due = _("To be made good by {day}").format(day=format_date(shown.due_on))
    follower = _("followed by {name}").format(name=shown.follower) if shown.follower else ""
    return ui.plain(" · ".join(part for part in (shown.department, due, follower) if part))


def act(actor: Actor, shown: Commitment) -> None:
    """Offer to record that a commitment was made good, or to take that back."""
    if shown.fulfilled_at is None and shown.may_fulfil:
        _fulfil(actor, shown)
    elif shown.may_take_back and ui.confirm(
        _("Take back"), _("It is then open again, and whoever follows it is reminded."), key=f"take_back_{shown.id}",
        icon=":material/undo:",
    ):  # fmt: skip
        with ui.told():
            commitments.take_back(actor, shown.id)
            ui.flash(_("Taken back."))
            st.rerun()


def _fulfil(actor: Actor, shown: Commitment) -> None:
    with st.popover(_("It was made good"), icon=":material/done:", key=f"fulfil_{shown.id}"):
        note = st.text_input(
            _("How was it made good?"), key=f"fulfil_note_{shown.id}", max_chars=1000,
            placeholder=_("Such as: handed in at the counter"),
        )  # fmt: skip
        if st.button(_("Record"), key=f"fulfil_{shown.id}_yes", type="primary", width="stretch"):
            with ui.told():
                commitments.fulfil(actor, shown.id, note)
                ui.flash(_("Recorded. Its reminders end with it."))
                st.rerun()
