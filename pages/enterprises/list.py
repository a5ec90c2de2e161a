from typing import Any

import streamlit as st

from core.i18n import format_date, format_number, in_locale, ngettext
from core.i18n import gettext as _
from pages.common import fields, ui
from pages.common.links import go
from pages.enterprises.filters import PAGE_SIZE, Asked, ask, page_key
from pages.shell.session import current_actor
from services.actor import Actor
from services.enterprises import duplicates, listing
from services.enterprises.listing import Listing
from services.exporting import XLSX_TYPE
from services.permissions import Action, allows

_COLUMNS = ("name", "area_id", "industry", "scale", "status", "credit_code", "address")


def page() -> None:
    """Show the enterprises the person is responsible for; a click on one opens its profile."""
    actor = current_actor()
    head = st.container()
    asked = ask(actor)
    found = listing.find(actor, asked.query, asked.campaign)
    total = found.found.total
    count = ngettext("{count} enterprise", "{count} enterprises", total).format(count=format_number(total))
    with head, ui.header(_("Enterprises"), f"{count} · {_('a click on a row opens its profile')}"):
        _buttons(actor, asked)
    if not found.found.rows:
        _nothing(actor, asked)
        return
    _table(found)
    if total > PAGE_SIZE:
        st.pagination(-(-total // PAGE_SIZE), key=page_key())


def _buttons(actor: Actor, asked: Asked) -> None:
    if allows(actor, Action.ENTERPRISE_EXPORT):
        st.download_button(
            _("Export"), lambda: _export(actor, asked), f"{_('Enterprises')}.xlsx", XLSX_TYPE, key="export",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    if not allows(actor, Action.ENTERPRISE_EDIT):
        return
    if (waiting := duplicates.count(actor)) and st.button(
        _("{count} perhaps twice").format(count=waiting), key="duplicates", icon=":material/content_copy:"
    ):
        go("enterprises/duplicates.py")
    if st.button(_("New enterprise"), key="new", type="primary", icon=":material/add:"):
        go("enterprises/edit.py")


def _export(actor: Actor, asked: Asked) -> bytes:
    with in_locale(actor.locale):  # the download runs outside of the page's own run
        return listing.export(actor, asked.query, asked.campaign)


def _nothing(actor: Actor, asked: Asked) -> None:
    narrowed = asked.query.search or asked.campaign or any(asked.query.filters.values())
    if narrowed:
        ui.empty(_("No enterprise fits"), _("Change the search or the filters."), icon="search_off")
    elif allows(actor, Action.ENTERPRISE_IMPORT):
        ui.empty(_("There is no enterprise yet"), _("Enter one, or import a list from Excel."), icon="domain_add")
    else:
        ui.empty(_("There is no enterprise yet"), _("A coordinator imports them."), icon="domain")


def _table(page: Listing) -> None:
    specs = {spec.key: spec for spec in page.found.specs}
    columns = {key: _(specs[key].label) for key in _COLUMNS}
    visited, needs = _("Last met"), _("Open needs")
    table: list[dict[str, Any]] = []
    for row in page.found.rows:
        shown = {columns[key]: fields.shown(specs[key], row[key], page.found.labels.get(key)) for key in _COLUMNS}
        at = page.visited_at.get(row["id"])
        table.append(
            shown | {visited: format_date(at.date()) if at else "", needs: str(page.open_issues.get(row["id"], ""))}
        )
    order = [columns["name"], visited, needs, *(columns[key] for key in _COLUMNS[1:])]
    chosen = st.dataframe(
        table, hide_index=True, selection_mode="single-cell", on_select="rerun", key=f"table_{page_key()}",
        column_order=order, height="content", column_config={
            columns["name"]: st.column_config.TextColumn(width=260),
            columns["credit_code"]: st.column_config.TextColumn(width=180),
            columns["address"]: st.column_config.TextColumn(width=260),
        },
    ).selection.cells  # fmt: skip
    if chosen and chosen[0][0] < len(page.found.rows):
        go("enterprises/profile.py", enterprise=page.found.rows[chosen[0][0]]["id"])


page()
