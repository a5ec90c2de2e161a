"""The enterprises a campaign means to visit: where each stands, adding more, taking some out."""

from functools import partial
from typing import Any

import streamlit as st

from core.i18n import format_date, format_moment, format_number, ngettext
from core.i18n import gettext as _
from models.campaign import Campaign, CampaignState
from pages.campaigns import targets_asked
from pages.campaigns.add_by_filter import add_by_filter, kept_filters
from pages.campaigns.add_by_list import add_by_list
from pages.common import sheets, ui
from pages.common.choosing import chosen_of
from pages.common.links import go
from pages.common.plain_list import plain_list
from services.actor import Actor
from services.campaigns import handing_out, target_list, targets
from services.campaigns.standing import Standing
from services.campaigns.target_list import TargetPage, Wanted
from services.permissions import Action, allows

_PAGE_SIZE = 50
_OPENED = "target_opened"
_STANDINGS = {standing.value: standing for standing in Standing}


def targets_tab(actor: Actor, campaign: Campaign) -> None:
    """Show a campaign's targets; whoever may edit it adds and removes them here, others open one."""
    if opened := st.session_state.pop(_OPENED, None):
        go("enterprises/profile.py", enterprise=opened)
    may_edit = allows(actor, Action.CAMPAIGN_EDIT) and campaign.state is not CampaignState.FINISHED
    if may_edit:
        with st.expander(_("Add by filter"), icon=":material/filter_alt:", key="by_filter"):
            add_by_filter(actor, campaign)
        with st.expander(_("Add by list"), icon=":material/content_paste:", key="by_list"):
            add_by_list(actor, campaign)
        kept_filters(actor, campaign)
    found, wanted = _asked(actor, campaign)
    if not found.total:
        hint = _("Add them by filter or by list, above.") if may_edit else _("A coordinator chooses them.")
        ui.empty(_("No enterprise here"), hint, icon="domain")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        counted = ngettext("{count} enterprise", "{count} enterprises", found.total)
        st.caption(counted.format(count=format_number(found.total)), width="content")
        _download(actor, campaign, wanted)
    chosen = _table(found, selectable=may_edit, key=f"targets_{campaign.pk}")
    if may_edit:
        _removal(actor, campaign, chosen)


def _download(actor: Actor, campaign: Campaign, wanted: Wanted) -> None:
    if not allows(actor, Action.ENTERPRISE_EXPORT):
        return
    make = partial(handing_out.workbook, actor, campaign.pk, wanted)
    sheets.offer("targets", f"{campaign.name} {_('Enterprises')}", make)


def _asked(actor: Actor, campaign: Campaign) -> tuple[TargetPage, Wanted]:
    """Return the page of targets that search and standing leave, and what it is narrowed to."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = targets_asked.asked(campaign)
        pages = st.empty()
    targets_asked.narrowed(actor, wanted)
    find = partial(target_list.find, actor, campaign.pk, wanted)
    found, page = find(page_size=_PAGE_SIZE), 1
    count = -(-found.total // _PAGE_SIZE)
    if count > 1:
        page = pages.number_input(_("Page (of {count})").format(count=count), 1, count, key="target_page", width=140)
    if page > 1:
        found = find(page=page, page_size=_PAGE_SIZE)
    return found, wanted


def _table(found: TargetPage, *, selectable: bool, key: str) -> list[dict[str, Any]]:
    rows = [_row(row) for row in found.rows]
    if not selectable:
        columns = {title: title for title in rows[0]}
        shown = [{**cells, "id": row["id"]} for cells, row in zip(rows, found.rows, strict=True)]
        plain_list(key, columns, shown, on_open=_open)
        return []
    chosen = chosen_of(key, [row["id"] for row in found.rows], rows, height=ui.table_height(len(rows), 18))
    return [row for row in found.rows if row["id"] in chosen]


def _open(enterprise_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = enterprise_id


def _row(row: dict[str, Any]) -> dict[str, str]:
    standing = _STANDINGS[row["standing"]]
    return {
        _("Enterprise"): row["name"],
        _("Standing"): _(standing.label),
        _("Area"): row["area"],
        _("Team"): row["team"],
        _("Assigned to"): row["assignee"],
        _("Planned for"): format_date(row["planned_on"]),
        _("Recorded at"): format_moment(row["recorded_at"]),
    }


def _removal(actor: Actor, campaign: Campaign, chosen: list[dict[str, Any]]) -> None:
    if not chosen:
        st.caption(_("Tick rows to take enterprises out of the campaign. Those with visits stay."))
        return
    label = ngettext("Take {count} enterprise out", "Take {count} enterprises out", len(chosen))
    names = "\n".join(f"- {ui.plain(row['name'])}" for row in chosen[:10]) + ("\n- …" if len(chosen) > 10 else "")
    question = _("These are then no longer visited in this campaign:") + "\n" + names
    if ui.confirm(label.format(count=len(chosen)), question, key="take_out", icon=":material/remove_circle:"):
        with ui.told():
            removed = targets.remove(actor, campaign.pk, [row["id"] for row in chosen])
            text = ngettext("{count} enterprise taken out.", "{count} enterprises taken out.", removed.count)
            if removed.count:
                ui.flash(text.format(count=removed.count))
            if removed.kept:
                stay = _("These stay, because they have visits: {names}")
                ui.flash(stay.format(names=ui.plain(_(", ").join(removed.kept))), icon=":material/info:")
            st.rerun()
