"""Below the form of a rule: what it would send in the days to come."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.i18n import format_moment, ngettext
from core.i18n import gettext as _
from pages.common import ui
from services.actor import Actor
from services.reminders import ahead
from services.reminders.occasions import SUDDEN


def show(actor: Actor, entered: Mapping[str, Any]) -> None:
    """Show how many reminders the entered rule would send within a week, and the first of them."""
    if entered.get("occasion") in SUDDEN:
        st.caption(_("This happens unforeseen: the rule reminds whenever it does."))
        return
    found = ahead.ahead(actor, entered)
    with st.container(border=True, gap="small", key="rule_ahead"):
        if found is None:
            st.caption(_("Choose when and whom: what the rule would send is then shown here."))
            return
        _told(found)


def _told(found: ahead.Ahead) -> None:
    days = ahead.DAYS
    if not found.total:
        st.markdown(_("No reminder would go out in the next {days} days.").format(days=days))
        return
    told = ngettext(
        "**{count}** reminder would go out in the next {days} days",
        "**{count}** reminders would go out in the next {days} days", found.total,
    )  # fmt: skip
    st.markdown(told.format(count=found.total, days=days))
    st.markdown("\n".join(_line(each) for each in found.first))
    if found.total > len(found.first):
        st.caption(_("The first {count} of them are listed.").format(count=len(found.first)))


def _line(each: ahead.Line) -> str:
    relation = _(each.relation.label) if each.relation else ""
    whom = _("{name} ({relation})").format(name=each.recipient, relation=relation) if each.recipient else relation
    return f"- :small[{ui.plain(format_moment(each.due_at))} · {ui.plain(each.about)} → {ui.plain(whom)}]"
