"""What to do next: a row of cards, each with its number and one button that leads there."""

from dataclasses import dataclass

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common.links import go
from services.overview import Waiting


@dataclass(frozen=True)
class Task:
    """One thing that waits.

    Args:
        name: what it is, translated.
        count: how many there are.
        button: what to do about it, translated.
        page: the page it is done on.
        urgent: whether it should not wait.
    """

    name: str
    count: int
    button: str
    page: str
    urgent: bool = False


def tasks(waiting: Waiting) -> list[Task]:
    """Return what the role can do something about, what is urgent first."""
    every = [
        (waiting.overdue, _("Visits overdue"), *_visits_page(waiting), True),
        (waiting.overdue_promises, _("Promises overdue"), _("Look at them"), "visits/promises.py", True),
        (waiting.unassigned, _("Enterprises not assigned"), _("Assign"), "assignment/assign.py", False),
        (waiting.recorded_lately, _("Records since yesterday"), _("Check them"), "visits/review.py", False),
        (waiting.imports, _("Imports waiting"), _("Look at them"), "imports/history.py", False),
    ]
    return [Task(name, count, button, page, urgent) for count, name, button, page, urgent in every if count is not None]


def show(found: list[Task]) -> None:
    """Show the tasks side by side, on a phone two in a row; those with nothing to do are quiet."""
    with st.grid(columns=max(len(found), 1), min_column_width=150):
        for task in found:
            with st.container(border=True, height="stretch", gap="xsmall"):
                colour = "red" if task.urgent and task.count else "gray"
                st.markdown(f":small[:{colour}[{task.name}]]")
                st.markdown(f"## {format_number(task.count)}")
                if st.button(task.button, key=f"{task.page}_{task.name}", disabled=not task.count, width="stretch"):
                    go(task.page)


def _visits_page(waiting: Waiting) -> tuple[str, str]:
    """Return what to do about overdue visits: whoever assigns moves them, others look at the list."""
    if waiting.unassigned is not None:
        return _("Move them"), "assignment/assign.py"
    return _("Look at them"), "visits/list.py"
