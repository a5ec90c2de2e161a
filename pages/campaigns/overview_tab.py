"""How far a campaign is: figures, days, teams, areas."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import streamlit as st

from core.i18n import format_number, whole_only
from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from pages.campaigns.parts import progress_bar
from pages.common import charts, sheets, ui
from pages.common.ui import Figure
from services.actor import Actor
from services.campaigns import progress
from services.campaigns.progress import Line, Progress
from services.campaigns.standing import Standing
from services.permissions import Action, allows

_LEAST_DAYS = 14


def overview_tab(actor: Actor, campaign: Campaign) -> None:
    """Show the progress of a campaign; a draft shows what is still to be done."""
    made = progress.of_campaign(actor, campaign.pk)
    if campaign.state is CampaignState.DRAFT and allows(actor, Action.CAMPAIGN_EDIT):
        _to_do(campaign, made)
        return
    progress_bar(campaign, made)
    _figures(made)
    days = progress.by_day(actor, campaign.pk)
    if days:
        rows = [{"day": day.isoformat(), "count": days.get(day, 0)} for day in _shown(days)]
        sheet = [{"day": day, "count": count} for day, count in days.items()]
        charts.show(
            _chart(rows), key="visits_by_day", title=_("Visits by day"),
            columns={"day": _("Day"), "count": _("Visited")}, rows=sheet,
        )  # fmt: skip
    _table("teams", _("Teams"), _("Team"), _("Never assigned"), progress.by_team(actor, campaign.pk))
    areas = progress.by_area(actor, campaign.pk)
    _table("areas", _("Streets and towns"), _("Street or town"), _("Elsewhere"), areas)


def _to_do(campaign: Campaign, made: Progress) -> None:
    st.markdown(ui.plain(campaign.purpose))
    chosen = _("{count} enterprises are chosen.").format(count=format_number(made.targets))
    steps = [
        (made.targets > 0, chosen if made.targets else _("Choose the enterprises to visit, on the tab “Enterprises”.")),
        (False, _("Look at the visit form, on the tab “Visit form”.")),
        (False, _("Start the campaign: team leads can then assign visits.")),
    ]
    with st.container(border=True):
        st.markdown(f"**{_('Before it can run')}**")
        for done, text in steps:
            icon = ":green[:material/check_circle:]" if done else ":gray[:material/radio_button_unchecked:]"
            st.markdown(f"{icon} {text}")


def _figures(made: Progress) -> None:
    ui.figures([
        Figure(_("Enterprises"), format_number(made.targets)),
        Figure(_("Assigned"), format_number(made.assigned), _("Given to somebody, whatever came of it")),
        Figure(_("Visited"), format_number(made.visited), _("Somebody of the enterprise was met")),
        Figure(
            _("Not finished"), format_number(made.unfinished), _("To be visited, overdue, or returned for completion")
        ),
        Figure(_("Overdue"), format_number(made.overdue), _("Planned for a day that is over")),
        Figure(
            _("Not reached"),
            format_number(made.unreached),
            _("{refused} refused, {not_found} not found, {moved} moved away").format(
                refused=made[Standing.REFUSED], not_found=made[Standing.NOT_FOUND], moved=made[Standing.MOVED_AWAY]
            ),
        ),
    ])  # fmt: skip


def _shown(days: Mapping[date, int]) -> Iterator[date]:
    """Yield each day from the first on which somebody was met to the last, two weeks at least: one bar is no wall."""
    first, last = min(days), max(days)
    return (first + timedelta(days=number) for number in range(max((last - first).days + 1, _LEAST_DAYS)))


def _chart(rows: Sequence[dict[str, object]]) -> alt.Chart:
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    day = alt.X("utcyearmonthdate(day):T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True, grid=False))
    count = alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1))
    tips = [
        alt.Tooltip("utcyearmonthdate(day):T", title=_("Day"), format="%Y-%m-%d"),
        alt.Tooltip("count:Q", title=_("Visited")),
    ]
    chart: alt.Chart = bars.encode(x=day, y=count, tooltip=tips).properties(height=180)
    return chart


def _table(key: str, title: str, first: str, nameless: str, lines: Sequence[Line]) -> None:
    if not lines:
        return
    columns = {
        "name": first, "targets": _("Enterprises"), "visited": _("Visited"), "share": _("Share"),
        "open": _("Not finished"), "overdue": _("Overdue"), "unreached": _("Not reached"),
    }  # fmt: skip
    rows = [_row(line, nameless) for line in lines]
    sheets.heading(key, title, columns, rows, shares=["share"])
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    shown = [{columns[name]: value for name, value in row.items()} for row in rows]
    st.dataframe(shown, hide_index=True, column_config={columns["share"]: share})


def _row(line: Line, nameless: str) -> dict[str, Any]:
    made = line.progress
    return {
        "name": line.name or nameless, "targets": made.targets, "visited": made.visited,
        "share": whole_only(made.share()), "open": made.unfinished, "overdue": made.overdue,
        "unreached": made.unreached,
    }  # fmt: skip
