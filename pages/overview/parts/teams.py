"""Which teams are behind, and why."""

from typing import Any

import streamlit as st

from core.i18n import format_number, ngettext
from core.i18n import gettext as _
from pages.common import sheets, ui
from pages.common.links import go
from pages.overview.parts import links
from services.campaigns.standing import Standing
from services.progress_overview import Setting
from services.progress_overview.behind import LEAVE_DAYS, TeamAdvance

_MOST, _MANY = 4, 30
_ALL = "overview_all_teams"


def show(setting: Setting, found: list[TeamAdvance]) -> None:
    """Show those furthest behind, each with the reasons that lead to their rows."""
    behind = [each for each in found if each.behind > 0]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Teams behind plan"), anchor=False, width="content")
        if found:
            title, columns, rows = _table(found)
            sheets.excel_button("overview_teams", title, columns, rows, shares=["share"], label=_("All teams"))
    if not behind:
        st.caption(_("No team is behind an even pace."))
        return
    most = _MANY if st.session_state.get(_ALL) else _MOST
    for each in behind[:most]:
        _team(setting, each)
    if len(behind) > _MOST:
        label = _("All {count} teams behind plan").format(count=len(behind))
        st.toggle(label, key=_ALL)


def _table(found: list[TeamAdvance]) -> tuple[str, sheets.Columns, sheets.Rows]:
    """Return all teams as a table, those furthest behind first."""
    counted = [each for each in Standing if any(team.progress[each] for team in found)]
    columns = {
        "team": _("Team"), "targets": _("Enterprises"), "share": _("Share visited"), "behind": _("Behind plan"),
        **{each.value: _(each.label) for each in counted},
        "members": _("Members"), "leave": _("Days of leave in {days} days").format(days=LEAVE_DAYS),
    }  # fmt: skip
    rows = [
        {
            "team": team.name, "targets": team.progress.targets, "share": team.progress.share(),
            "behind": max(team.behind, 0), **{each.value: team.progress[each] for each in counted},
            "members": team.members, "leave": team.leave_days,
        }
        for team in found
    ]  # fmt: skip
    return _("Progress of the teams"), columns, rows


def _team(setting: Setting, team: TeamAdvance) -> None:
    made = team.progress
    with st.container(border=True, gap="xsmall", key=f"team_{team.team_id}"):
        gap = ngettext("{count} behind", "{count} behind", team.behind).format(count=format_number(team.behind))
        st.markdown(f"**{ui.plain(team.name)}** &nbsp; :red[{gap}]")
        text = _("{visited} of {aim} enterprises visited")
        st.progress(made.share(), text.format(visited=format_number(made.visited), aim=format_number(made.targets)))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for name, label, query in _reasons(setting, team):
                if st.button(label, key=f"team_{team.team_id}_{name}", type="tertiary"):
                    go(links.CAMPAIGN, **query)
            st.caption(_people(team), width="content")


def _reasons(setting: Setting, team: TeamAdvance) -> list[tuple[str, str, dict[str, Any]]]:
    """Return why a team is behind: key, words, and the address of the enterprises that make it so."""
    made, found = team.progress, []
    of_team: dict[str, Any] = {"team_id": team.team_id}

    def reason(name: str, text: str, count: int, standing: Standing, **more: Any) -> None:
        if count:
            query = links.targets(setting, standing, **of_team, **more)
            found.append((name, text.format(count=format_number(count)), query))

    reason("unassigned", _("{count} not assigned"), made[Standing.UNASSIGNED], Standing.UNASSIGNED)
    reason("overdue", f":red[{_('{count} visits overdue')}]", made.overdue, Standing.OVERDUE)
    if team.debtor and team.debtor.count > 1:
        text = _("{count} of them with {name}").replace("{name}", ui.plain(team.debtor.name))
        reason("debtor", text, team.debtor.count, Standing.OVERDUE, assignee_id=team.debtor.account_id)
    reason("returned", _("{count} returned for completion"), made[Standing.RETURNED], Standing.RETURNED)
    reason("open", _("{count} planned"), made[Standing.OPEN], Standing.OPEN)
    return found


def _people(team: TeamAdvance) -> str:
    parts = [ngettext("{count} member", "{count} members", team.members).format(count=team.members)]
    if team.leave_days:
        text = ngettext("{count} day of leave in {days} days", "{count} days of leave in {days} days", team.leave_days)
        parts.append(text.format(count=team.leave_days, days=LEAVE_DAYS))
    return " · ".join(parts)
