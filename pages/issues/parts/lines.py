"""An issue as a line of the to-do: whose need, by when, why it is mine, and the one thing to do."""

import streamlit as st

from core.i18n import gettext as _
from core.text import excerpt
from pages.common import ui
from pages.common.links import go
from pages.issues.parts.badges import signals
from pages.issues.parts.left import badge
from pages.issues.parts.steps import ISSUE_PAGE, PRESSES, step_button
from services.actor import Actor
from services.issues.guards import MOST_RETURNS
from services.issues.todo import Line
from services.issues.todo_groups import Group, Rule

_SHORT, _WORDS = 60, 120
_STYLE = """
<style>
[class*="st-key-line_"] > div:first-child { flex: 1 1 0; min-width: 0; }
[class*="st-key-line_"] { flex-wrap: nowrap; }
@media (max-width: 640px) { [class*="st-key-line_"] { flex-direction: column; align-items: stretch; } }
</style>
"""


def style() -> None:
    """Let lines have their buttons on the right, and below on a phone; once for a page."""
    st.html(_STYLE)


def todo_line(actor: Actor, rule: Rule, line: Line) -> None:
    """Show an issue with its one button; the rest of its page is one press further."""
    key = f"{rule.group}_{line.issue.pk}"
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"line_{key}"):
        st.markdown("  \n".join(_told(rule, line)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            opened = rule.step in PRESSES and st.button(
                _("Open it"), key=f"open_{key}", icon=":material/arrow_forward:", type="tertiary"
            )
            step_button(actor, line, rule.step, key=f"do_{key}")
            if opened:
                go(ISSUE_PAGE, issue=line.issue.pk)


def in_short(rule: Rule, line: Line) -> str:
    """Return an issue as a line that is pressed whole, in Markdown."""
    first, said, about, *_words = _told(rule, line)
    return f"{first}  \n:small[{said}]  \n{about}"


def marks(line: Line) -> str:
    """Return what is special about an issue as badges, in Markdown."""
    issue = line.issue
    found = signals(issue)
    if issue.round > 1:
        found.append(f":orange-badge[{_('Redo, round {round}').format(round=issue.round)}]")
    if issue.ruled:
        found.append(f":gray-badge[{_('Ruled by the coordinator')}]")
    return " ".join(found)


def short(text: str, most: int = _SHORT) -> str:
    """Return a text as one line of limited length, safe in Markdown."""
    line = " ".join(text.split())
    return ui.plain(excerpt(line, most))


def _told(rule: Rule, line: Line) -> list[str]:
    issue = line.issue
    first = " ".join(part for part in (f"**{ui.plain(line.enterprise)}**", _time(rule, line), marks(line)) if part)
    about = [issue.number, _(issue.kind.label), line.department, _why(rule, line)]
    shown = [first, short(issue.text), f":small[:gray[{' · '.join(ui.plain(part) for part in about if part)}]]"]
    if line.said:
        shown.append(f":small[:material/format_quote: {short(line.said, _WORDS)}]")
    return shown


def _time(rule: Rule, line: Line) -> str:
    return badge(line, _(rule.due_of) if rule.due_of else "")


def _why(rule: Rule, line: Line) -> str:
    if rule.group is Group.REDISPATCH and line.issue.returns >= MOST_RETURNS:
        return _("Returned {count} times: rule who handles it").format(count=line.issue.returns)
    if rule.group is Group.EXTENSION:
        return _("Asks for {count} working days more").format(count=line.issue.extension_days)
    return _(rule.why)
