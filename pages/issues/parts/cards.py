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
    """Show an issue: pressing its number opens it, the button below does what the actor does next."""
    issue = line.issue
    with st.container(border=True, gap="xsmall", key=f"card_{issue.pk}"):
        if st.button(
            f"**{issue.number}**", key=f"open_{issue.pk}", type="tertiary", icon=":material/description:",
            help=_("Open it"),
        ):  # fmt: skip
            go(ISSUE_PAGE, issue=issue.pk)
        parts = [f"**{ui.plain(line.enterprise)}**", short(issue.text, _SHORT)]
        parts += [each for each in (f"{_time(line)} {marks(line)}".strip(),) if each]
        st.markdown("  \n".join(f":small[{part}]" if place else part for place, part in enumerate(parts)))
        if step:
            step_button(actor, line, step, key=f"step_{issue.pk}", primary=False)


def _time(line: Line) -> str:
    issue = line.issue
    if issue.state in ENDED_STATES and issue.closed_at:
        return f":gray-badge[{_('Closed on {day}').format(day=format_date(issue.closed_at.date()))}]"
    if issue.review_on and line.left.value == "paused":
        return f":gray-badge[{_('Review on {day}').format(day=format_date(issue.review_on))}]"
    return badge(line)
