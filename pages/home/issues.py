"""What of the issue ledger waits for somebody: what is late first, then each group, then the most pressing issues."""

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.account import Role
from pages.common import ui
from pages.common.links import go
from pages.home.tiles import Tile, tiles
from pages.issues.parts.lines import style, todo_line
from pages.issues.parts.numbers import counted, with_whom
from services.actor import Actor
from services.issues import todo
from services.issues.holders import Holder, overdue_by_holder
from services.issues.todo import Section
from services.issues.todo_groups import Group
from services.permissions import Action, allows

_HOLDERS = 6


def issues(actor: Actor, *, first: int = 3) -> None:
    """Show the to-do of issues in short.

    Args:
        actor: who looks.
        first: how many of the most pressing issues are shown with their button.
    """
    if not allows(actor, Action.ISSUE_VIEW):
        return
    sections = todo.todo(actor, most=first)
    _head(sections)
    if actor.role in {Role.COORDINATOR, Role.TEAM_LEAD}:
        _late(overdue_by_holder(actor))
    tiles([_tile(each) for each in sections], key="issues")
    _pressing(actor, sections, first)


def _head(sections: list[Section]) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Issues"), anchor=False, width="content")
        if sections and st.button(_("My to-do"), key="todo", icon=":material/checklist:", type="tertiary"):
            go("issues/todo.py")
    if not sections:
        st.caption(_("No issue waits for you."))


def _late(holders: list[Holder]) -> None:
    """Say how many issues are overdue and with whom; each number leads into the ledger."""
    if not holders:
        return
    total = sum(each.count for each in holders)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="late"):
        st.markdown(
            f":red[:material/alarm: **{_('{count} overdue').format(count=format_number(total))}**]", width="content"
        )
        for place, each in enumerate(holders[:_HOLDERS]):
            name, query = with_whom(each)
            if st.button(f"{ui.plain(name)} **{each.count}**", key=f"late_{place}", type="tertiary"):
                go("issues/ledger.py", remaining="overdue", **query)
        if st.button(_("All"), key="late_all", icon=":material/arrow_forward:", type="tertiary"):
            go("issues/ledger.py", remaining="overdue")


def _tile(section: Section) -> Tile:
    group = section.rule.group
    told = section.overdue and group not in {Group.OVERDUE, Group.LATE}
    late = _("{count} overdue").format(count=counted(section.overdue)) if told else ""
    return Tile(_(group.label), counted(section.count), "issues/todo.py", {"group": group.value}, late)


def _pressing(actor: Actor, sections: list[Section], first: int) -> None:
    """Show the issues that press most among those the person does something about, urging included."""
    style()
    for rule, line in todo.pressing(actor, [each for each in sections if each.rule.step], first):
        todo_line(actor, rule, line)
