"""Numbers of the ledger in words."""

import streamlit as st

from core.i18n import format_number, ngettext
from core.i18n import gettext as _
from models.issue import WITH_DEPARTMENT
from services.actor import Actor
from services.issues import todo
from services.issues.holders import Holder, Turn
from services.issues.todo import CAP


def counted(count: int) -> str:
    """Return a number that is capped as it is shown: 999+."""
    return f"{CAP - 1}+" if count >= CAP else format_number(count)


def with_whom(holder: Holder) -> tuple[str, dict[str, object]]:
    """Return who has overdue issues, in words, and the filters of the ledger that list them."""
    if holder.awaits is None:
        states = [each.value for each in WITH_DEPARTMENT]
        return holder.department, {"department_id": holder.department_id, "state": states}
    name = _(holder.awaits.label)
    if holder.turn is Turn.OTHERS:
        name = _("{step} (others)").format(step=name)
    query: dict[str, object] = {"awaits": holder.awaits.value}
    return name, query | ({"turn": holder.turn.value} if holder.turn else {})


def urged_today(actor: Actor) -> None:
    """Say how many the actor has urged today already: they are not listed again until tomorrow."""
    if count := todo.urged(actor):
        text = ngettext(
            "{count} issue you urged today is listed again tomorrow if it is still late.",
            "{count} issues you urged today are listed again tomorrow if they are still late.",
            count,
        )
        st.caption(f":material/history: {text.format(count=counted(count))}")
