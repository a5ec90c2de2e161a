from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import clock
from core.i18n import format_date, ngettext
from core.i18n import gettext as _
from pages.common import ui
from pages.common.options import apart
from pages.shell.session import current_actor
from services.actor import Actor
from services.teams.leave import LeaveRow, cancel, enter, leaves, people


def page() -> None:
    """Keep days of leave: one's own, or those of the people one leads."""
    actor = current_actor()
    ui.header(_("Leave"), _("Nobody is given visits on days of leave without a warning."))
    _undo(actor)
    theirs = people(actor)
    if theirs:
        _enter(actor, theirs)
    rows = leaves(actor)
    today = clock.today()
    _section(actor, _("Away today"), [row for row in rows if row.starts_on <= today], _("Nobody is away today."))
    _section(actor, _("Coming up"), [row for row in rows if row.starts_on > today], _("No leave is planned."))


def _enter(actor: Actor, theirs: dict[int, str]) -> None:
    with st.container(border=True):
        columns = st.columns((2, 2, 2, 1), vertical_alignment="bottom")
        only = next(iter(theirs)) if len(theirs) == 1 else None
        person = only or columns[0].selectbox(
            _("Who"), list(theirs), None, apart(theirs), key="leave_who", placeholder=_("Choose")
        )
        if only is not None:
            columns[0].text_input(_("Who"), theirs[only], disabled=True)
        nothing: list[Any] = []  # neither end chosen yet
        days = columns[1].date_input(_("First and last day"), nothing, key="leave_days", format="YYYY-MM-DD")
        reason = columns[2].text_input(_("Reason"), key="leave_reason", max_chars=200)
        pressed = columns[3].button(_("Enter"), key="leave_enter", type="primary", width="stretch")
        if not pressed:
            return
        given = list(days) if isinstance(days, tuple) else [days]
        if person is None or not given or given[0] is None:
            st.error(_("Choose who is away and the days."), icon=":material/error:")
            return
        with ui.told():
            planned = enter(actor, person, given[0], given[-1] or given[0], reason or "")
            _entered(theirs[person], planned)


def _entered(name: str, planned: int) -> None:
    ui.flash(_("Leave of {name} entered.").format(name=ui.plain(name)))
    if planned:
        told = ngettext(
            "{count} visit is planned for these days: give it to somebody else or to another day.",
            "{count} visits are planned for these days: give them to somebody else or to other days.",
            planned,
        )
        ui.flash(told.format(count=planned), icon=":material/warning:")
    for key in ("leave_who", "leave_days", "leave_reason"):
        st.session_state.pop(key, None)
    st.rerun()


def _section(actor: Actor, title: str, rows: Sequence[LeaveRow], nobody: str) -> None:
    st.subheader(title, anchor=False)
    if not rows:
        st.caption(nobody)
    for row in rows:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_described(row), width="content")
            question = _("Cancel the leave of {name}?").format(name=ui.plain(row.name))
            if ui.confirm(_("Cancel leave"), question, key=f"leave_cancel_{row.id}", icon=":material/event_available:"):
                with ui.told():
                    st.session_state["leave_cancelled"] = (row.name, cancel(actor, row.id))
                    st.rerun()


def _described(row: LeaveRow) -> str:
    days = ngettext("{count} day", "{count} days", row.days).format(count=row.days)
    parts = [f"{format_date(row.starts_on)} – {format_date(row.ends_on)} ({days})", row.reason]
    if row.open_visits:
        parts.append(_("{count} open visits in these days").format(count=row.open_visits))
    below = ui.plain(" · ".join(part for part in parts if part))
    return f"**{ui.plain(row.name)}** :small[{ui.plain(row.team)}]  \n:small[:gray[{below}]]"


def _undo(actor: Actor) -> None:
    cancelled = st.session_state.get("leave_cancelled")
    if cancelled is None:
        return
    name, values = cancelled
    if ui.undo_bar(_("Leave of {name} cancelled.").format(name=name), key="leave_undo"):
        with ui.told():
            enter(actor, *values)
            del st.session_state["leave_cancelled"]
            ui.flash(_("Taken back."))
            st.rerun()


page()
