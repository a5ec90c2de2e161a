import streamlit as st

from core.i18n import gettext as _
from pages.common import address, ui
from pages.common.links import go
from pages.common.options import apart
from pages.issues.parts.lines import style, todo_line
from pages.issues.parts.numbers import counted, urged_today
from pages.shell.session import current_actor
from services.actor import Actor
from services.issues import todo
from services.issues.ledger import SIZES
from services.issues.ledger_filters import QuickView
from services.issues.todo import CAP, Section
from services.issues.todo_groups import Group

_GROUP, _FIRST = "group", "first"
_FEW, _MANY = 12, 20
_MOST = "most"


def page() -> None:
    """Show what waits for the person: the most pressing of all, or one group of it."""
    actor = current_actor()
    asked = address.read(_GROUP)
    only = Group(asked) if asked in list(Group) else None  # type: ignore[call-arg]  # looking a member up takes no label
    sections = todo.todo(actor, most=_most() if only else _FEW, only=only)
    mine = [each for each in sections if not each.rule.watched]
    ui.header(_("My to-do"), _caption(mine))
    if not sections:
        ui.empty(_("Nothing waits for you"), _("New work appears here by itself."), icon="task_alt")
        return
    style()
    chosen = _choose(sections, only)
    alone = next((each for each in sections if each.rule.group == chosen), None)
    if alone:
        _show(actor, alone)
        return
    for rule, line in todo.pressing(actor, sections, _FEW):
        todo_line(actor, rule, line)


def _caption(mine: list[Section]) -> str:
    count, late = sum(each.count for each in mine), sum(each.overdue for each in mine)
    text = _("{count} to do, {late} of them overdue") if late else _("{count} to do")
    return text.format(count=counted(count), late=counted(late))


def _most() -> int:
    asked = address.read(_MOST)
    return min(int(asked), CAP) if asked.isdecimal() and len(asked) < 5 else _MANY


def _choose(sections: list[Section], only: Group | None) -> str:
    names = {each.rule.group.value: f"{_(each.rule.group.label)} {counted(each.count)}" for each in sections}
    options = {_FIRST: _("Most pressing"), **names}
    key = "todo_group"
    st.session_state[key] = only.value if only and only.value in options else _FIRST
    chosen = st.pills(
        _("Group"), list(options), format_func=apart(options), key=key, label_visibility="collapsed",
        required=True, on_change=_chosen, args=(key,),
    )  # fmt: skip
    return str(chosen)


def _chosen(key: str) -> None:
    _turn_to(st.session_state[key])


def _turn_to(group: str, most: int = 0) -> None:
    address.write({_GROUP: "" if group == _FIRST else group, _MOST: str(most) if most else ""})


def _show(actor: Actor, section: Section) -> None:
    rule = section.rule
    if rule.group is Group.OVERDUE and st.button(
        _("Urge several in the ledger"), key="ledger_overdue", icon=":material/list_alt:", type="tertiary"
    ):
        go("issues/ledger.py", _view=QuickView.TO_URGE.value, _size=SIZES[-1])
    if rule.group is Group.OVERDUE:
        urged_today(actor)
    for line in section.lines:
        todo_line(actor, rule, line)
    rest = section.count - len(section.lines)
    if rest > 0:
        st.button(
            _("{count} more").format(count=counted(rest)), key="more", icon=":material/expand_more:",
            on_click=_turn_to, args=(rule.group.value, len(section.lines) + _MANY),
        )  # fmt: skip


page()
