"""The issues of a class: those that belong to it, and those offered because they are like it."""

import streamlit as st

from core.i18n import format_date, format_percent
from core.i18n import gettext as _
from core.text import excerpt
from models.issue_class import ClassState, Standing
from pages.common import ui
from pages.common.links import go
from pages.common.options import apart
from pages.common.plain_list import plain_list
from services import classes
from services.actor import Actor
from services.classes import Member, Members, Shown

_OPENED, _PRESSED = "opened_class_issue", "pressed_class_issues"
_EXCERPT = 60
_OFFERED = 20
_WIDTHS = {"enterprise": 180, "text": 300}
"""So that the last column is in sight beside the menu of a screen of 1440 pixels."""


def issues(actor: Actor, shown: Shown, *, may_edit: bool) -> None:
    """Show the issues that belong to a class; pressing one opens it."""
    if opened := st.session_state.pop(_OPENED, None):
        go("issues/issue.py", issue=opened)
    found = classes.of_class(actor, shown.row.pk, Standing.MEMBER)
    hidden(found)
    if not found.rows:
        return
    columns = {
        "number": _("Entry no."), "enterprise": _("Enterprise"), "text": _("What the enterprise said"),
        "state": _("State"), "registered": _("Registered on"), "placed": _("Put in by"),
    }  # fmt: skip
    plain_list(
        "class_issues", columns, [_row(each) for each in found.rows], on_open=_open, widths=_WIDTHS
    )  # fmt: skip
    if may_edit and shown.row.state is not ClassState.CLOSED:
        _leave_out(actor, shown, found)


def hidden(found: Members) -> None:
    """Say how many issues the person may not see, or are more than a page shows."""
    if left := found.total - len(found.rows):
        st.caption(_("{count} more are not listed: older ones, or of other areas and departments.").format(count=left))


def _row(each: Member) -> dict[str, object]:
    return {
        "id": each.id, "number": each.number, "enterprise": each.enterprise, "text": excerpt(each.text, _EXCERPT),
        "state": _(each.state.label), "registered": format_date(each.registered_at.date()),
        "placed": f"{each.placed_by} {format_date(each.placed_at.date())}".strip(),
    }  # fmt: skip


def _open(issue_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = issue_id


def _leave_out(actor: Actor, shown: Shown, found: Members) -> None:
    names = {each.id: f"{each.number} {each.enterprise}" for each in found.rows}
    with st.popover(_("Take issues out"), icon=":material/remove_circle_outline:", key="take_out"):
        chosen = st.multiselect(_("Which are another matter?"), list(names), format_func=apart(names), key="out")
        if st.button(_("Take out"), key="take_out_yes", type="primary", disabled=not chosen):
            with ui.told():
                classes.leave_out(actor, shown.row.pk, chosen)
                ui.flash(_("Taken out; they are not offered to this class again."))
                st.rerun()


def offered(actor: Actor, shown: Shown, found: Members, *, may_edit: bool) -> None:
    """Show issues that are like a class, each with the two answers."""
    _add_all(actor, shown)
    hidden(found)
    if not found.total:
        ui.empty(_("Nothing is offered"), _("New issues like these are looked for every night."), icon="done_all")
        return
    rows = found.rows[:_OFFERED]
    may_rule = may_edit and shown.row.state is not ClassState.CLOSED
    if may_rule and len(rows) > 1:
        ids = [each.id for each in rows]
        # A key of its own for each list: a press of the list before is none of the list drawn meanwhile.
        st.button(
            _("All {count} belong to it").format(count=len(rows)), key=f"add_all_{hash(tuple(ids))}",
            icon=":material/done_all:", on_click=_press, args=(shown.row.pk, ids),
        )  # fmt: skip
    for each in rows:
        with st.container(border=True, gap="xxsmall"):
            _offer(actor, shown, each, may_rule=may_rule)


def _press(class_id: int, issue_ids: list[int]) -> None:
    """Remember which issues were shown when the button was pressed: nobody has read what was offered since."""
    st.session_state[_PRESSED] = (class_id, issue_ids)


def _add_all(actor: Actor, shown: Shown) -> None:
    class_id, ids = st.session_state.pop(_PRESSED, (None, []))
    if class_id == shown.row.pk:
        _add(actor, shown, ids)


def _offer(actor: Actor, shown: Shown, each: Member, *, may_rule: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(each.number, key=f"offered_{each.id}", type="tertiary", icon=":material/assignment:"):
            go("issues/issue.py", issue=each.id)
        like = _("{share} alike").format(share=format_percent(each.share))
        st.markdown(f":gray-badge[{_(each.state.label)}] :orange-badge[{like}]", width="content")
    about = f"{ui.plain(each.enterprise)} · {format_date(each.registered_at.date())}"
    st.markdown(f"{ui.plain(each.text)}  \n:small[:gray[{about}]]")
    if not may_rule:
        return
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Belongs to it"), key=f"add_{each.id}", icon=":material/add:"):
            _add(actor, shown, [each.id])
        if st.button(_("Another matter"), key=f"leave_{each.id}", icon=":material/close:"):
            with ui.told():
                classes.leave_out(actor, shown.row.pk, [each.id])
                st.rerun()


def _add(actor: Actor, shown: Shown, ids: list[int]) -> None:
    with ui.told():
        classes.add(actor, shown.row.pk, ids)
        ui.flash(_("Put into the class."))
        st.rerun()
