from collections.abc import Callable
from functools import partial

import streamlit as st

from core.i18n import format_number, format_percent
from core.i18n import gettext as _
from models.reminder import BatchState
from pages.common import paging, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from pages.common.sheets import Rows
from pages.notices.parts import standing as parts
from pages.shell.session import current_actor
from services.actor import Actor
from services.notices import reading
from services.notices.reading import Found, Standing
from services.permissions import Action, allows

_PAGE_SIZE = 20
_OPENED, _PAGE = "opened_notice", "notice_page"


def page() -> None:
    """Show every notice batch: what is under way, how many were reached and have read it."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("notices/batch.py", batch=opened)
    may_send = allows(actor, Action.NOTICE_SEND)
    with ui.header(_("Notices"), _("One text to many enterprises or staff, sent in the background")):
        if may_send and st.button(_("New notice"), key="new", type="primary", icon=":material/add:"):
            go("notices/new.py")
    if not reading.find(actor, page_size=1).total:
        hint = _("Begin with “New notice”.") if may_send else _("A coordinator writes them.")
        ui.empty(_("There is no notice yet"), hint, icon="outgoing_mail")
        return
    _figures(actor)
    _under_way(actor)
    _all(actor)


def _figures(actor: Actor) -> None:
    sums = reading.sums(actor)
    counts = sums.counts
    ui.figures([
        ui.Figure(_("Batches"), format_number(sums.batches)),
        ui.Figure(_("Matters"), format_number(sums.matters)),
        ui.Figure(_("Notices sent"), format_number(counts.total)),
        ui.Figure(
            _("Reached"), format_percent(counts.reached / counts.total) if counts.total else "–",
            help=_("Part of all recipients in whose mailbox or inbox it lies"),
        ),
        ui.Figure(
            _("Read"), format_percent(counts.read / counts.reached) if counts.reached else "–",
            help=_("Part of those reached who have opened it"),
        ),
    ])  # fmt: skip


def _under_way(actor: Actor) -> None:
    found = reading.find(actor, states=reading.UNDER_WAY, page_size=6)
    if not found.rows:
        return
    st.subheader(_("Under way"), anchor=False)
    with st.grid(columns=2, min_column_width=320):
        for standing in found.rows:
            _card(standing)


def _card(standing: Standing) -> None:
    batch = standing.batch
    with st.container(border=True, height="stretch"):
        st.markdown(f"{parts.badges(standing)} &nbsp; :small[:gray[{batch.number}]]")
        st.markdown(f"**{ui.plain(parts.title(standing))}**")
        if batch.state is not BatchState.DRAFT:
            parts.progress_bar(standing)
        label = _("Go on writing") if batch.state is BatchState.DRAFT else _("View")
        if st.button(label, key=f"open_{batch.pk}", icon=":material/arrow_forward:", icon_position="right"):
            _go_to(standing)


def _go_to(standing: Standing) -> None:
    draft = standing.batch.state is BatchState.DRAFT
    go("notices/new.py" if draft else "notices/batch.py", batch=standing.batch.pk)


def _all(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"), key="notice_search", type="search", icon=":material/search:", width=340,
            placeholder=_("Number, title or matter"), label_visibility="collapsed",
        )  # fmt: skip
        states = st.pills(
            _("State"), list(BatchState), selection_mode="multi", key="notice_states", label_visibility="collapsed",
            format_func=lambda state: _(state.label),
        )  # fmt: skip
    asked = partial(reading.find, actor, search=search or "", states=states)
    found = asked(page=int(st.session_state.get(_PAGE) or 1), page_size=_PAGE_SIZE)
    if not found.rows:  # of a list that was longer before
        found = asked(page_size=_PAGE_SIZE)
    if not found.rows:
        ui.empty(_("Nothing fits"), _("Take back the search or a state."), icon="search_off")
        return
    _table(found, lambda: [_row(each) for each in asked(page_size=found.total).rows])


def _table(found: Found, every: Callable[[], Rows]) -> None:
    columns = {
        "number": _("Batch no."), "title": _("Title"), "matter": _("Matter"), "audience": _("Audience"),
        "state": _("State"), "total": _("Recipients"), "reached": _("Reached"), "read": _("Read"),
        "begun": _("Sent on"),
    }  # fmt: skip
    rows = [_row(each) for each in found.rows]
    plain_list(
        "notices", columns, rows, on_open=_open, widths={"title": 270, "matter": 150, "total": 70},
        export=_("Notices"), every=every,
    )  # fmt: skip
    paging.turn(_PAGE, found.total, _PAGE_SIZE)


def _row(standing: Standing) -> dict[str, object]:
    batch = standing.batch
    return {
        "id": batch.pk, "number": batch.number, "title": parts.title(standing), "matter": batch.matter,
        "audience": _(batch.audience.label), "state": _(batch.state.label),
        "total": standing.total or "", "reached": parts.reached_rate(standing), "read": parts.read_rate(standing),
        "begun": parts.begun(standing),
    }  # fmt: skip


def _open(batch_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = batch_id


page()
