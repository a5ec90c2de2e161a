"""The members as a table beside what is to be assigned."""

from datetime import date

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from core.text import told_apart
from pages.common.choosing import chosen_of
from pages.common.ui import table_height
from services.assignment import Member

_ROWS_SHOWN = 12


def people_table(members: list[Member], *, key: str) -> list[Member]:
    """Show members with load and leave and return those that are chosen."""
    rows = [
        {
            "name": each.name,
            "grid": each.grid or each.team,
            "open": each.open_visits,
            "week": each.this_week,
            "leave": leave_text(each),
        }
        for each in members
    ]
    most = max((each.open_visits for each in members), default=0)
    chosen = chosen_of(
        key,
        [each.account_id for each in members],
        rows,
        height=table_height(len(rows), _ROWS_SHOWN),
        column_config={
            "name": st.column_config.TextColumn(_("Member"), width=62),
            "grid": st.column_config.TextColumn(_("Grid"), width=122),
            "open": st.column_config.ProgressColumn(
                _("Not finished"), format="%d", min_value=0, max_value=max(most, 1), width=78, help=_("Open visits")
            ),
            "week": st.column_config.NumberColumn(_("This week"), width=46, help=_("Planned until Sunday")),
            "leave": st.column_config.TextColumn(_("Leave"), width=96),
        },
    )
    return [each for each in members if each.account_id in chosen]


def leave_text(member: Member) -> str:
    """Return a member's days of leave to come in one line."""
    return _(", ").join(
        f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%m-%d}" for first, last in member.leave
    )


def labels(members: list[Member]) -> dict[int, str]:
    """Return account id → a text that names one member and no other."""
    return told_apart({each.account_id: f"{each.name} · {each.grid or each.team}" for each in members})


def may_send(members: list[Member], day: date, *, key: str) -> bool:
    """Warn about members who are on leave that day and return whether they are to be sent all the same."""
    away = [each.name for each in members if each.is_away(day)]
    if not away:
        return True
    message = _("On leave on {day}: {names}").format(day=format_date(day), names=_(", ").join(away))
    st.warning(message, icon=":material/event_busy:")
    return st.checkbox(_("Assign all the same"), key=key)
