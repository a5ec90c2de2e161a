"""Joint handling: tasks of assisting departments; and issues that belong together."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from models.issue_log import TaskState
from pages.common import ui
from pages.common.links import page_path
from services.issues.reading import LinkLine, Shown, TaskLine

_COLOURS = {TaskState.OPEN: "blue", TaskState.DONE: "green", TaskState.RETURNED: "orange", TaskState.CANCELLED: "gray"}


def tasks(shown: Shown) -> None:
    """Show what assisting departments contribute."""
    if not shown.tasks:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Joint handling')}**")
        for each in shown.tasks:
            st.markdown(_task(each))


def links(shown: Shown) -> None:
    """Show the issues that belong to this one."""
    if not shown.links:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{_('Linked issues')}**")
        for each in shown.links:
            _link(each)


def _task(each: TaskLine) -> str:
    task = each.task
    must = "" if task.mandatory else f" :gray-badge[{_('optional')}]"
    head = f":{_COLOURS[task.state]}-badge[{_(task.state.label)}] **{ui.plain(each.department)}**{must}"
    lines = [head, ui.plain(task.text)]
    if task.state is TaskState.OPEN and task.due_at:
        lines.append(f":small[:gray[{_('until {moment}').format(moment=format_moment(task.due_at))}]]")
    if task.answer:
        lines.append(f":small[:material/reply: {ui.plain(task.answer)} :gray[{format_moment(task.finished_at)}]]")
    return "  \n".join(lines)


def _link(each: LinkLine) -> None:
    about = f"{each.number} · {_(each.state)} · {_(each.kind.label)}"
    if not each.visible:
        st.markdown(ui.plain(about))
        return
    st.page_link(
        page_path("issues/issue.py"), label=ui.plain(f"{about} · {each.text[:40]}"), icon=":material/link:",
        query_params={"issue": str(each.id)},
    )  # fmt: skip
