"""What a measure has changed: a sentence, what became of all other issues, and the issues of its kind by month."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from pages.common import charts, ui
from pages.overview.parts.class_cards import effect_line
from services import classes
from services.actor import Actor
from services.charts import style
from services.classes import Shown

_HEIGHT = 200


def effect(actor: Actor, shown: Shown) -> None:
    """Show the effect of a class's measure, or that it is not in force yet."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Effect')}**")
        found = classes.measured(actor, shown.row.pk)
        if found is None:
            st.markdown(f":gray[{_('It is measured from the day the measure takes effect.')}]")
        else:
            st.markdown(effect_line(found.effect))
            others = classes.effect_sentence(found.others)
            st.caption(ui.plain(_("All other issues in the same time: {effect}").format(effect=others)))
        chart(classes.by_month(actor, shown.row.pk), shown.row.in_force_on)
        if found is not None:
            st.caption(ui.plain(_periods(found.effect)))


def chart(months: Sequence[tuple[date, int]], day: date | None) -> None:
    """Show issues of the kind by month, with a line at the day the measure took effect."""
    rows = [{"month": month.isoformat(), "count": count} for month, count in months]
    month = alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, grid=False))
    count = alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1))
    tips = [
        alt.Tooltip("month:T", title=_("Month"), format="%Y-%m"),
        alt.Tooltip("count:Q", title=_("Issues it holds")),
    ]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(x=month, y=count, tooltip=tips)
    charts.show(
        alt.layer(bars, *_at(day)).properties(height=_HEIGHT),
        key="class_months", title=_("Issues of this kind by month"),
        columns={"month": _("Month"), "count": _("Issues it holds")},
        rows=[{"month": month, "count": count} for month, count in months],
    )  # fmt: skip


def _at(day: date | None) -> list[alt.Chart]:
    if day is None:
        return []
    base = alt.Chart(alt.InlineData(values=[{"day": day.isoformat(), "text": _("In force")}]))
    line = base.mark_rule(color=style.BAD, strokeWidth=2, strokeDash=[5, 3]).encode(
        x="day:T", tooltip=[alt.Tooltip("day:T", title=_("In force since"), format="%Y-%m-%d")]
    )
    text = base.mark_text(color=style.BAD, align="left", dx=5, baseline="top").encode(
        x="day:T", y=alt.value(2), text="text:N"
    )
    return [line, text]


def _periods(effect: classes.Effect) -> str:
    return _(
        "Counted: {before} issues in {before_days} days before, {after} in {after_days} days from {day} on, over "
        "{enterprises} enterprises. The interval is exact for two Poisson rates."
    ).format(
        before=effect.before.issues, before_days=effect.before.days, after=effect.after.issues,
        after_days=effect.after.days, day=format_date(effect.after.since), enterprises=effect.before.enterprises,
    )  # fmt: skip
