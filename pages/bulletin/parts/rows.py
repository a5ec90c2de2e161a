"""The frozen rows of a figure in a dialog: as they stood, with the way to each as it is now."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.i18n import format_date, format_moment, format_number
from core.i18n import gettext as _
from models.bulletin import BulletinItem, ItemKind
from models.campaign import VisitMode
from models.issue import IssueKind, IssueState
from models.visit import Outcome
from pages.bulletin.parts.opening import close_rows, opened_rows
from pages.common import paging, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from services.actor import Actor
from services.bulletin import naming, reading
from services.bulletin.printed import UnitKind
from services.bulletin.reading import FrozenIssue, FrozenItem, Opened, Shown

_PAGE_SIZE = 20
_LEAVE = "bulletin_leave"
_PAGES = {
    "issue": ("issues/issue.py", "issue"),
    ItemKind.VISIT: ("visits/record_view.py", "visit"),
    ItemKind.PROMISE: ("enterprises/profile.py", "enterprise"),
    ItemKind.COMMITMENT: ("enterprises/profile.py", "enterprise"),
}


def leave() -> None:
    """Go to the row somebody has pressed: a callback runs before the page and cannot leave it."""
    if target := st.session_state.pop(_LEAVE, None):
        file, name, value = target
        go(file, **{name: value})


def dialog(actor: Actor, shown: Shown) -> None:
    """Show the rows the address asks for, if it asks for any."""
    opened = opened_rows()
    if opened is None:
        return
    with ui.told():
        figure = reading.figure_of(shown.printed, opened.figure)
        title = f"{naming.month_name(shown.bulletin.month)} · {_(figure.label)}"

        @st.dialog(ui.plain(title), width="large", on_dismiss=close_rows)
        def content() -> None:
            _content(actor, shown, opened)

        content()


def _content(actor: Actor, shown: Shown, opened: Opened) -> None:
    page = int(st.session_state.get("rows_page") or 1)
    with ui.told():
        found = reading.rows(actor, shown.bulletin.pk, opened, page=page, page_size=_PAGE_SIZE)
        of = _narrowed(shown, opened)
        st.caption(
            ui.plain(
                _("{count} rows as they stood at {moment}").format(
                    count=format_number(found.total), moment=format_moment(shown.bulletin.until)
                )
                + (f" · {of}" if of else "")
            )
        )
        if found.issues:
            _issues(found.issues)
        if found.items:
            _items(found.items)
        ids = [each.open_id for each in found.issues] + [each.open_id for each in found.items]
        if None in ids:
            st.caption(_("Rows that are not yours to see are counted and shown without enterprise and text."))
        paging.turn("rows_page", found.total, _PAGE_SIZE)


def _issues(found: Sequence[FrozenIssue]) -> None:
    columns = {
        "number": _("Entry no."), "enterprise": _("Enterprise"), "text": _("What the enterprise said"),
        "place": _("Area"), "department": _("Lead department"), "state": _("State then"), "now": _("State now"),
        "registered": _("Registered on"), "due": _("Deadline"), "resolved": _("Resolved at"), "closed": _("Closed at"),
    }  # fmt: skip
    by_id = {each.row.id: each for each in found}

    def leave_for(row_id: int) -> None:
        if by_id[row_id].open_id:
            _leave_for("issue", by_id[row_id].open_id)

    rows = [_issue(each) for each in found]
    plain_list("frozen_issues", columns, rows, on_open=leave_for, widths={"enterprise": 180, "text": 260})


def _issue(each: FrozenIssue) -> dict[str, Any]:
    row = each.row
    return {
        "id": row.id, "number": row.number, "enterprise": row.enterprise or "—", "text": row.text or "—",
        "place": " ".join(part for part in (row.street, row.village) if part), "department": row.department,
        "state": _(row.state.label), "now": _now(each.state_now),
        "registered": format_date(row.registered_at.date()), "due": format_moment(row.due_at),
        "resolved": format_moment(row.resolved_at), "closed": format_moment(row.closed_at),
    }  # fmt: skip


def _now(state: IssueState | None) -> str:
    return _(state.label) if state else "—"


def _items(found: Sequence[FrozenItem]) -> None:
    kind = found[0].row.kind
    visits = kind is ItemKind.VISIT
    columns = {
        "enterprise": _("Enterprise"), "place": _("Area"), "team": _("Team"), "person": _("Person"),
        "text": _("Outcome") if visits else _("Text"), "mode": _("Mode"),
        "due": _("Planned for") if visits else _("Due on"), "done": _("Recorded at") if visits else _("Done at"),
    }  # fmt: skip
    if not visits:
        del columns["mode"]
    by_id = {each.row.id: each for each in found}

    def leave_for(row_id: int) -> None:
        each = by_id[row_id]
        if each.open_id:
            _leave_for(kind, each.open_id if visits else each.row.enterprise_id)

    plain_list("frozen_items", columns, [_item(each.row) for each in found], on_open=leave_for, widths={"text": 240})


def _item(row: BulletinItem) -> dict[str, Any]:
    visit = row.kind is ItemKind.VISIT
    return {
        "id": row.id, "enterprise": row.enterprise or "—",
        "place": " ".join(part for part in (row.street, row.village) if part), "team": row.team,
        "person": row.person or "—", "text": (_outcome(row.text) if visit else row.text) or "—",
        "mode": _(VisitMode.of(row.mode).label) if row.mode else "", "due": format_date(row.due_on),
        "done": format_moment(row.done_at),
    }  # fmt: skip


def _outcome(value: str) -> str:
    return _(Outcome.of(value).label) if value else ""


def _leave_for(kind: str, row_id: int | None) -> None:
    file, name = _PAGES[kind]
    st.session_state[_LEAVE] = (file, name, row_id)


def _narrowed(shown: Shown, opened: Opened) -> str:
    """Return to what a figure is narrowed, in words."""
    units = shown.printed.units
    found = [
        unit.name
        for kind, wanted in ((UnitKind.DEPARTMENT, opened.department_id), (UnitKind.TEAM, opened.team_id))
        for unit in units.get(kind, ())
        if unit.id == wanted
    ]
    found += [_(IssueKind.of(opened.kind).label)] if opened.kind else []
    found += [_(IssueState.of(opened.state).label)] if opened.state else []
    found += [part.name for part in shown.printed.categories if opened.category and part.key == opened.category]
    return " · ".join(found)
