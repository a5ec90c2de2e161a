"""What presses now: what is overdue and with whom, how long needs have been open, what needs a decision."""

from typing import Any

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.issue import Card, IssueState
from pages.common import charts, figure_links, ui
from pages.common.links import go
from pages.issues.parts import lines
from pages.issues.parts.numbers import counted, with_whom
from pages.overview.parts import drawn, links
from services.actor import Actor
from services.charts import style
from services.issues.ledger_filters import QuickView
from services.issues.remaining import Remaining
from services.issues.todo_groups import Group
from services.progress_overview import Overview, Setting
from services.progress_overview.decisions import Decisions
from services.progress_overview.pressing import Age

_HOLDERS = 8
_LATE = [Remaining.OVERDUE.value]
_NOT_LATE = [each.value for each in Remaining if each is not Remaining.OVERDUE]
_STYLE = """
<style>
[class*="st-key-decide_"] :is(button, button > div, button > div > span) {
  justify-content: flex-start; text-align: left; width: 100%; }
</style>
"""
_ASKS: dict[Group, dict[str, Any]] = {
    Group.EXTENSION: {"state": IssueState.EXTENSION_REQUESTED.value},
    Group.SHELVING: {"state": IssueState.SHELVING_REQUESTED.value},
    Group.RED_CARD: {"card": Card.RED.value, "_view": QuickView.OPEN.value},
    Group.SUPERVISED: {"supervised": "yes", "_view": QuickView.OPEN.value},
}
"""Why issues need a decision → the filters of the ledger that list them."""


def overdue(actor: Actor, setting: Setting, shown: Overview) -> None:
    """Say how much is overdue now and with whom, and which promises are past their day."""
    st.subheader(_("Overdue now"), anchor=False)
    total = sum(each.count for each in shown.holders)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="overview_late"):
        text = _("{count} issues overdue").format(count=format_number(total))
        if st.button(f":red[:material/alarm: **{text}**]", key="late_all", type="tertiary", disabled=not total):
            go(links.LEDGER, **links.now(actor, setting, remaining="overdue"))
        for place, each in enumerate(shown.holders[:_HOLDERS]):
            name, query = with_whom(each)
            if st.button(f"{ui.plain(name)} **{format_number(each.count)}**", key=f"late_{place}", type="tertiary"):
                go(links.LEDGER, **links.now(actor, setting, remaining="overdue", **query))
        _promises(setting, shown.promises_overdue)


def _promises(setting: Setting, count: int) -> None:
    text = _("{count} promises overdue").format(count=counted(count))
    if st.button(f":material/handshake: {text}", key="promises_late", type="tertiary", disabled=not count):
        where = {} if setting.narrowed is None else {"area_id": list(setting.narrowed)}
        go(links.PROMISES, show="overdue", **where)


def ages(actor: Actor, setting: Setting, found: list[Age]) -> None:
    """Draw how long what is open has been open; what of it is overdue in red."""
    late, rest = _("Overdue"), _("Not overdue")
    ways: drawn.Ways = {}
    marks, rows = [], []
    for place, each in enumerate(found):
        days = _days(each)
        rows.append({"days": days, "count": each.count, "overdue": each.overdue})
        for series, count, left in ((late, each.overdue, _LATE), (rest, each.count - each.overdue, _NOT_LATE)):
            way = f"{place} {series}"
            ways[way] = (links.LEDGER, _aged(actor, setting, each, left))
            marks.append({"days": days, "place": place, "count": count, "series": series, "way": way})
    scale = {"domain": [late, rest], "range": [style.BAD, style.MAIN]}
    chart: charts.Spec = {
        "height": 190,
        "data": {"values": marks},
        "mark": "bar",
        "encoding": {
            "x": {"field": "count", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}},
            "y": {"field": "days", "type": "nominal", "title": None, "sort": {"field": "place"}},
            "color": {"field": "series", "type": "nominal", "title": None, "scale": scale},
            "tooltip": [
                {"field": "days", "type": "nominal", "title": _("Open for")},
                {"field": "series", "type": "nominal", "title": _("Time left")},
                {"field": "count", "type": "quantitative", "title": _("Issues")},
            ],
        },
    }
    columns = {"days": _("Open for"), "count": _("Issues"), "overdue": late}
    drawn.show(chart, key="ages", title=_("How long open issues have been open"), columns=columns, rows=rows, ways=ways)


def _aged(actor: Actor, setting: Setting, age: Age, left: list[str]) -> dict[str, Any]:
    raised = figure_links.days(age.since, age.until)
    return links.now(actor, setting, created_at=raised, _view=QuickView.OPEN.value, remaining=left)


def _days(age: Age) -> str:
    if age.oldest is None:
        return _("over {days} days").format(days=age.youngest - 1)
    return _("{first}–{last} days").format(first=age.youngest, last=age.oldest)


def decisions(actor: Actor, setting: Setting, found: Decisions) -> None:
    """Show the ten issues that need a decision now, and how many of each kind there are."""
    st.subheader(_("Needs a decision now"), anchor=False)
    if not found.lines:
        st.caption(_("Nothing waits for a decision."))
        return
    with st.container(horizontal=True, gap="small", key="overview_decisions"):
        for group, query in _ASKS.items():
            count = found.counts[group]
            label = f"{_(group.label)} **{counted(count)}**"
            if count and st.button(label, key=f"decide_{group}", type="tertiary"):
                go(links.LEDGER, **links.now(actor, setting, **query))
    st.html(_STYLE)
    for rule, line in found.lines:
        if st.button(lines.in_short(rule, line), key=f"decide_{line.issue.pk}", width="stretch", wrap=True):
            go("issues/issue.py", issue=line.issue.pk)
