from typing import Any

import streamlit as st

from core import clock
from core.i18n import format_number
from core.i18n import gettext as _
from models.campaign import VisitMode
from models.visit import Outcome, VisitState
from pages.common import ui
from pages.common.fields import shown
from pages.common.links import go
from pages.shell.session import current_actor
from services import exporting
from services.actor import Actor
from services.entities import Found, Query, find
from services.visits.choices import list_choices
from services.visits.entity import VISITS

_PAGE = 50
_COLUMNS = (
    "enterprise_id",
    "area_id",
    "team_id",
    "assignee_id",
    "planned_on",
    "state",
    "mode",
    "outcome",
    "met_person",
)


def page() -> None:
    """List all visits in sight, with filters and an export."""
    actor = current_actor()
    actions = ui.header(_("Visits"))
    filters = _filters(actor)
    number = int(st.session_state.get("visits_page") or 1)
    found = find(actor, VISITS, Query(filters=filters, page=number, page_size=_PAGE))
    with actions:
        st.download_button(
            _("Export"),
            lambda: exporting.export(actor, VISITS, Query(filters=filters)),
            file_name=f"{_('Visits')}-{clock.today():%Y%m%d}.xlsx",
            mime=exporting.XLSX_TYPE,
            icon=":material/download:",
            key="visits_export",
        )
    if not found.rows:
        ui.empty(_("No visits"), _("Widen the filters, or assign visits first."), icon="list_alt")
        return
    _table(found)
    pages = -(-found.total // _PAGE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("{count} visits").format(count=format_number(found.total)))
        if pages > 1:
            st.pagination(pages, key="visits_page")


def _filters(actor: Actor) -> dict[str, Any]:
    """Show the filters; changing one goes back to the first page."""
    offered = list_choices(actor)
    with st.grid(columns=4, min_column_width=200):
        wanted = {
            "campaign_id": _choose(_("Campaign"), offered.campaigns, "campaign"),
            "area_id": _choose(_("Area and below"), offered.areas, "area"),
            "team_id": _choose(_("Team"), offered.teams, "team"),
            "state": _choose(_("State"), {each: _(each.label) for each in VisitState}, "state"),
            "mode": _choose(_("Mode"), {each: _(each.label) for each in VisitMode}, "mode"),
            "outcome": _choose(_("Outcome"), {each: _(each.label) for each in Outcome}, "outcome"),
        }
        period: Any = st.date_input(
            _("Planned between"), [], format="YYYY-MM-DD", key="visits_period", on_change=_first_page
        )
    if period:
        wanted["planned_on"] = (period[0], period[1] if len(period) > 1 else None)
    return wanted


def _choose(label: str, options: dict[Any, str], name: str) -> Any:
    return st.selectbox(
        label, list(options), None, options.__getitem__, f"visits_{name}", placeholder=_("All"), on_change=_first_page
    )


def _first_page() -> None:
    st.session_state["visits_page"] = 1


def _table(found: Found) -> None:
    specs = [spec for spec in found.specs if spec.key in _COLUMNS or (spec.extra and spec.listed)]
    rows = [{spec.key: shown(spec, row[spec.key], found.labels.get(spec.key)) for spec in specs} for row in found.rows]
    columns = {spec.key: st.column_config.TextColumn(_(spec.label)) for spec in specs}
    state: Any = st.dataframe(
        rows, hide_index=True, column_config=columns, on_select="rerun", selection_mode="single-row", key="visits_list",
        height=min(38 + 35 * len(rows), 640),
    )  # fmt: skip
    if state.selection.rows:
        go("visits/record_view.py", visit=found.rows[state.selection.rows[0]]["id"])


page()
