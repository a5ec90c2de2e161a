"""The figures of a period: where its reminders stand, over time, by rule and by channel."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.reminder import Subject
from pages.common import address, charts, ui
from pages.common.options import apart
from pages.common.plain_list import plain_list
from pages.reminders.log.style import OUTCOMES
from services.actor import Actor
from services.delivery_log import numbers
from services.delivery_log.numbers import Bucket, ChannelCount, Numbers, Outcome, RuleCount
from services.delivery_log.query import COUNTED, Period, Stand

_PERIOD = "period"


def show(actor: Actor) -> None:
    """Show them."""
    st.subheader(_("By the day they were due"), anchor=False)
    period = _period()
    found = numbers.numbers(actor, period)
    _stands(found, period)
    if not found.stands:
        ui.empty(_("No reminder was due in this period"), _("Choose a longer one."), icon="notifications_none")
        return
    columns, rows = _columns(_("Time")), _rows(found.buckets, period)
    charts.show(
        _chart(found.buckets, period), key="log_chart", title=_("What came of reminders"), columns=columns, rows=rows,
    )  # fmt: skip
    with st.expander(_("The same as a table"), icon=":material/table_rows:"):
        plain_list("log_buckets", columns, rows)
    plain_list(
        "log_rules", _columns(_("Rule")), [_rule(number, each) for number, each in enumerate(found.rules)],
        on_open=lambda number: _list_rule(found.rules[number], period), export=_("By rule"), heading=True,
    )  # fmt: skip
    _channels(found)


def _period() -> Period:
    offered = {each.value: _(each.label) for each in COUNTED}
    given = address.read(_PERIOD)
    chosen = given if given in offered else Period.WEEK.value
    st.session_state["log_figures_period"] = chosen
    st.segmented_control(
        _("Period"), list(offered), format_func=apart(offered), key="log_figures_period", required=True,
        label_visibility="collapsed", on_change=_chosen,
    )  # fmt: skip
    return Period.of(chosen)


def _chosen() -> None:
    address.write({_PERIOD: st.session_state["log_figures_period"]})


def _chart(buckets: Sequence[Bucket], period: Period) -> alt.Chart:
    pattern = "%H:%M" if period is Period.TODAY else "%m-%d"
    rows: list[dict[str, Any]] = [
        {"at": each.start.strftime(pattern), "outcome": _(outcome.label), "rank": rank, "count": each.counts[outcome]}
        for each in buckets
        for rank, outcome in enumerate(Outcome)
    ]
    labels = [_(outcome.label) for outcome in Outcome]
    colour = alt.Color(
        "outcome:N", title=None, sort=labels, legend=alt.Legend(orient="top", columns=3, symbolType="square"),
        scale=alt.Scale(domain=labels, range=[OUTCOMES[outcome] for outcome in Outcome]),
    )  # fmt: skip
    start = alt.X("at:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False))
    count = alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1))
    tips = [
        alt.Tooltip("at:O", title=_("Time") if period is Period.TODAY else _("Day")),
        alt.Tooltip("outcome:N", title=_("What came of it")),
        alt.Tooltip("count:Q", title=_("Count")),
    ]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    chart: alt.Chart = bars.encode(x=start, y=count, color=colour, order="rank:Q", tooltip=tips).properties(height=260)
    return chart


def _rows(buckets: Sequence[Bucket], period: Period) -> list[dict[str, Any]]:
    pattern = "%H:%M" if period is Period.TODAY else "%Y-%m-%d"
    return [
        {"id": number, "name": each.start.strftime(pattern), "total": each.counts.total(), **_outcomes(each.counts)}
        for number, each in enumerate(reversed(buckets))
        if each.counts
    ]


def _stands(found: Numbers, period: Period) -> None:
    """Show how many stand where; a press lists them."""
    with st.container(horizontal=True, gap="small"):
        for stand in Stand:
            number = found.stands[stand]
            st.button(
                f"{_(stand.label)}  **{format_number(number)}**", key=f"log_stand_{stand}", disabled=not number,
                on_click=_list, kwargs={"state": stand.value, "period": period.value},
            )  # fmt: skip


def _list(**asked: str) -> None:
    st.query_params.clear()
    address.write({"view": "reminders", **asked})


def _list_rule(each: RuleCount, period: Period) -> None:
    of = {"rule": str(each.rule_id)} if each.rule_id is not None else {"subject": Subject.NOTICE.value}
    _list(period=period.value, **of)


def _columns(first: str) -> dict[str, str]:
    return {"name": first, "total": _("Total"), **{outcome.value: _(outcome.label) for outcome in Outcome}}


def _rule(number: int, each: RuleCount) -> dict[str, Any]:
    name = each.name or _(each.occasion.label)
    return {"id": number, "name": name, "total": each.counts.total(), **_outcomes(each.counts)}


def _outcomes(counts: Counter[Outcome]) -> dict[str, int | None]:
    """Return numbers as tables show them: nothing for none, so that what is there stands out."""
    return {outcome.value: counts[outcome] or None for outcome in Outcome}


def _channels(found: Numbers) -> None:
    columns = {"name": _("Channel"), "sent": _("Sent"), "kept": _("Kept only"),
               "waiting": _("Waiting"), "failed": _("Sending failed")}  # fmt: skip
    plain_list(
        "log_channels", columns, [_channel(number, each) for number, each in enumerate(found.channels)],
        on_open=lambda number: _list_channel(found.channels[number]), export=_("By channel"), heading=True,
    )  # fmt: skip


def _list_channel(each: ChannelCount) -> None:
    st.query_params.clear()
    address.write({"view": "sendings", "channel": each.kind.value} if each.kind else {"view": "reminders"})


def _channel(number: int, each: ChannelCount) -> dict[str, Any]:
    name = _("Inbox of the product") if each.kind is None else _(each.kind.label)
    counts = {"sent": each.sent, "kept": each.kept, "waiting": each.waiting, "failed": each.failed}
    return {"id": number, "name": name, **{key: count or None for key, count in counts.items()}}
