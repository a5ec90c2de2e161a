"""What became of the needs of a period: rates with their counts, cards, states; and of those of last month."""

from functools import partial
from typing import Any

import streamlit as st

from core.i18n import format_number, format_percent
from core.i18n import gettext as _
from models.issue import ENDED_STATES, Card, IssueState
from pages.common import charts
from pages.common.links import go
from pages.overview.parts import drawn, links
from services.actor import Actor
from services.charts import style
from services.issues.ledger_filters import QuickView
from services.progress_overview import Overview, Setting
from services.tallies.measures import PAIRS, Measure, Rate
from services.tallies.reading import Counts

_ROOM = 1.2  # how much wider than the longest bar a chart is, so that its number has room on a phone


def rates(actor: Actor, setting: Setting, counts: Counts) -> None:
    """Show the rates, each with the two counts it is made of, and the cards."""
    st.subheader(_("Needs raised: {period}").format(period=setting.called(setting.period)), anchor=False)
    with st.grid(columns=5, min_column_width=150, key="overview_rates"):
        for rate in Rate:
            _rate(actor, setting, counts, rate)
        _cards(actor, setting, counts)


def _rate(actor: Actor, setting: Setting, counts: Counts, rate: Rate) -> None:
    share = counts.rate(rate)
    part, whole = PAIRS[rate]
    shown = "–" if share.value is None else format_percent(share.value, 1)
    with st.container(border=True, gap=None):
        st.markdown(f":small[{_(rate.label)}]  \n## {shown}")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _figure(share.count, f"rate_{rate}_part", links.raised(actor, setting, part))
            st.markdown("/", width="content")
            _figure(share.of, f"rate_{rate}_whole", links.raised(actor, setting, whole))


def _cards(actor: Actor, setting: Setting, counts: Counts) -> None:
    with st.container(border=True, gap=None):
        st.markdown(f":small[{_('Cards of departments')}]")
        for measure, card, colour in ((Measure.YELLOW, Card.YELLOW, "orange"), (Measure.RED, Card.RED, "red")):
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.markdown(f":{colour}[:material/style:] {_(card.label)}", width="content")
                _figure(counts[measure], f"card_{measure}", links.raised(actor, setting, measure))


def _figure(count: int, key: str, query: dict[str, Any]) -> None:
    if st.button(f"**{format_number(count)}**", key=key, type="tertiary", disabled=not count):
        go(links.LEDGER, **query)


def states(actor: Actor, setting: Setting, counts: Counts) -> None:
    """Draw how many stand in each state, in the order of the life cycle."""
    found = [(place, each, counts.states[each]) for place, each in enumerate(IssueState) if counts.states.get(each)]
    ways: drawn.Ways = {
        state.value: (links.LEDGER, links.raised(actor, setting, state=state.value)) for _place, state, _count in found
    }
    rows = [
        {"state": _(state.label), "place": place, "count": count, "way": state.value,
         "ended": state in ENDED_STATES}
        for place, state, count in found
    ]  # fmt: skip
    most = max((count for _place, _state, count in found), default=0)
    room = {"domainMax": most * _ROOM, "nice": False}
    place: dict[str, Any] = {
        "x": {"field": "count", "type": "quantitative", "title": None, "axis": None, "scale": room},
        "y": {"field": "state", "type": "nominal", "title": None, "sort": {"field": "place"}},
    }
    colour = {"condition": {"test": "datum.ended", "value": style.MUTED}, "value": style.MAIN}
    tips = [
        {"field": "state", "type": "nominal", "title": _("State")},
        {"field": "count", "type": "quantitative", "title": _("Issues")},
    ]
    text = {"field": "count", "type": "quantitative", "format": ","}
    chart: charts.Spec = {
        "height": max(24 * len(rows), 48),
        "data": {"values": rows},
        "layer": [
            {"mark": "bar", "encoding": {**place, "color": colour, "tooltip": tips}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {**place, "text": text}},
        ],
    }
    columns = {"state": _("State"), "count": _("Issues")}
    drawn.show(chart, key="states", title=_("Issues by state"), columns=columns, rows=rows, ways=ways)


def last_month(actor: Actor, setting: Setting, shown: Overview) -> None:
    """Say what came of the needs raised last month."""
    st.subheader(_("What became of last month’s needs"), anchor=False)
    counts, month = shown.last_month, setting.last_month.since
    if month is not None:
        st.caption(_("Raised in {month}").format(month=f"{month:%Y-%m}"))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="last_month"):
        for name, label, count, query in _outcomes(actor, setting, shown, counts):
            if st.button(
                f"{label} **{format_number(count)}**", key=f"last_{name}", type="tertiary", disabled=not count
            ):
                go(links.LEDGER, **query)


def _outcomes(
    actor: Actor, setting: Setting, shown: Overview, counts: Counts
) -> list[tuple[str, str, int, dict[str, Any]]]:
    still_open = sum(count for state, count in counts.states.items() if state not in ENDED_STATES)
    to = partial(links.last_month, actor, setting)
    return [
        ("raised", _("Raised"), counts[Measure.REGISTERED], to()),
        ("closed", _("Closed"), counts.states.get(IssueState.CLOSED, 0), to(state=IssueState.CLOSED.value)),
        ("solved", _(Measure.SOLVED.label), counts[Measure.SOLVED], to(Measure.SOLVED)),
        ("satisfied", _(Measure.SATISFIED.label), counts[Measure.SATISFIED], to(Measure.SATISFIED)),
        ("declined", _("Declined"), counts.states.get(IssueState.DECLINED, 0), to(state=IssueState.DECLINED.value)),
        ("open", _("Not closed yet"), still_open, to(_view=QuickView.OPEN.value)),
        ("overdue", f":red[{_('Overdue now')}]", shown.last_month_overdue, to(remaining="overdue")),
    ]
