"""The reminders of an issue: what is still to come, what was told to whom, what was stopped."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from models.reminder import ReminderState
from pages.common import ui
from services.actor import Actor
from services.inbox import of_subject
from services.inbox.of_subject import Occurrence, Told
from services.reminders import wording

_FIRST = 3
_ICONS = {
    ReminderState.READ: "drafts", ReminderState.ACTED_ON: "done_all", ReminderState.FAILED: "error",
    ReminderState.DELIVERED: "mail", ReminderState.SENT: "send",
}  # fmt: skip


def reminders(actor: Actor, issue_id: int) -> None:
    """Show them in short; nothing where there are none."""
    history = of_subject.of_issue(actor, issue_id)
    parts = [
        (_("Still to come"), history.next, "schedule"),
        (_("Told"), history.past, "inbox"),
        (_("Stopped by confirming receipt"), history.stopped, "notifications_off"),
    ]
    if not any(found for _title, found, _icon in parts):
        return
    everything = st.session_state.get("issue_reminders", 0) == issue_id
    with st.container(border=True, gap="small", key="issue_reminders_box"):
        st.markdown(f"**{_('Reminders')}**")
        for title, found, icon in parts:
            _part(title, found if everything else found[:_FIRST], icon)
        count = sum(len(found) for _title, found, _icon in parts)
        if not everything and any(len(found) > _FIRST for _title, found, _icon in parts):
            st.button(
                _("Show all {count}").format(count=count), key="reminders_all", type="tertiary", width="stretch",
                on_click=_show_all, args=(issue_id,),
            )  # fmt: skip


def _show_all(issue_id: int) -> None:
    st.session_state["issue_reminders"] = issue_id


def _part(title: str, found: list[Occurrence], icon: str) -> None:
    if found:
        lines = "\n".join(f"- {_occurrence(each)}" for each in found)
        st.markdown(f":small[:gray[:material/{icon}: {title}]]\n{lines}")


def _occurrence(each: Occurrence) -> str:
    urgent = f":red-badge[{_('Urgent')}] " if each.urgent else ""
    people = wording.to_whom(map(_person, each.people), each.effect)
    first = f"{urgent}{ui.plain(each.rule)} :small[:gray[{format_moment(each.at)}]]"
    return f"{first}  \n  :small[{people}]" if people else first


def _person(told: Told) -> str:
    relation = _(told.relation.label) if told.relation else ""
    icon = _ICONS.get(told.state)
    mark = f" :material/{icon}: {_(told.state.label)}" if icon else ""
    return f"{ui.plain(told.name or relation)}{mark}"
