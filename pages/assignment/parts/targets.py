"""Enterprises still unassigned: choosing some and giving them to a member, or asking for a plan."""

from typing import Any

import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.assignment.parts.people import may_send, people_table
from pages.assignment.parts.plan import ask_for_plan
from pages.assignment.parts.told import tell_outcome
from pages.common.ui import empty, plain, table_height, told
from services import assignment
from services.actor import Actor
from services.assignment import Board, Filters, Member, Placement, Target

_ROWS_SHOWN = 13


def unassigned(actor: Actor, board: Board, filters: Filters) -> None:
    """Show enterprises and members side by side and act on what is chosen of both."""
    left, right = st.columns([5, 4], gap="medium")
    with left:
        chosen = _targets(board)
    with right:
        st.markdown(f"**{_('Members')}**")
        people = people_table(board.members, key=f"people_{_round()}")
        _act(actor, board, filters, chosen, people)


def _targets(board: Board) -> list[Target]:
    counted = _("{count} unassigned").format(count=board.total)
    if board.again:
        counted += _(", {count} of them refused or not found, to be visited again").format(count=board.again)
    st.markdown(f"**{_('Enterprises')}** :gray[{counted}]")
    if not board.targets:
        empty(_("Nothing left to assign"), _("Every enterprise found here has somebody to visit it."), icon="task_alt")
        return []
    rows = [
        {
            "name": each.name,
            "area": each.area,
            "distance": each.distance,
            "last": _recently(each),
            "address": each.address,
        }
        for each in board.targets
    ]
    state: Any = st.dataframe(
        rows,
        key=f"targets_{_round()}",
        hide_index=True,
        height=table_height(len(rows), _ROWS_SHOWN),
        placeholder="",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "name": st.column_config.TextColumn(_("Enterprise"), width=200),
            "area": st.column_config.TextColumn(_("Area"), width=122),
            "distance": st.column_config.NumberColumn(_("km"), format="%.1f", width=46),
            "last": st.column_config.TextColumn(_("Visited lately"), width=104),
            "address": st.column_config.TextColumn(_("Address"), width=200),
        },
    )
    if board.total > len(board.targets):
        shown = _("The first {count} are shown; search or choose an area to see others.")
        st.caption(shown.format(count=len(board.targets)))
    return [board.targets[row] for row in state.selection.rows if row < len(board.targets)]


def _recently(target: Target) -> str:
    last = target.last_visit
    return f"⚠ {last.day:%m-%d} {last.visitor}" if last else ""


def _act(actor: Actor, board: Board, filters: Filters, chosen: list[Target], people: list[Member]) -> None:
    day = st.date_input(
        _("Visit on"),
        board.next_day,
        min_value=clock.today(),
        key="planned_on",
        format="YYYY-MM-DD",
    )
    if recent := [each for each in chosen if each.last_visit]:
        names = _(", ").join(plain(each.name) for each in recent[:5])
        warned = _("{count} of them were visited lately, which another visit would disturb: {names}")
        st.warning(warned.format(count=len(recent), names=names), icon=":material/history:")
    one = people[0] if len(people) == 1 else None
    sent = may_send([one], day, key=f"despite_leave_{one.account_id}_{day}") if one else False
    label = _("Assign {count} to {name}").format(count=len(chosen), name=one.name) if one else _("Assign")
    ready = bool(chosen and one and sent)
    if st.button(label, type="primary", width="stretch", key="assign", disabled=not ready) and one:
        wanted = [Placement(each.enterprise_id, one.account_id, day) for each in chosen]
        with told():
            outcome = assignment.assign(actor, board.campaign_id or 0, wanted, despite_leave=one.is_away(day))
            tell_outcome(outcome)
            next_round()
            st.rerun()
    if not chosen or not people:
        st.caption(_("Choose enterprises on the left and one member above; several members share by a suggestion."))
    ask_for_plan(actor, board, filters, chosen, people, day)


def _round() -> int:
    return int(st.session_state.setdefault("assign_round", 0))


def next_round() -> None:
    """Begin with nothing chosen: the lists have changed."""
    st.session_state["assign_round"] = _round() + 1
