"""An issue as a card of the board."""

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from models.issue import ENDED_STATES
from models.lifecycle import Verb
from pages.common import ui
from pages.common.links import go
from pages.issues.parts.left import badge
from pages.issues.parts.lines import marks, short
from pages.issues.parts.steps import ISSUE_PAGE, step_button
from services.actor import Actor
from services.issues.todo import Line

_SHORT = 36


def card(actor: Actor, line: Line, step: Verb | None) -> None:
    """Show an issue: pressing it opens it, the button below does what the actor does next."""
    issue = line.issue
    with st.container(border=True, gap="xsmall", key=f"card_{issue.pk}"):
        if st.button("  \n".join(_told(line)), key=f"open_{issue.pk}", type="tertiary", width="stretch"):
            go(ISSUE_PAGE, issue=issue.pk)
        if step:
            step_button(actor, line, step, key=f"step_{issue.pk}", primary=False)


def _told(line: Line) -> list[str]:
    issue = line.issue
    below = f"{_time(line)} {marks(line)}".strip()
    about = [issue.number, short(issue.text, _SHORT), *([below] if below else [])]
    return [f"**{ui.plain(line.enterprise)}**", *(f":small[{part}]" for part in about)]


def _time(line: Line) -> str:
    issue = line.issue
    if issue.state in ENDED_STATES and issue.closed_at:
        return f":gray-badge[{_('Closed on {day}').format(day=format_date(issue.closed_at.date()))}]"
    if issue.review_on and line.left.value == "paused":
        return f":gray-badge[{_('Review on {day}').format(day=format_date(issue.review_on))}]"
    return badge(line)
