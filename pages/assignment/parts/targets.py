"""Enterprises still unassigned: choosing some and giving them to a member, or asking for a plan."""

import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.assignment.parts.people import may_send, people_table
from pages.assignment.parts.plan import ask_for_plan
from pages.assignment.parts.told import PEOPLE, TARGETS, tell_cut, tell_outcome
from pages.common.choosing import chosen_of
from pages.common.ui import empty, plain, table_height, told
from services import assignment
from services.actor import Actor
from services.assignment import Board, Filters, Member, Placement, Target

_ROWS_SHOWN = 13
_PRESSED = "assign_pressed"


def unassigned(actor: Actor, board: Board, filters: Filters) -> None:
    """Show enterprises and members side by side and act on what is chosen of both."""
    left, right = st.columns([5, 4], gap="medium")
    with left:
        chosen = _targets(board)
    with right:
        st.markdown(f"**{_('Members')}**")
        people = people_table(board.members, key=PEOPLE)
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
    chosen = chosen_of(
        TARGETS,
        [each.enterprise_id for each in board.targets],
        rows,
        height=table_height(len(rows), _ROWS_SHOWN),
        placeholder="",
        column_config={
            "name": st.column_config.TextColumn(_("Enterprise"), width=200),
            "area": st.column_config.TextColumn(_("Area"), width=122),
            "distance": st.column_config.NumberColumn(_("km"), format="%.1f", width=46),
            "last": st.column_config.TextColumn(_("Visited lately"), width=104),
            "address": st.column_config.TextColumn(_("Address"), width=200),
        },
    )
    tell_cut(len(board.targets), board.total)
    return [each for each in board.targets if each.enterprise_id in chosen]


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
    wanted = [Placement(each.enterprise_id, one.account_id, day) for each in chosen] if one else []
    st.button(
        label, type="primary", width="stretch", key="assign", disabled=not ready, on_click=_press,
        args=(board.campaign_id, wanted, bool(one and one.is_away(day))),
    )  # fmt: skip
    _assign(actor)
    if not chosen or not people:
        st.caption(_("Choose enterprises on the left and one member above; several members share by a suggestion."))
    ask_for_plan(actor, board, filters, chosen, people, day)


def _press(*pressed: object) -> None:
    """Remember what was shown when the button was pressed, also which campaign: what is gone since is told."""
    st.session_state[_PRESSED] = pressed


def forget_press() -> None:
    """Forget a press that cannot be carried out any more, so that it is not made up for some time later."""
    st.session_state.pop(_PRESSED, None)


def _assign(actor: Actor) -> None:
    if _PRESSED not in st.session_state:
        return
    campaign_id, wanted, despite_leave = st.session_state.pop(_PRESSED)
    with told():
        tell_outcome(assignment.assign(actor, campaign_id, wanted, despite_leave=despite_leave))
        st.rerun()
