from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.account import Role
from pages.admin.account_panel import handover, new_account, panel
from pages.common import fields, paging, ui
from pages.common.choosing import chosen_of
from pages.common.options import apart
from pages.shell.session import current_actor
from services import accounts
from services.actor import Actor
from services.entities import Query, find
from services.entities.queries import Found

_PAGE_SIZE = 200
_COLUMNS = ("username", "name", "role", "department_id", "phone", "active")


def page() -> None:
    """Show administrators the accounts; a selected one can be changed, reset, unlocked and signed out below."""
    actor = current_actor()
    head = st.container()
    found = find(actor, accounts.ACCOUNTS, _query())
    with head, ui.header(_("Accounts"), _("{count} accounts").format(count=found.total)):
        if st.button(_("New account"), icon=":material/person_add:", type="primary", key="new"):
            new_account(actor)
    handover()
    if not found.rows:
        ui.empty(_("No account fits."), _("Change the search or the filters."), icon="search_off")
        return
    _list(actor, found)


def _query() -> Query:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(_("Search"), key="search", placeholder=_("Name, user name or phone number"),
                               icon=":material/search:")  # fmt: skip
        role = st.selectbox(_("Role"), list(Role), None, lambda each: _(each.label), key="role", placeholder=_("All"))
        states = {True: _("Active"), False: _("Deactivated")}
        active = st.selectbox(_("State"), list(states), None, apart(states), key="state", placeholder=_("All"))
    filters: dict[str, Any] = {"role": role, "active": active}
    return Query(search=search or "", filters=filters, page=st.session_state.get(_page_key(), 1), page_size=_PAGE_SIZE)


def _page_key() -> str:
    """Return a key that changes with the filters, so that they begin at their first page."""
    return "page_{search}_{role}_{state}".format_map(st.session_state)


def _list(actor: Actor, found: Found) -> None:
    specs = {spec.key: spec for spec in found.specs}
    table = [
        {_(specs[key].label): fields.shown(specs[key], row[key], found.labels.get(key)) for key in _COLUMNS}
        for row in found.rows
    ]
    chosen = chosen_of("accounts", [row["id"] for row in found.rows], table, mode="single-row")
    paging.turn(_page_key(), found.total, _PAGE_SIZE)
    if chosen:
        panel(actor, next(row for row in found.rows if row["id"] in chosen), found.specs)
    else:
        st.caption(_("Select a row to change the account, reset its password or sign it out."))


page()
