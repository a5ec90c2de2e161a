"""Open visits: moving them to another member or day, taking them back, and undoing that."""

from datetime import date

import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.assignment.parts.people import labels, may_send
from pages.assignment.parts.told import tell_cut
from pages.common import address
from pages.common.choosing import choose_none, chosen_of
from pages.common.options import apart
from pages.common.ui import confirm, empty, flash, table_height, told
from services import assignment
from services.actor import Actor
from services.assignment import Among, Board, Filters, OpenVisit, OpenVisits

STANDING = "standing"
_UNDO, _VISITS = "assign_undo", "open_visits"
_ROWS_SHOWN = 13


def assigned(actor: Actor, board: Board, filters: Filters) -> None:
    """Show the open visits of the campaign and act on the chosen ones."""
    _undo(actor)
    found = assignment.open_visits(actor, board.campaign_id or 0, filters, _asked())
    if not found.visits:
        narrowed = _("Change the search or the filters.")
        empty(
            _("No open visits"), _("Assign enterprises first.") if filters == Filters() else narrowed, icon="assignment"
        )
        return
    _switch(found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _table(found.visits)
        tell_cut(len(found.visits), found.total)
    with right:
        _move(actor, board, chosen)
        _take_back(actor, chosen)


def _asked() -> Among:
    """Return which visits the address asks for."""
    given = address.read(STANDING)
    return Among.of(given) if given in list(Among) else Among.ALL


def _switch(found: OpenVisits) -> None:
    """Let the person see what is overdue, returned or of people who left alone; the choice stands in the address."""
    names = {each.value: f"{_(each.label)} {count}" for each, count in found.counts.items() if count}
    address.switch(STANDING, names, _("Standing"), alone=False)


def _table(visits: list[OpenVisit]) -> list[OpenVisit]:
    rows = [
        {
            "enterprise": each.enterprise,
            "assignee": each.assignee,
            "planned_on": each.planned_on,
            "state": _(each.standing.label),
            "area": each.area,
        }
        for each in visits
    ]
    chosen = chosen_of(
        _VISITS,
        [each.visit_id for each in visits],
        rows,
        height=table_height(len(rows), _ROWS_SHOWN),
        column_config={
            "enterprise": st.column_config.TextColumn(_("Enterprise"), width=200),
            "assignee": st.column_config.TextColumn(_("Member"), width=64),
            "planned_on": st.column_config.DateColumn(_("Planned for"), format="YYYY-MM-DD", width=92),
            "state": st.column_config.TextColumn(_("State"), width=80),
            "area": st.column_config.TextColumn(_("Area"), width=140),
        },
    )
    return [each for each in visits if each.visit_id in chosen]


def _move(actor: Actor, board: Board, chosen: list[OpenVisit]) -> None:
    names = labels(board.members)
    people = {each.account_id: each for each in board.members}
    account_id = st.selectbox(
        _("Move to"), list(names), index=None, format_func=apart(names), placeholder=_("Choose a member")
    )
    given = st.date_input(
        _("New day"), None, min_value=clock.today(), format="YYYY-MM-DD", help=_("Empty keeps each visit's day")
    )
    day = given if isinstance(given, date) else None
    person = people.get(account_id) if account_id else None
    days = {day or each.planned_on for each in chosen}
    away = next((each for each in sorted(days) if person and person.is_away(each)), None)
    sent = may_send([person], away, key=f"move_{account_id}_{away}") if person and away else True
    label = _("Move {count} visits").format(count=len(chosen))
    ready = bool(chosen and person and sent)
    if st.button(label, type="primary", width="stretch", key="move", disabled=not ready) and person:
        with told():
            ids = [each.visit_id for each in chosen]
            assignment.move(actor, ids, assignee_id=person.account_id, planned_on=day, despite_leave=away is not None)
            _done(_("{count} moved to {name}.").format(count=len(chosen), name=person.name))
    if not chosen:
        st.caption(_("Choose visits on the left to move them or take them back."))


def _take_back(actor: Actor, chosen: list[OpenVisit]) -> None:
    label = _("Take {count} back").format(count=len(chosen))
    question = _("They leave the members' lists and can be assigned anew. You can undo this right after.")
    if confirm(label, question, key="take_back", icon=":material/undo:", width="stretch", disabled=not chosen):
        with told():
            ids = [each.visit_id for each in chosen]
            assignment.take_back(actor, ids)
            st.session_state[_UNDO] = ids
            _done(_("{count} taken back.").format(count=len(ids)))


def _undo(actor: Actor) -> None:
    ids = st.session_state.get(_UNDO)
    if not ids:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_("{count} taken back.").format(count=len(ids)))
        if st.button(_("Undo"), key="undo", icon=":material/replay:"):
            del st.session_state[_UNDO]
            with told():
                assignment.restore(actor, ids)
                _done(_("Taken back no more: the visits are assigned as before."))


def _done(message: str) -> None:
    flash(message)
    choose_none(_VISITS)
    st.rerun()
