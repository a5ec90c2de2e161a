"""Messages by day; those one rule sent on a day are one line that opens."""

from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from core import clock
from core.i18n import format_date, format_number
from core.i18n import gettext as _
from pages.common import ui
from pages.inbox.parts.lines import acknowledged, line
from services.actor import Actor
from services.inbox import answering
from services.inbox.listing import Line

_FEW = 2
"""So many of one rule are shown as they are."""


def pressing(actor: Actor, lines: Sequence[Line]) -> None:
    """Show what is urgent and unread, whatever day it is of."""
    if not lines:
        return
    title = _("Urgent, unread: {count}").format(count=format_number(len(lines)))
    st.markdown(f"##### :red[:material/priority_high: {title}]")
    _groups(actor, lines, "pressing", dated=True)


def days(actor: Actor, lines: Sequence[Line]) -> None:
    """Show messages day by day, the newest first."""
    for day, of_day in groupby(lines, key=lambda each: each.told_at.astimezone(clock.zone()).date()):
        st.markdown(f"##### {ui.plain(_name(day))}")
        _groups(actor, list(of_day), day.isoformat(), dated=False)


def _name(day: date) -> str:
    today = clock.today()
    names = {today: _("Today"), today - timedelta(days=1): _("Yesterday")}
    return " · ".join(part for part in (names.get(day, ""), format_date(day)) if part)


def _groups(actor: Actor, lines: Sequence[Line], key: str, *, dated: bool) -> None:
    groups: dict[Hashable, list[Line]] = {}
    for each in lines:
        groups.setdefault(_kind(each), []).append(each)
    for kind in sorted(groups, key=lambda kind: not groups[kind][0].urgent):
        of_kind = groups[kind]
        if len(of_kind) <= _FEW:
            for each in of_kind:
                line(actor, each, dated=dated)
        else:
            _group(actor, of_kind, f"group_{key}_{of_kind[0].rule_id}_{of_kind[0].urgent:d}", dated=dated)


def _kind(each: Line) -> Hashable:
    """Return what a message shares with others like it; a notice is always one of its own."""
    return (each.rule_id, each.urgent) if each.rule_id else each.id


def _group(actor: Actor, lines: list[Line], key: str, *, dated: bool) -> None:
    """Show many messages of one rule as a line that opens."""
    kept = f"{key}_kept"  # its title counts what is unread, and a new title would close it
    fold = st.expander(_title(lines), key=key, on_change="rerun", expanded=st.session_state.get(kept, False))
    st.session_state[kept] = fold.open
    if not fold.open:
        return
    with fold:
        _for_all(actor, lines, key)
        for each in lines:
            line(actor, each, dated=dated, many=True)


def _title(lines: list[Line]) -> str:
    first, unread = lines[0], sum(each.unread for each in lines)
    count = _("{count} messages").format(count=format_number(len(lines)))
    name = f"{ui.plain(first.rule)} · {count}"
    urgent = f":red-badge[{_('Urgent')}] " if first.urgent else ""
    if not unread:
        return f"{urgent}{name}"
    return f"{urgent}**{name}** :blue-badge[{_('{count} unread').format(count=format_number(unread))}]"


def _for_all(actor: Actor, lines: list[Line], key: str) -> None:
    unread = [each.id for each in lines if each.unread]
    open_ = [each.id for each in lines if each.open and each.rule_id]
    with st.container(horizontal=True, gap="small"):
        if open_ and ui.confirm(
            _("Confirm receipt of all {count}").format(count=len(open_)),
            _("Later reminders of these matters stop, as far as their rules say so. The matters stay open."),
            key=f"{key}_all", icon=":material/done_all:",
        ):  # fmt: skip
            acknowledged(actor, open_)
        if unread and st.button(_("Mark as read"), key=f"{key}_read", icon=":material/done:", type="tertiary"):
            answering.read(actor, unread)
            st.rerun()
